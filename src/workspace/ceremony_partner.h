#pragma once
// For the sources of ceremonies alone: who is on the other side, and what both must mean.

#include "workspace/ceremony.h"

namespace sealwright::workspace {

/// The first file from the other workspace of a PKI makes its id known; people compare the number.
/// Later ones must come from there. Throws Error::Kind::state.
void check_partner(const Workspace& workspace, const CeremonyOrigin& origin);
void remember_partner(Workspace& workspace, const CeremonyOrigin& origin);

CeremonyOrigin origin_here(const Workspace& workspace, const std::string& by);
CeremonyTerms terms_of(const policy::Item& item);  ///< With the subject as the YAML has it.
/// Throws Error::Kind::policy, with the place in the YAML, where `terms` are not the item's.
void check_terms(const policy::Item& item, const CeremonyTerms& terms);
/// The error with the place of `item` before it.
Error at_place(const policy::Place& place, Error error);

bool is_offline(const policy::Item* item);

}  // namespace sealwright::workspace
