#pragma once
// A small PKI for the tests of signing: made once per test program.

#include <filesystem>
#include <vector>

#include "signing/authenticode.h"
#include "support.h"

namespace sealwright::test {

/// What the test clock says. Every certificate here is valid from 2020 to 2044, that programs which
/// look at the real clock agree.
inline constexpr Time noon{std::chrono::sys_days{std::chrono::year{2026} / 6 / 15} +
                           std::chrono::hours{12}};

/// A certificate and its key.
struct Holder {
  x509::Certificate certificate;
  std::unique_ptr<ossl::KeySigner> signer;
};

enum class Purpose { authority, code_signing, timestamping, lax_timestamping };

/// Issued by `issuer`, or self-signed without one.
Holder make_holder(const std::string& name, Purpose purpose, const ossl::KeySpec& key,
                   const Holder* issuer);

struct Pki {
  Holder root, issuing, code, ec_code, tsa;
  signing::Identity identity() const;     ///< RSA
  signing::Identity ec_identity() const;  ///< P-256
  signing::Authority authority() const;
};
const Pki& pki();

/// Writes certificates as PEM; the path as the argument of a program.
std::string write_pem(const std::filesystem::path& path,
                      const std::vector<x509::Certificate>& certificates);

/// Random bytes that are the same in every run: 1, 2, 3…
ossl::Random counting_random();

}  // namespace sealwright::test
