#pragma once
// Names in the inventory that the YAML does not have. There may be very many: they are counted, and
// some are named. What `issue` made by command was never meant to be in the YAML.

#include <string>
#include <vector>

#include "workspace/workspace.h"

namespace sealwright::workspace {

constexpr std::size_t most_unmanaged = 10;

struct Unmanaged {
  std::vector<std::string> names;  ///< The first, with something in use; at most most_unmanaged.
  std::int64_t more = 0;           ///< Names beside these, nearly: some may have nothing in use.
};
Unmanaged unmanaged_names(const Workspace& workspace);

/// A new name of the YAML that may be one that vanished from it.
struct RenameGuess {
  std::string from, because;
};
/// What `item`, which nothing was issued for, may have been called: a vanished name with the same
/// policy, subject and issuer, or whose key is the one on its token.
std::optional<RenameGuess> guess_rename(const Workspace& workspace, const policy::Item& item);

}  // namespace sealwright::workspace
