#pragma once
// BER with indefinite lengths (X.690, 8.1.3.6), turned into what a DER reader can read.

#include <optional>

#include "base/bytes.h"

namespace sealwright::x509 {

struct Definite {
  Bytes der;
  std::size_t used =
      0;  ///< Octets of the input that the element took, its end-of-contents included.
};

/// The first element of `ber` with every indefinite length made definite and every OCTET STRING
/// that is made of segments joined; all other octets stay as they are, so what was DER before is
/// unchanged and what is wrong with it is left for the DER reader to say. Nothing when the element
/// is cut short or more than 32 levels deep. Takes time and memory of at most 32 times the input.
std::optional<Definite> definite_lengths(BytesView ber);

}  // namespace sealwright::x509
