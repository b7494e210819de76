#pragma once
// Moduli that can be factored by those who know how they were made. For the sources of this folder.

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace sealwright::ossl {

// Moduli are big-endian magnitudes of at least 512 bits.

/// The smallest prime factor below 2^16.
std::optional<std::uint32_t> small_factor(BytesView modulus);
/// Whether the modulus is made of two primes so close together that Fermat's method finds them in a
/// few rounds, or is a square.
bool has_close_primes(BytesView modulus);
/// Whether the modulus has the form that Infineon's RSALib gave its primes (CVE-2017-15361): a
/// power of 65537 modulo every small prime. Of other moduli one in 2^154 has it.
bool has_roca_fingerprint(BytesView modulus);

}  // namespace sealwright::ossl
