#include "driver/catalog_build.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::driver {
namespace {
constexpr std::size_t list_identifier_bytes = 16;

/// A file of one catalog under one name, and its hashes' place in the list of all files.
struct Listed {
  std::string destination;
  std::size_t file = 0;
};

/// What one catalog is going to hold.
struct Draft {
  std::string name;
  std::vector<const PackageInf*> infs;
  std::set<Architecture> architectures;
};

std::vector<Draft> drafts(const Package& package) {
  std::vector<Draft> drafts;
  for (const auto& inf : package.infs)
    for (const auto& [architecture, name] : inf.catalogs) {
      auto found = std::find_if(drafts.begin(), drafts.end(), [&name = name](const auto& draft) {
        return equal_ignoring_case(draft.name, name);
      });
      if (found == drafts.end()) found = drafts.insert(drafts.end(), Draft{name, {}, {}});
      found->architectures.insert(architecture);
      if (found->infs.empty() || found->infs.back() != &inf) found->infs.push_back(&inf);
    }
  return drafts;
}

std::vector<const WindowsTarget*> targets_of(const Draft& draft, const Package& package) {
  std::vector<const WindowsTarget*> targets;
  for (const auto* target : package.options.targets)
    if (draft.architectures.contains(target->architecture)) targets.push_back(target);
  return targets;
}

/// Of all INFs in the folder: inf2cat takes the folder as one package, whichever catalogs its INFs
/// name.
std::vector<std::string> hardware_ids(const Package& package) {
  std::set<std::string> ids;
  for (const auto& inf : package.infs) ids.insert(inf.hardware_ids.begin(), inf.hardware_ids.end());
  return {ids.begin(), ids.end()};
}

/// OS, then HWIDn descending to HWID1.
std::vector<signing::NameValue> catalog_attributes(const std::vector<const WindowsTarget*>& targets,
                                                   const std::vector<std::string>& ids) {
  std::vector<signing::NameValue> attributes;
  attributes.push_back(signing::NameValue::of_text("OS", os_list(targets)));
  for (auto n = ids.size(); n > 0; --n)
    attributes.push_back(signing::NameValue::of_text("HWID" + std::to_string(n), ids[n - 1]));
  return attributes;
}

std::filesystem::path read_from(const PackageFile& file, const CatalogOptions& options) {
  const auto found = options.read_instead.find(file.source);
  return found == options.read_instead.end() ? file.source : found->second;
}

/// Every file of the package once, and its hashes.
class HashedFiles {
 public:
  HashedFiles(const Package& package, const CatalogOptions& options) {
    std::vector<std::filesystem::path> paths;
    for (const auto& inf : package.infs)
      for (const auto& file : inf.files)
        if (index_.emplace(file.source, paths.size()).second)
          paths.push_back(read_from(file, options));
    hashes_ = hash_files(paths, options.progress);
  }
  const FileHashes& of(const PackageFile& file) const { return hashes_[index_.at(file.source)]; }

 private:
  std::map<std::filesystem::path, std::size_t> index_;
  std::vector<FileHashes> hashes_;
};

void add_members(signing::Catalog& catalog, BuiltCatalog& built, const Draft& draft,
                 const HashedFiles& hashed) {
  const auto systems = os_attribute(built.targets);
  std::set<std::pair<std::filesystem::path, std::string>> known;
  for (const auto* inf : draft.infs)
    for (const auto& file : inf->files) {
      if (!known.emplace(file.source, file.destination).second) continue;
      const auto& hashes = hashed.of(file);
      signing::CatalogFile listed{hashes.kind, hashes.sha1, hashes.sha256, {}};
      listed.attributes.push_back(signing::NameValue::of_text("File", file.destination));
      listed.attributes.push_back(signing::NameValue::of_text("OSAttr", systems));
      for (auto& member : members_for(catalog.version, listed))
        catalog.members.push_back(std::move(member));
      ++built.file_count;
    }
}

/// Where the catalog belongs: over the one that is there, however that is spelled.
std::filesystem::path catalog_path(const Package& package, const std::string& name) {
  for (const auto& there : package.catalogs_present)
    if (equal_ignoring_case(there, name)) return package.folder / there;
  return package.folder / name;
}

BuiltCatalog build(const Draft& draft, const Package& package, const CatalogOptions& options,
                   const HashedFiles& hashed, const std::vector<std::string>& ids) {
  BuiltCatalog built;
  built.name = draft.name;
  built.path = catalog_path(package, draft.name);
  built.targets = targets_of(draft, package);
  for (const auto* inf : draft.infs) built.infs.push_back(inf->name);
  built.catalog.version = resolve(options.version, built.targets);
  built.catalog.list_identifier = ossl::random_bytes(options.random, list_identifier_bytes);
  built.catalog.this_update = options.time;
  built.catalog.attributes = catalog_attributes(built.targets, ids);
  add_members(built.catalog, built, draft, hashed);
  return built;
}
}  // namespace

std::optional<CatalogVersion> catalog_version_by_name(std::string_view name) {
  if (name == "auto") return CatalogVersion::automatic;
  if (name == "1") return CatalogVersion::v1;
  if (name == "2") return CatalogVersion::v2;
  return std::nullopt;
}

int resolve(CatalogVersion version, const std::vector<const WindowsTarget*>& targets) {
  if (version == CatalogVersion::v1) return 1;
  if (version == CatalogVersion::v2) return 2;
  const bool old = std::any_of(targets.begin(), targets.end(),
                               [](const auto* target) { return target->needs_catalog_v1(); });
  return old ? 1 : 2;
}

std::string os_list(const std::vector<const WindowsTarget*>& targets) {
  std::map<int, std::string_view> names;  // table_order: several versions share a name
  for (const auto* target : targets) names.emplace(target->table_order, target->catalog_os);
  std::string list;
  for (const auto& [order, name] : names) list += (list.empty() ? "" : ",") + std::string(name);
  return list;
}

std::string os_attribute(const std::vector<const WindowsTarget*>& targets) {
  std::map<std::pair<int, int>, std::string> kernels;
  for (const auto* target : targets) {
    // XP for x64 stands for two kernels: "2:5.1,2:5.2".
    std::string_view rest = target->os_attribute;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      const auto one = std::string(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      const auto dot = one.find('.');
      kernels.emplace(std::pair(std::stoi(one.substr(2, dot - 2)), std::stoi(one.substr(dot + 1))),
                      one);
    }
  }
  std::string list;
  for (const auto& [version, one] : kernels) list += (list.empty() ? "" : ",") + one;
  return list;
}

std::vector<BuiltCatalog> build_catalogs(const Package& package, const CatalogOptions& options) {
  if (package.options.targets.empty())
    throw Error(Error::Kind::usage, "no Windows versions named for the catalog",
                "name them: --os 10_X64,10_GE_X64");
  package.require_acceptable();
  const HashedFiles hashed(package, options);
  const auto ids = hardware_ids(package);
  std::vector<BuiltCatalog> built;
  for (const auto& draft : drafts(package))
    built.push_back(build(draft, package, options, hashed, ids));
  return built;
}

}  // namespace sealwright::driver
