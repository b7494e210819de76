#pragma once
// makecert --explain: the same as sealwright.yaml.

#include "compat/makecert_wish.h"
#include "compat/proposal.h"
#include "compat/tool.h"

namespace sealwright::compat {

/// What stands in sealwright.yaml for it, the policy, and the Windows stores that must know what it
/// makes. Reads the issuer's certificate where -ic names one that is there; opens no key.
Proposal explain_makecert(const MakecertWish& wish, World& world);

}  // namespace sealwright::compat
