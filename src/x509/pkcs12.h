#pragma once
// PKCS#12 (RFC 7292): PFX files.

#include <optional>
#include <string>
#include <vector>

#include "ossl/secret.h"
#include "x509/certificate.h"

namespace sealwright::x509 {

constexpr std::size_t max_pfx_bytes = 16 * 1024 * 1024;
/// Rounds of key derivation that one file may demand, all its parts together: some seconds. What
/// programs write has 1 to 600,000 a part.
constexpr std::uint64_t max_pfx_iterations = 5'000'000;

enum class PfxProfile {
  /// AES-256-CBC, PBKDF2-HMAC-SHA256, HMAC-SHA256 MAC: Windows 10 1709, Server 2019 and later.
  modern,
  /// 3DES for key and certificates, SHA-1 MAC: everything since XP, and OpenSSL 3 without its
  /// legacy provider.
  compatible,
};

/// Who can read it, with a key of this type in it: "3DES, SHA-1 MAC, 2048 iterations: everything
/// since Windows XP, …".
std::string label(PfxProfile profile, int iterations, ossl::KeyType key);

/// An empty password is one of two: the empty string, which PKCS#12's key derivation sees as two
/// zero octets (RFC 7292, B.1), or none, which it sees as no octets at all.
enum class PfxPassword { given, empty, none };

/// How one part of a file is protected.
struct PfxPart {
  enum class Readers { all, all_with_rc2, since_1709, unknown };  ///< See readers().
  std::string holds;             ///< "key", "certificates", "key and certificates"
  std::string scheme;            ///< "AES-256-CBC, PBKDF2-HMAC-SHA256"; empty: not encrypted.
  std::uint64_t iterations = 0;  ///< 0 for what has none (scrypt, whose cost is in `scheme`).
  Readers readers = Readers::all;
  bool operator==(const PfxPart&) const = default;
};

/// How a file was found to be protected.
struct PfxProtection {
  std::vector<PfxPart> parts;  ///< In the order of the file; equal ones once.
  std::string mac;             ///< "HMAC-SHA256"; empty: the file has none.
  std::uint64_t mac_iterations = 0;
  std::optional<PfxPassword> password;  ///< What opened it; nothing where nothing is protected.
};
std::string to_text(const PfxPart& part);  ///< "key: 3DES, PKCS#12 KDF with SHA-1, 2048 iterations"
/// What can read such a file, in the words of label(), as far as it is known.
std::string readers(const PfxProtection& protection, ossl::KeyType key);

struct PfxContent {
  ossl::Secret pkcs8;                      ///< Empty when the file holds no key.
  std::optional<Certificate> certificate;  ///< The key's.
  std::vector<Certificate> chain;          ///< All others, in the order of the file.
  std::string friendly_name;               ///< The key's, else the certificate's. UTF-8.
  std::size_t other_keys = 0;              ///< Keys behind the first: counted, not returned.
  std::string csp;                         ///< The key's Microsoft CSP name, or empty. UTF-8.
  PfxProtection protection;                ///< Not looked at when writing.
};

struct PfxOptions {
  PfxProfile profile = PfxProfile::modern;
  int iterations = 2048;
  /// The provider that Windows keeps the key in (attribute 1.3.6.1.4.1.311.17.1 of the key); UTF-8.
  /// Empty: the attribute is not written, and Windows chooses.
  std::string csp = {};
  PfxPassword password = PfxPassword::given;  ///< given and nothing in it: written as empty.
};
/// The provider with which CryptoAPI programs can sign with SHA-256. Vista and later; Windows XP
/// has it as "… (Prototype)".
constexpr const char* enhanced_rsa_csp = "Microsoft Enhanced RSA and AES Cryptographic Provider";

/// DER PFX with one key bag (CSP as the options say; local key id = SHA-1 of the certificate) and
/// its certificates: the key's first, then `chain` as given. `password` is UTF-8.
///
/// Throws Error::Kind::internal without a key or certificate, or for a password where the options
/// say there is none; Error::Kind::input when the key is not the certificate's, the iterations are
/// not 1 to max_pfx_iterations / 5, or a text is not UTF-8.
Bytes write_pfx(const PfxContent& content, const ossl::Secret& password, const PfxOptions& options);

/// Reads any PFX that OpenSSL and its legacy provider can; the latter is loaded only for a file
/// that needs it. At most max_pfx_bytes, and `max_iterations` rounds of key derivation. Empty and
/// absent passwords are both tried when `password` is empty. Nothing is said about whether a
/// certificate is any good.
///
/// Tells a wrong password (Error::Kind::crypto "wrong password") from a damaged file
/// (Error::Kind::input). Where nothing in the file tells the two apart the password is blamed, with
/// a hint.
/// Throws Error::Kind::input for an algorithm that is not supported (PBMAC1, GOST).
PfxContent read_pfx(BytesView der, const ossl::Secret& password,
                    std::uint64_t max_iterations = max_pfx_iterations);

/// How an EncryptedPrivateKeyInfo (RFC 5208, 6) is protected, as scheme and iterations of a
/// PfxPart. Throws Error::Kind::input when `der` is none.
PfxPart encryption_of_key(BytesView der);

}  // namespace sealwright::x509
