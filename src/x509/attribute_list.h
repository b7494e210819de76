#pragma once
// Attributes, as SignerInfos and requests hold them.

#include <vector>

#include "ossl/der.h"
#include "x509/pkcs7.h"

namespace sealwright::x509 {

/// The content of a SET OF Attribute (RFC 5652, 5.3; RFC 2986, 4.1), in file order.
std::vector<Attribute> read_attributes(ossl::der::Reader set);

}  // namespace sealwright::x509
