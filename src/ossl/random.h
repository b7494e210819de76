#pragma once
// The random seam: serial numbers, nonces, data keys. (Key generation uses OpenSSL's own
// generator.)

#include <cstdint>
#include <functional>
#include <span>

#include "base/bytes.h"

namespace sealwright::ossl {

/// Fills a span with random bytes, or throws Error::Kind::crypto.
using Random = std::function<void(std::span<std::uint8_t>)>;

Random system_random();  ///< OpenSSL's generator, seeded by the system.
Bytes random_bytes(const Random& random, std::size_t count);

}  // namespace sealwright::ossl
