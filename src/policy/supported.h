#pragma once
// The one place that says what can be written in YAML but not be done yet.

#include "policy/tree.h"

namespace sealwright::policy {

/// Throws "'X' is not supported by this version" for the first such field or value in the order of
/// the file.
void refuse_unsupported_hierarchy(const Node& root);

}  // namespace sealwright::policy
