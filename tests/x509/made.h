#pragma once
// Keys and certificates made for tests.

#include <filesystem>
#include <memory>
#include <string>

#include "ossl/signer.h"
#include "x509/certificate.h"

namespace sealwright::x509::made {

/// A key and a self-signed certificate over it, valid from 2026 to 2036.
struct Identity {
  ossl::Secret pkcs8;
  Certificate certificate;

  ossl::KeySigner signer() const {
    return ossl::KeySigner(ossl::PrivateKey::from_pkcs8(pkcs8.view()));
  }
};
Identity identity(const ossl::KeySpec& key, const std::string& name,
                  const Serial& serial = {{0x4a, 0x11}});

// Made once per run.
const Identity& rsa();    ///< RSA-2048, "CN=RSA"
const Identity& ec();     ///< ECDSA P-256, "CN=EC"
const Identity& other();  ///< ECDSA P-256, "CN=Other"

/// A new file with these bytes; its path as the programs want it.
std::string file(const std::filesystem::path& path, BytesView bytes);

}  // namespace sealwright::x509::made
