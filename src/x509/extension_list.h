#pragma once
// Lists of extensions, as certificates, requests and revocation lists hold them.

#include <string>
#include <vector>

#include "ossl/der.h"
#include "x509/extension.h"

namespace sealwright::x509 {

/// Extensions (RFC 5280, 4.1): `list` is the content of the SEQUENCE, which is not empty. `what` is
/// named in the error about an extension that is there twice.
std::vector<Extension> read_extensions(ossl::der::Reader list, const std::string& what);
/// The SEQUENCE; nothing for none.
Bytes encode(const std::vector<Extension>& extensions);

}  // namespace sealwright::x509
