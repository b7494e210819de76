#pragma once
// Whether a certificate from outside may stand under a name that the inventory has. A subject alone
// proves nothing: anybody can write it into a certificate of theirs.

#include <string>
#include <vector>

#include "store/inventory.h"
#include "x509/certificate.h"

namespace sealwright::ca {

/// Whether `certificate` has the key of a generation of `name`, or its subject and its issuer.
/// `issuer`: the key that signed `certificate`, where it is known.
bool agrees_with(const store::Inventory& inventory, const std::string& name, store::EntityKind kind,
                 const x509::Certificate& certificate, const ossl::PublicKey* issuer);

/// Generations whose issuer was not at hand go below that of `authorities` whose key signed them.
void link_orphans(store::Inventory& inventory, const std::vector<store::Generation>& authorities);

}  // namespace sealwright::ca
