// How a version of a bundle is made and written.

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/written.h"
#include "workspace/bundle_parts.h"
#include "workspace/bundle_templates.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void taken(const fs::path& folder, const std::string& by, const std::string& hint) {
  throw Error(Error::Kind::state, "the files in '" + folder.string() + "' are " + by, hint);
}

/// Whether the files are there already, as they should be.
bool is_there(const bundle::State& state, const fs::path& folder) {
  if (!fs::exists(folder) || (fs::is_directory(folder) && fs::is_empty(folder))) return false;
  if (!bundle::is_intact(folder))
    taken(folder, "not as they were written", "move the folder away, and it is written again");
  const auto written = bundle::written_in(folder);
  if (!written || *written != bundle::Written{state.name, state.version, state.ring})
    taken(folder, "another version's",
          "let 'output' of the bundle hold {version}, or move the folder away");
  return true;
}

fs::path next_folder(const Workspace& workspace, const policy::Bundle& wanted,
                     const WrittenBundle& written, const std::string& ring) {
  const auto latest = workspace.inventory().latest_bundle_version(wanted.name);
  return bundle_folder(wanted, (latest ? latest->version : 0) + (written.new_version ? 1 : 0),
                       ring);
}

/// A new version gets a new folder; a number is given to none that has no place.
void check_free(const fs::path& folder, const WrittenBundle& written) {
  if (!written.new_version || !fs::exists(folder)) return;
  if (!fs::is_directory(folder) || !fs::is_empty(folder))
    taken(folder, bundle::written_in(folder) ? "another version's" : "not ours",
          "let 'output' of the bundle hold {version}, or move the folder away");
}

}  // namespace

void check_ring(const std::string& name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  constexpr std::size_t max_ring = 32;
  const bool good = !name.empty() && name.size() <= max_ring && is_letter(name.front()) &&
                    std::all_of(name.begin(), name.end(),
                                [&](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
  if (!good)
    throw Error(Error::Kind::usage, "'" + printable(name) + "' is no name of a ring",
                "take at most 32 small letters, digits and '-', a letter first: pilot");
}

WrittenBundle write_version(Workspace& workspace, const policy::Bundle& wanted, bundle::State state,
                            const BundleOptions& options) {
  WrittenBundle written;
  if (!options.ring.empty()) check_ring(options.ring);
  if (!options.formats.empty() && !options.folder)
    throw Error(Error::Kind::usage, "the folder of a version holds all formats of its bundle",
                "add -o DIR to write only these");
  state.ring = options.ring;
  state.templates = own_templates(workspace.folder());
  const auto formats = options.formats.empty() ? state.formats : requests(wanted, options.formats);
  for (const auto& format : formats) written.formats.push_back(format.name);
  written.new_version = !is_latest(workspace, state);
  // What cannot be written must not get a version.
  if (!options.folder)
    check_free(workspace.resolve_output(next_folder(workspace, wanted, written, options.ring)),
               written);
  (void)bundle::write_formats(state, formats);
  // The rollback that goes on, with distrust, is no new one.
  const bool rolls_back = written.new_version && options.rollback == BundleOptions::Rollback::end;
  const auto version = workspace.inventory().add_bundle_version(
      wanted.name, content_hash(state), bundle::content_of(state).dump(-1),
      rolls_back ? state.rolled_back_to : std::nullopt);
  written.version = state.version = version.version;
  state.made = version.created;
  written.folder =
      options.folder
          ? *options.folder
          : workspace.resolve_output(bundle_folder(wanted, version.version, options.ring));
  for (const auto& entry : state.present)
    if (!entry.overlap.empty()) written.overlaps.push_back(entry);
  if (options.folder || !is_there(state, written.folder))
    bundle::save(bundle::write_formats(state, formats), written.folder);
  if (!options.folder)
    record_written(workspace.inventory(), version, options.ring, written.new_version);
  if (!options.folder) delete_old_versions(workspace, wanted, written);
  return written;
}

WrittenBundle write_bundle(Workspace& workspace, const policy::Bundle& wanted,
                           const BundleOptions& options) {
  bundle::State state = options.rollback == BundleOptions::Rollback::keep
                            ? desired_state(workspace, wanted)
                            : state_of_yaml(workspace, wanted);
  if (state.present.empty() && state.removed.empty())
    throw Error(Error::Kind::state,
                "bundle '" + wanted.name + "' would be empty: none of its certificates exists yet",
                "run 'sealwright apply' first");
  return write_version(workspace, wanted, std::move(state), options);
}

}  // namespace sealwright::workspace
