#pragma once
// Public keys whose private half others can find: refused in requests, told by lint.

#include <optional>
#include <string>

#include "ossl/key.h"

namespace sealwright::ossl {

struct Weakness {
  std::string name;     ///< "rsa-too-short", "roca", "debian-openssl", "close-primes", …
  std::string message;  ///< Reads on from "the key ": "has 512 bits, which can be factored".
};

/// What is wrong with the key, or nothing. Looks at: RSA moduli under 2048 bits, even or with small
/// factors, exponents that are even, 1 or under 65537, primes close together (Fermat), the ROCA
/// fingerprint (CVE-2017-15361), keys of Debian's broken generator (CVE-2008-0166); EC points at
/// infinity. Takes milliseconds at most.
std::optional<Weakness> weakness_of(const PublicKey& key);

}  // namespace sealwright::ossl
