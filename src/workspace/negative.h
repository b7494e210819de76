#pragma once
// Certificates that are wrong on purpose (labs only).

#include "policy/hierarchy.h"

namespace sealwright::workspace {

/// What is wrong on purpose with `item`: its own policy's word, or that of the nearest authority
/// above it; null where nothing is.
const policy::Negative* negative_of(const policy::Hierarchy& hierarchy, const policy::Item& item);

}  // namespace sealwright::workspace
