#pragma once
// Microsoft's private key files (.pvk): what makecert -sv writes and pvk2pfx reads.

#include "ossl/key.h"
#include "ossl/random.h"

namespace sealwright::x509 {

constexpr std::size_t max_pvk_bytes = 64 * 1024;

enum class PvkKeyType { exchange, signature };  ///< AT_KEYEXCHANGE (1), AT_SIGNATURE (2).

struct PvkInfo {
  bool encrypted = false;
  PvkKeyType type = PvkKeyType::signature;
  std::uint32_t bits = 0;  ///< Of the modulus, as the length of the file has it.
  Bytes salt;
};
bool looks_like_pvk(BytesView bytes);
/// The header alone. Throws Error::Kind::input for a file that is none, is cut short, or whose
/// lengths contradict each other.
PvkInfo pvk_info(BytesView bytes);
/// Plain, weakly (40-bit RC4) and strongly (128-bit RC4) encrypted files of RSA keys. The password
/// of a plain file is not looked at. There is no MAC: a wrong password shows by what comes out, and
/// every number is held against the others, so that a damaged key is never used.
///
/// Throws Error::Kind::input: "needs a password", what is malformed, "DSA keys are not read";
/// Error::Kind::crypto: "wrong password", and when OpenSSL's legacy provider, which has RC4, cannot
/// be loaded.
ossl::PrivateKey read_pvk(BytesView bytes, const ossl::Secret* password);

enum class PvkEncryption { none, weak, strong };  ///< RC4 with 40 and with 128 bits.
std::string to_text(PvkEncryption encryption);    ///< "weak (40 bit)"

struct OpenedPvk {
  ossl::PrivateKey key;
  PvkEncryption encryption = PvkEncryption::none;
};
/// As read_pvk(), which tells nothing but the key.
OpenedPvk open_pvk(BytesView bytes, const ossl::Secret* password);

struct PvkOptions {
  PvkKeyType type = PvkKeyType::exchange;
  const ossl::Secret* password = nullptr;  ///< Null: plain; else RC4 with 128 bits.
  ossl::Random random = {};                ///< Of the salt; not asked for a plain file.
};
/// A file as makecert -sv and `openssl rsa -outform PVK` write it. The bytes of `password` go into
/// the cipher's key as they are: an empty one is a password, too.
///
/// Throws Error::Kind::input for keys that are not RSA, or have an exponent of more than 32 bits or
/// primes of unequal length, for which the format has no room; Error::Kind::crypto when OpenSSL's
/// legacy provider cannot be loaded.
ossl::Secret write_pvk(const ossl::PrivateKey& key, const PvkOptions& options);

}  // namespace sealwright::x509
