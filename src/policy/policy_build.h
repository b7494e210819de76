#pragma once
// From a policy as written to a policy in effect.

#include "policy/written_policy.h"

namespace sealwright::policy {

/// Fills in defaults and checks what one field says against another. `text`, `extends` and
/// `fingerprint` are left to the caller.
Policy make_policy(const WrittenPolicy& written);

/// A renewal or validity length in comparable form: seconds from a fixed day.
std::chrono::seconds nominal(const Duration& duration);

std::vector<x509::GeneralName> general_names(const WrittenNames& names);

}  // namespace sealwright::policy
