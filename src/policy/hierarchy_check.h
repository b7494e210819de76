#pragma once
// What one part of a hierarchy says against another: where names lead, and whether they lead to the
// right kind.

#include "policy/written_hierarchy.h"

namespace sealwright::policy {

/// Each throws for the first mistake, at its place in the file. `hierarchy` is complete but
/// unchecked; the entries of `written` stand in the same order.
void check_authorities(const Hierarchy& hierarchy, const WrittenHierarchy& written);
void check_certificates(const Hierarchy& hierarchy, const WrittenHierarchy& written);
void check_timestamping(const Hierarchy& hierarchy, const WrittenHierarchy& written);
void check_exports(const Hierarchy& hierarchy, const WrittenHierarchy& written);
void check_bundles(const Hierarchy& hierarchy, const WrittenHierarchy& written);
void check_packages(const Hierarchy& hierarchy, const WrittenHierarchy& written);
void check_matrix(const Hierarchy& hierarchy, const WrittenHierarchy& written);
void check_moved(const Hierarchy& hierarchy, const WrittenHierarchy& written);
/// What each authority and certificate says of its key and of its origin; those are checked
/// already.
void check_items(const Hierarchy& hierarchy, const WrittenHierarchy& written);

/// What a reference leads to. Throws at its place where there is no such thing, or one of another
/// kind.
const Item& item_of(const Hierarchy& hierarchy, const Reference& reference);
const Certificate& certificate_of(const Hierarchy& hierarchy, const Reference& reference);

/// The node of `field` in an object, or of the object where it is not written.
const Node& node_of(const Node& object, std::string_view field);

}  // namespace sealwright::policy
