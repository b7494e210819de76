#pragma once
// What holds for everything that is taken over together: no key without its certificate, and no
// certificate before its issuer.

#include "ca/import_arrange.h"

namespace sealwright::ca {

/// Throws Error::Kind::input for a key that is no certificate's. Folders of easy-rsa may hold keys
/// whose requests were never signed.
void refuse_single_keys(const Found& found);

/// `arrivals`, whose `issuer` is a place in the list, with each behind its issuer and `issuer` the
/// new place. Cross-certificates may go round in circles: the link that closes one is dropped.
std::vector<Arrival> issuers_first(std::vector<Arrival> arrivals);

}  // namespace sealwright::ca
