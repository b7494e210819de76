// Which folders of a bundle's versions are there, and which need not stay.

#include <algorithm>

#include "base/error.h"
#include "bundle/written.h"
#include "workspace/bundle_parts.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

/// The version that machines are known to have.
int deployed_last(const std::vector<store::BundleVersion>& versions) {
  const store::BundleVersion* last = nullptr;
  for (const auto& version : versions)
    if (version.deployed && (!last || *last->deployed <= *version.deployed)) last = &version;
  return last ? last->version : 0;
}

/// "pilot" of "v3-pilot" beside "v3".
std::optional<std::string> ring_of(const fs::path& folder, const fs::path& main) {
  const std::string name = folder.filename().string(), start = main.filename().string() + "-";
  if (!name.starts_with(start)) return std::nullopt;
  return name.substr(start.size());
}

/// The oldest of the last `keep_versions` that all machines can have, for their files are there: a
/// pilot takes nothing from the others.
int first_kept(const Workspace& workspace, const policy::Bundle& wanted,
               const std::vector<store::BundleVersion>& versions) {
  int found = 0;
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    const auto folder = workspace.resolve(bundle_folder(wanted, version->version));
    const bundle::Written expected{wanted.name, version->version, ""};
    if (bundle::written_in(folder) == expected && ++found == wanted.keep_versions)
      return version->version;
  }
  return 0;
}

/// Deletes a folder that is just what was written; else says why not. The version is written by
/// then, and nothing here makes that fail.
std::optional<std::string> why_not_deleted(const Workspace& workspace, const fs::path& folder,
                                           const bundle::Written& expected) {
  try {
    const fs::path path = workspace.resolve_output(folder);
    if (auto why = bundle::why_not_as_written(path)) return why;
    if (bundle::written_in(path) != expected) return "it holds another version";
    fs::remove_all(path);
    return std::nullopt;
  } catch (const Error& error) {
    return error.message;
  } catch (const fs::filesystem_error& error) {
    return "it cannot be deleted: " + error.code().message();
  }
}

}  // namespace

std::vector<VersionFolder> folders_of(const Workspace& workspace, const policy::Bundle& wanted,
                                      int version) {
  std::vector<VersionFolder> folders;
  std::error_code ignored;  // What cannot be listed is not there.
  const fs::path main = fs::path(bundle_folder(wanted, version)).lexically_normal();
  if (fs::exists(fs::symlink_status(workspace.resolve(main), ignored)))
    folders.push_back({main, ""});
  const fs::path parent = workspace.resolve(main).parent_path();
  for (fs::directory_iterator there(parent, ignored), end; there != end; there.increment(ignored)) {
    const auto ring = ring_of(there->path(), main);
    if (ring && bundle::written_in(there->path()) == bundle::Written{wanted.name, version, *ring})
      folders.push_back({main.parent_path() / there->path().filename(), *ring});
  }
  std::sort(folders.begin(), folders.end(),
            [](const VersionFolder& a, const VersionFolder& b) { return a.ring < b.ring; });
  return folders;
}

void delete_old_versions(const Workspace& workspace, const policy::Bundle& wanted,
                         WrittenBundle& written) {
  const auto versions = workspace.inventory().bundle_versions(wanted.name);
  const int first = first_kept(workspace, wanted, versions), deployed = deployed_last(versions);
  for (const auto& version : versions) {
    if (version.version >= first || version.version == deployed) continue;
    for (const auto& [folder, ring] : folders_of(workspace, wanted, version.version))
      if (const auto why = why_not_deleted(workspace, folder, {wanted.name, version.version, ring}))
        written.left.push_back({folder, *why});
      else
        written.deleted.push_back(folder);
  }
}

}  // namespace sealwright::workspace
