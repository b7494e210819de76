#pragma once
// PKCS#12 (RFC 7292): PFX files.

#include <string>
#include <vector>

#include "ossl/secret.h"
#include "x509/certificate.h"

namespace sealwright::x509 {

enum class PfxProfile {
  modern,      ///< AES-256-CBC, PBKDF2-HMAC-SHA256, HMAC-SHA256 MAC: Windows 10 1709, Server 2019 and later.
  compatible,  ///< 3DES for key and certificates, SHA-1 MAC: everything since XP, and OpenSSL 3 without its legacy provider.
};

struct PfxContent {
  ossl::Secret pkcs8;  ///< Empty when the file holds no key.
  std::optional<Certificate> certificate;  ///< The key's.
  std::vector<Certificate> chain;
  std::string friendly_name;
};

struct PfxOptions {
  PfxProfile profile = PfxProfile::modern;
  int iterations = 2048;
};

/// DER PFX with one key bag (local key id = SHA-1 of the certificate) and its certificates. Throws Error::Kind::internal without
/// a key or certificate, Error::Kind::input when the key is not the certificate's.
Bytes write_pfx(const PfxContent& content, const ossl::Secret& password, const PfxOptions& options);

/// Reads any PFX that OpenSSL and its legacy provider can. Tells a wrong password (Error::Kind::crypto "wrong password") from a damaged
/// file (Error::Kind::input). Empty and absent passwords are both tried when `password` is empty.
PfxContent read_pfx(BytesView der, const ossl::Secret& password);

}  // namespace sealwright::x509
