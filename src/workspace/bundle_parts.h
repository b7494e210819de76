#pragma once
// For bundle*.cpp and bundles.cpp alone: recorded versions read back, and what all ways to a new
// version have in common.

#include <optional>
#include <string>
#include <vector>

#include "workspace/bundles.h"

namespace sealwright::workspace {

/// Of the state's content, as the inventory has it beside each version.
store::Sha256 content_hash(const bundle::State& state);
bool is_latest(const Workspace& workspace, const bundle::State& state);

/// The formats of the YAML that can be written.
std::vector<bundle::FormatRequest> requests(const policy::Bundle& wanted);
/// Formats by their names, with what the YAML says about them. Throws Error::Kind::policy for one
/// that cannot be written.
std::vector<bundle::FormatRequest> requests(const policy::Bundle& wanted,
                                            const std::vector<std::string>& names);

/// Those that belong into bundles: the live ones, and those that are there to be revoked, for
/// machines must trust them but for that.
bool is_trusted(const Workspace& workspace, const store::Generation& generation);
/// Whether it was distrusted, or something above it: Disallowed wins over all trust in it.
bool is_distrusted(const store::Inventory& inventory, std::optional<store::Generation> generation);
/// Why machines must not trust an entry again, or nothing. Disallowed trusts nothing.
std::optional<std::string> why_not_trusted(const Workspace& workspace, const bundle::Entry& entry);
/// What was revoked with distrust: in every bundle, whoever it belongs to.
void add_distrusted(const Workspace& workspace, bundle::State& state);
bool holds(const std::vector<bundle::Entry>& entries, const bundle::Entry& wanted);
/// As one that is taken out: nothing is said about what it is good for.
void remove_entry(bundle::State& state, bundle::Entry entry);

/// What `latest` set, or undid, and `state` does not set.
void add_reverted(const bundle::State& latest, bundle::State& state);

/// Says of each certificate in whose place a newer one is, or whose name left the YAML, how long it
/// stays.
void mark_overlaps(const Workspace& workspace, bundle::State& state);

/// Makes `state` the next version if it is not the latest, and writes its files.
WrittenBundle write_version(Workspace& workspace, const policy::Bundle& wanted, bundle::State state,
                            const BundleOptions& options);
/// Records that the files of a version were written for a ring, or (none) for all machines;
/// `is_new`: the version was made for that.
void record_written(store::Inventory& inventory, const store::BundleVersion& version,
                    const std::string& ring, bool is_new);
/// Deletes what `keep_versions` says, and notes it in `written`.
void delete_old_versions(const Workspace& workspace, const policy::Bundle& wanted,
                         WrittenBundle& written);
/// The folders of a version that are there, that of all machines first; those of rings beside it.
struct VersionFolder {
  std::filesystem::path path;  ///< Relative to the workspace.
  std::string ring;
};
std::vector<VersionFolder> folders_of(const Workspace& workspace, const policy::Bundle& wanted,
                                      int version);

}  // namespace sealwright::workspace
