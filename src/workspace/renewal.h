#pragma once
// When a certificate is due for its next generation.

#include <string>
#include <vector>

#include "policy/hierarchy.h"
#include "store/records.h"

namespace sealwright::workspace {

struct RenewalAnswer {
  bool renew = false;
  std::string reason;  ///< Why, or what a person must do about it; empty: nothing is due.
};

/// When the newest live generation is due: its policy's window before its end, a quarter of its
/// lifetime by default.
Time due_at(const policy::Item& item, const store::Generation& newest);

/// Looks at the newest live generation. Authorities are never renewed by themselves: that is a
/// rotation.
RenewalAnswer renewal_due(const policy::Item& item,
                          const std::vector<store::Generation>& generations, Time now);

}  // namespace sealwright::workspace
