#pragma once
// Small PKIs for tests, in memory.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ossl/signer.h"
#include "support.h"
#include "x509/certificate.h"
#include "x509/crl.h"

namespace sealwright::x509::made {

using Key = std::shared_ptr<ossl::KeySigner>;
Key new_key(const ossl::KeySpec& spec = {ossl::KeyType::ec});

struct Issued {
  Certificate certificate;
  Key key;
};

struct Recipe {
  std::string subject = "CN=leaf";
  const Issued* issuer = nullptr;  ///< Null: self-signed.
  std::vector<Extension> extensions = {};
  std::string begins = "2026-01-01", ends = "2036-01-01";
  Key key = nullptr;            ///< Null: a new P-256 key.
  bool key_identifiers = true;  ///< Adds subjectKeyIdentifier and authorityKeyIdentifier.
  ossl::Digest digest = ossl::Digest::sha256;
};
Issued issue(const Recipe& recipe);

/// basicConstraints CA:TRUE and keyUsage keyCertSign, cRLSign.
std::vector<Extension> authority(std::optional<int> path_length = std::nullopt);

/// A revocation list, signed by the issuer's key.
struct List {
  std::vector<RevokedCertificate> entries = {};
  std::string issued = "2026-07-15", ends = "2027-07-15";
  std::int64_t number = 3;
};
Crl list_of(const Issued& issuer, const List& list);

/// What `openssl x509 -noout ARGUMENTS` prints about a certificate; fails the test when it cannot
/// read it.
std::string openssl_x509(const Certificate& certificate, std::vector<std::string> arguments);

/// Writes text to a file and gives its path as programs want it.
std::string text_file(const std::filesystem::path& path, const std::string& content);
std::string read_back(const std::filesystem::path& path);

}  // namespace sealwright::x509::made
