#pragma once
// Public and private keys. Private keys stay in here: everything else holds a Signer
// (ossl/signer.h).

#include <optional>
#include <string>

#include "base/id.h"
#include "ossl/digest.h"
#include "ossl/handle_fwd.h"
#include "ossl/secret.h"

namespace sealwright::ossl {

enum class KeyType { rsa, ec, ed25519, other };
enum class Curve { p256, p384, p521 };

/// What key to generate.
struct KeySpec {
  KeyType type = KeyType::rsa;
  int bits = 3072;            ///< RSA only: 1024 to 16384.
  Curve curve = Curve::p256;  ///< EC only.
};
std::string to_text(const KeySpec& spec);  ///< As PublicKey::description() of such a key.

enum class Scheme { rsa_pkcs1, rsa_pss, ecdsa, ed25519 };

/// How a signature is made. For rsa_pss salt length = digest size and MGF1 with the same digest.
/// ed25519 ignores `digest` when signing; what this folder makes has sha512 there, which is what
/// Ed25519 uses inside.
struct SignatureAlgorithm {
  Scheme scheme = Scheme::rsa_pkcs1;
  Digest digest = Digest::sha256;
  bool operator==(const SignatureAlgorithm&) const = default;
};
std::string to_text(const SignatureAlgorithm& algorithm);  ///< "sha256WithRSAEncryption"
/// DER AlgorithmIdentifier as it stands in certificates (RFC 4055, RFC 5758, RFC 8410).
Bytes algorithm_identifier(const SignatureAlgorithm& algorithm);
/// Nothing for an algorithm this program does not know; RSASSA-PSS only with the parameters above.
std::optional<SignatureAlgorithm> signature_algorithm(BytesView algorithm_identifier);
/// As it stands in CMS SignerInfos, where rsaEncryption (RFC 3370, 3.2) and, against RFC 5753,
/// 2.1.1, id-ecPublicKey leave the digest to digestAlgorithm: `digest`. Nothing where the two
/// contradict each other.
std::optional<SignatureAlgorithm> signature_algorithm(BytesView algorithm_identifier,
                                                      Digest digest);

/// A public key; cheap to copy. One made without a key is empty: no spki(), type() == other.
class PublicKey {
 public:
  PublicKey();
  /// `spki` is exactly one DER SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). Throws Error::Kind::input
  /// when malformed. A key of unknown algorithm, curve or point form gives type() == other, and
  /// verify() answers false. RSA keys under 512 or over 16384 bits are refused, so that no key
  /// costs seconds. The OpenSSL key is made on first use.
  static PublicKey from_spki(BytesView spki);

  const Bytes& spki() const;
  KeyType type() const;
  int bits() const;  ///< RSA modulus or curve size; 0 for other.
  std::optional<Curve> curve() const;
  std::string description() const;  ///< "RSA-3072", "ECDSA P-256", "Ed25519", or the OID.
  /// Content of the BIT STRING without the unused-bits octet.
  BytesView subject_public_key() const;
  KeyId id() const;              ///< SHA-256 of spki().
  Bytes key_identifier() const;  ///< SHA-1 of subject_public_key(): RFC 5280, 4.2.1.2, method (1).
  /// The algorithm this key signs with by default and with this digest (rsa → rsa_pkcs1).
  /// Throws Error::Kind::crypto when type() is other.
  SignatureAlgorithm algorithm(Digest digest) const;
  /// Whether `signature` is this key's over `message`. Malformed signatures are simply not valid.
  bool verify(const SignatureAlgorithm& algorithm, BytesView message, BytesView signature) const;
  /// As verify() with rsa_pkcs1, for a signature whose padding holds the bare digest, without the
  /// DigestInfo that RFC 8017, 9.2 puts around it.
  bool verify_bare_digest(Digest digest, BytesView message, BytesView signature) const;
  bool operator==(const PublicKey& other) const { return spki() == other.spki(); }

 private:
  evp_pkey_st* handle() const;  ///< Null where OpenSSL refuses the key.
  struct Data;
  std::shared_ptr<const Data> data_;
};

/// A private key; move-only, wiped by OpenSSL when it ends.
class PrivateKey {
 public:
  static PrivateKey generate(const KeySpec& spec);
  /// `pkcs8` is an unencrypted PrivateKeyInfo (RFC 5208). Throws Error::Kind::input.
  static PrivateKey from_pkcs8(BytesView pkcs8);
  /// PEM: PKCS#8 plain or encrypted, or the traditional forms. Never asks anyone for a password.
  /// Error::Kind::crypto "wrong password", Error::Kind::input "needs a password" or what is no key.
  static PrivateKey from_pem(BytesView pem, const Secret* password);
  Secret to_pkcs8() const;
  /// PKCS#8 PEM encrypted with PBES2 (AES-256-CBC, PBKDF2-HMAC-SHA256, 600,000 iterations).
  Bytes to_encrypted_pem(const Secret& password) const;
  Secret to_plain_pem() const;  ///< PKCS#8 PEM without encryption.
  const PublicKey& public_key() const { return public_key_; }
  /// Throws Error::Kind::crypto when the algorithm does not fit the key.
  Bytes sign(const SignatureAlgorithm& algorithm, BytesView message) const;

 private:
  explicit PrivateKey(KeyHandle key);
  KeyHandle key_;
  PublicKey public_key_;
};

}  // namespace sealwright::ossl
