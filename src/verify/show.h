#pragma once
// Says what a certificate, key file or signed file holds, without judging it.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/json.h"
#include "ossl/secret.h"
#include "x509/certificate.h"
#include "x509/crl.h"

namespace sealwright::verify {

/// What a thing says.
struct Description {
  std::string kind;  ///< "certificate", "certificates", "pfx", "pe", "catalog", "request", "crl", …
  Json facts = Json::object();
};

/// Where the password of a file comes from; either may be empty.
struct PasswordSource {
  /// Asked only when a file says nothing without its password.
  std::function<ossl::Secret()> ask;
  /// What is there without asking anybody, for files that say more with their password.
  std::function<std::optional<ossl::Secret>()> known;

  std::optional<ossl::Secret> known_now() const { return known ? known() : std::nullopt; }
};

constexpr std::size_t max_described_bytes = 64 * 1024 * 1024;  ///< PE files may be larger.

/// Recognises certificates (DER, PEM, SPC, P7B), requests, CRLs (their first 10,000 entries), PFX,
/// PE files, catalogs, PVK files and private keys: how they are protected, and which key they hold.
/// Private keys are never shown.
///
/// Throws Error::Kind::io, Error::Kind::input for what is none of these (for a Java keystore with
/// the command that converts it), Error::Kind::crypto for a wrong password.
Description describe(const std::filesystem::path& path, const PasswordSource& password = {});
Description describe(const x509::Certificate& certificate);
Description describe(const x509::Crl& crl);

std::string to_text(const Description& description);
Json to_json(const Description& description);  ///< "sealwright.show/1"

}  // namespace sealwright::verify
