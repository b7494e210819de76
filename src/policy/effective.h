#pragma once
// A policy written out: what it extends merged in, every default said.

#include "base/json.h"
#include "policy/policy.h"

namespace sealwright::policy {

/// The fields of `policy` in the order of the reference. Purposes by name where they have one.
Json effective(const Policy& policy);

/// The same as a policy file. Parsed again under the policy's name it says the same, with the same
/// fingerprint.
std::string to_yaml(const Policy& policy);

/// What Policy::fingerprint holds. Fields that say what their default says anyway do not count, so
/// that a field which a later version of the program adds changes no fingerprint.
std::string fingerprint_of(const Policy& policy);

}  // namespace sealwright::policy
