#pragma once
// Where a certificate is not as its YAML says by now.

#include <string>
#include <vector>

#include "workspace/workspace.h"

namespace sealwright::workspace {

/// One text per difference that stays for now: subject, alternative names, issuer, policy (as its
/// on_policy_change says). An authority is replaced only by a rotation, never by an edit.
std::vector<std::string> differences_of(const Workspace& workspace, const policy::Item& item,
                                        const store::Generation& newest);

/// Why a change of policy asks for the next generation now (on_policy_change: now), or "".
std::string policy_change(const policy::Hierarchy& hierarchy, const policy::Item& item,
                          const store::Generation& newest);

/// Why nothing can be issued under the policy: it was edited without a new revision. Or "".
std::string changed_policy(const store::Inventory& inventory, const policy::Policy& policy);

}  // namespace sealwright::workspace
