#pragma once
// Sealing of keys at rest: AES-256-GCM, and the two ways to a wrapping key.

#include "ossl/random.h"
#include "ossl/secret.h"

namespace sealwright::ossl {

/// nonce (12) ‖ ciphertext ‖ tag (16), AES-256-GCM with a fresh random nonce. `key` is 32 bytes.
Bytes seal(const Secret& key, BytesView plain, BytesView associated_data, const Random& random);
/// Throws Error::Kind::crypto "does not open" for a wrong key, wrong associated data or a changed
/// byte.
Secret unseal(const Secret& key, BytesView sealed, BytesView associated_data);

struct ScryptCost {
  std::uint64_t n = std::uint64_t{1} << 17;
  std::uint32_t r = 8, p = 1;
};
/// 32 bytes (RFC 7914). Costs outside n 2^10…2^22, r 1…32, p 1…16 are refused (Error::Kind::input).
Secret scrypt(const Secret& passphrase, BytesView salt, const ScryptCost& cost);
/// 32 bytes: HKDF-SHA256 (RFC 5869).
Secret hkdf(const Secret& key, BytesView salt, std::string_view info);

}  // namespace sealwright::ossl
