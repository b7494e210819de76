#pragma once
// The numbers and the cipher of PVK files, for the sources that read and write them.

#include <cstdint>

#include "base/bytes.h"
#include "ossl/secret.h"

namespace sealwright::x509::pvk {

constexpr std::uint32_t file_magic = 0xb0b5f11e;
constexpr std::uint32_t rsa_magic = 0x32415352;  // "RSA2"
constexpr std::uint32_t type_exchange = 1, type_signature = 2;
constexpr std::uint32_t rsa_exchange = 0xa400, rsa_sign = 0x2400, dsa_sign = 0x2200;
constexpr std::size_t blob_header_bytes = 8, salt_bytes = 16;

/// The modulus and d take `whole` bytes, the five other numbers `half`; e always 4.
struct Sizes {
  std::size_t whole, half;
  explicit Sizes(std::uint32_t bits) : whole((bits + 7) / 8), half((bits + 15) / 16) {}
  std::size_t numbers() const { return 2 * whole + 5 * half; }
};

/// The first 16 bytes of SHA-1 over salt and password, in one pass.
ossl::Secret key_of(BytesView salt, const ossl::Secret& password);
/// Encrypts and decrypts. Throws Error::Kind::crypto when OpenSSL's legacy provider, which has RC4,
/// cannot be loaded.
ossl::Secret rc4(BytesView bytes, const ossl::Secret& key);

}  // namespace sealwright::x509::pvk
