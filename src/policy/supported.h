#pragma once
// The one place that says what can be written in YAML but not be done yet.

#include "policy/tree.h"

namespace sealwright::policy {

/// Each throws "'X' is not supported by this version" for the first such field or value in the
/// order of the file.
void refuse_unsupported_hierarchy(const Node& root);
void refuse_unsupported_policy(const Node& root);

}  // namespace sealwright::policy
