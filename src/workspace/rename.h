#pragma once
// Whether a thing of the inventory may go on under another name. A name of the YAML is what bundles
// put into the stores of machines: nothing else may take it.

#include <optional>
#include <string>

#include "workspace/workspace.h"

namespace sealwright::workspace {

struct RenameRefusal {
  std::string text;  ///< Names the thumbprint, and everything that differs.
  std::string hint;
};

/// Why `from`, which the inventory has, cannot go on as `item`; nothing: it can. Its newest
/// certificate must be what the YAML would issue as `item`: kind, policy, issuer and subject. What
/// was imported or issued by a command goes on as an item only where `moved` says so.
std::optional<RenameRefusal> rename_refusal(const Workspace& workspace, const std::string& from,
                                            const policy::Item& item);

/// "was 'drv', thumbprint 0A1B…"
std::string known_as(const Workspace& workspace, const std::string& from);

}  // namespace sealwright::workspace
