#pragma once
// Bundles of a workspace: their desired state from YAML and inventory, and their versions.

#include <optional>
#include <string>

#include "bundle/write.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

/// What the machines shall have now: every live generation of the names in the YAML (intermediates
/// above publishers join `ca` by themselves), what left the YAML and is still depended on, and, as
/// removed, what the latest version had and this has not. What was distrusted is in `disallowed`,
/// and nothing that hangs below it is trusted.
bundle::State desired_state(const Workspace& workspace, const policy::Bundle& wanted);

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
/// names.
bool follows_from_time(const Workspace& workspace, const policy::Bundle& wanted);
/// The folder of a version, relative to the workspace.
std::string bundle_folder(const policy::Bundle& wanted, int version);

struct WrittenBundle {
  int version = 1;
  bool new_version = false;
  std::filesystem::path folder;
  std::vector<std::string> formats;
};
struct BundleOptions {
  std::vector<std::string> formats;             ///< Empty: those of the YAML that can be written.
  std::optional<std::filesystem::path> folder;  ///< Instead of the YAML's output.
};
/// Makes the next version if the content changed, and writes its files unless they are there. The
/// version is recorded before its files appear, so that no two contents share a number.
WrittenBundle write_bundle(Workspace& workspace, const policy::Bundle& wanted,
                           const BundleOptions& options = {});

}  // namespace sealwright::workspace
