#pragma once
// Revoking a certificate of the workspace, and what follows from it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ca/crl.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

/// What a revocation means for what is there already.
struct Consequences {
  Time since{};            ///< revocationDate
  std::int64_t kept = 0;   ///< Recorded signatures that stay valid: timestamped before that.
  std::int64_t lost = 0;   ///< Those that do not.
  std::int64_t below = 0;  ///< Certificates in use that it issued.
  std::vector<std::string> bundles;  ///< Those whose next version differs.
  /// Whose next list tells it; nothing where no list of this inventory does.
  std::optional<store::Generation> told_by;
  enum class List {
    none,        ///< No list tells it.
    next_apply,  ///< `apply` issues it.
    ceremony,    ///< The key of its issuer is elsewhere.
    by_hand      ///< The YAML says nothing of lists: only `crl issue` makes one.
  } list = List::none;
};

/// What revoking `generation` like that will do; changes nothing.
Consequences consequences_of(const Workspace& workspace, const store::Generation& generation,
                             const ca::RevocationOrder& order);

/// In sentences, one for each that is worth saying.
std::vector<std::string> to_text(const Consequences& consequences);

}  // namespace sealwright::workspace
