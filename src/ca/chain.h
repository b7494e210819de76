#pragma once
// Names that people type for certificates of the inventory, and the certificates above them.

#include <string>
#include <vector>

#include "store/inventory.h"
#include "x509/certificate.h"

namespace sealwright::ca {

/// What "NAME[@GENERATION]", a thumbprint in any spelling, a SHA-256 in hex or "serial:HEX" stands
/// for. A bare name is the active generation. Throws Error::Kind::state when there is none
/// ("nothing is called 'x'", with a suggestion) or several are meant.
store::Generation find_generation(const store::Inventory& inventory, const std::string& reference);
/// The same, and "@all" or "@live" for several.
std::vector<store::Generation> find_generations(const store::Inventory& inventory,
                                                const std::string& reference);
/// As find_generation(), but a bare name is refused while two generations are alive: for revoke,
/// retire and private exports.
store::Generation find_exactly(const store::Inventory& inventory, const std::string& reference);

x509::Certificate certificate_of(const store::Generation& generation);
/// The certificate and its issuers, upwards, as far as the inventory knows them.
std::vector<x509::Certificate> chain_of(const store::Inventory& inventory,
                                        const store::Generation& generation);
/// Without a self-signed certificate at the end, unless it is the only one: what goes into
/// signatures.
std::vector<x509::Certificate> without_root(std::vector<x509::Certificate> chain);

}  // namespace sealwright::ca
