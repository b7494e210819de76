#pragma once
// Says what a certificate, key file or signed file holds, without judging it.

#include <filesystem>
#include <functional>
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

/// Asked only when a file needs a password.
using PasswordSource = std::function<ossl::Secret()>;

constexpr std::size_t max_described_bytes = 64 * 1024 * 1024;  ///< PE files may be larger.

/// Recognises certificates (DER, PEM, SPC, P7B), requests, CRLs (their first 10,000 entries), PFX,
/// PE files, catalogs, PVK files by their header, and by kind alone private keys. Private keys are
/// never shown.
///
/// Throws Error::Kind::io, Error::Kind::input for what is none of these, and what reading a PFX
/// throws.
Description describe(const std::filesystem::path& path, const PasswordSource& password = {});
Description describe(const x509::Certificate& certificate);
Description describe(const x509::Crl& crl);

std::string to_text(const Description& description);
Json to_json(const Description& description);  ///< "sealwright.show/1"

}  // namespace sealwright::verify
