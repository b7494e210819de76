#pragma once
// Bundles of a workspace: their desired state from YAML and inventory, and their versions.

#include <optional>
#include <string>

#include "bundle/write.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

/// What the machines shall have now: what the YAML says, or, while the latest version brings an
/// earlier one back, that version, with what was distrusted since in `disallowed`.
bundle::State desired_state(const Workspace& workspace, const policy::Bundle& wanted);
/// What the YAML says: every live generation of the names in the YAML (intermediates
/// above publishers join `ca` by themselves), what left the YAML and is still depended on, and, as
/// removed, what the latest version had and this has not. What was distrusted is in `disallowed`,
/// and nothing that hangs below it is trusted.
bundle::State state_of_yaml(const Workspace& workspace, const policy::Bundle& wanted);

/// A version as it was recorded: certificates from the inventory, labels, purposes, settings and
/// formats as they were.
bundle::State recorded_state(const Workspace& workspace, const store::BundleVersion& version);
/// Throws Error::Kind::state for a version that there is not, with those that there are.
store::BundleVersion find_version(const Workspace& workspace, const std::string& bundle,
                                  int version);
/// The version that this one brings back, if it does.
std::optional<int> rolled_back_to(const store::BundleVersion& version);
/// The same of the latest.
std::optional<int> rolled_back_to(const Workspace& workspace, const std::string& bundle);
/// What people must know of a bundle that is as it is on purpose: "rolled back to v1: 'bundle write
/// lab-trust' ends that", who signs and is not in it, and its pilot.
std::vector<std::string> bundle_notes(const Workspace& workspace, const policy::Bundle& wanted);

/// When the files of a version came to be for all machines; nothing while only a ring has them.
std::optional<Time> written_for_all(const store::Inventory& inventory,
                                    const store::BundleVersion& version);
/// "version 2 is with ring pilot alone: …", while that is so of the latest: `plan` and `apply`
/// leave it.
std::optional<std::string> pilot_of(const Workspace& workspace, const std::string& bundle);

/// Why a new version must be written, or nothing: the latest says the same and its folder is there.
std::optional<std::string> bundle_due(const Workspace& workspace, const policy::Bundle& wanted);
/// The number that writing it will give; `changes`: its certificates are about to change.
int next_bundle_version(const Workspace& workspace, const policy::Bundle& wanted, bool changes);
/// The formats that this version cannot write, which it leaves out, each with the reason: "format
/// 'powershell' is left out: …".
std::vector<std::string> left_out(const policy::Bundle& wanted);
/// Whether it can write none of them.
bool cannot_be_written(const policy::Bundle& wanted);
/// Whether it would be empty, and so cannot be written yet.
bool nothing_to_hold(const Workspace& workspace, const policy::Bundle& wanted);
/// Whether what is due holds other generations of the names in its latest version, and no other
/// names but those that were distrusted.
bool follows_from_time(const Workspace& workspace, const policy::Bundle& wanted);
/// The folder of a version, relative to the workspace; that of a ring stands beside it.
std::string bundle_folder(const policy::Bundle& wanted, int version, const std::string& ring = {});

struct WrittenBundle {
  int version = 1;
  bool new_version = false;
  std::filesystem::path folder;
  std::vector<std::string> formats;
  std::vector<bundle::Entry> overlaps;  ///< Those that a newer one took the place of.
  /// Folders of versions that are older than `keep_versions` says.
  std::vector<std::filesystem::path> deleted;  ///< Relative to the workspace.
  struct Left {
    std::filesystem::path folder;
    std::string why;
  };
  std::vector<Left> left;  ///< These hold more, or less, than what was written.
};
struct BundleOptions {
  std::vector<std::string> formats = {};  ///< Empty: all that the bundle is meant to have.
  std::optional<std::filesystem::path> folder = {};  ///< Instead of the YAML's output.
  /// For the machines that try it first: the same version, in a folder of its own.
  std::string ring = {};
  /// What becomes of a latest version that brings an earlier one back.
  enum class Rollback { keep, end } rollback = Rollback::keep;
};
/// Throws Error::Kind::usage for what is no name of a ring.
void check_ring(const std::string& name);
/// Makes the next version if the content changed, and writes its files unless they are there. The
/// version is recorded before its files appear, so that no two contents share a number.
WrittenBundle write_bundle(Workspace& workspace, const policy::Bundle& wanted,
                           const BundleOptions& options = {});

}  // namespace sealwright::workspace
