#pragma once
// What certificates (RFC 5280, 4.1.1), revocation lists (5.1.1) and requests (RFC 2986, 4.2) are: a
// SEQUENCE of contents, an AlgorithmIdentifier and a BIT STRING. For x509 alone.

#include <functional>
#include <string>

#include "ossl/der.h"

namespace sealwright::x509 {

/// Views into the bytes that were read.
struct SignedElement {
  BytesView contents;   ///< The whole element that the signature covers.
  BytesView algorithm;  ///< AlgorithmIdentifier
  BytesView signature;  ///< Without the unused-bits octet.
};

/// Reads `der`, which errors call `what` and which holds nothing else; `read_contents` reads what
/// is inside the contents. Throws Error::Kind::input, and what that throws.
SignedElement read_signed_element(BytesView der, const std::string& what,
                                  const std::function<void(ossl::der::Reader)>& read_contents);

}  // namespace sealwright::x509
