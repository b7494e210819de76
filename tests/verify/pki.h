#pragma once
// The certificates that the tests of verify sign with and trust, made once per test program.

#include <filesystem>

#include "driver/package_sign.h"
#include "signing/file.h"
#include "verify/judge.h"
#include "x509/issuing.h"

namespace sealwright::test {

using x509::made::Issued;

/// When things are signed, and when they are judged unless a test says otherwise.
inline constexpr Time signing_day{std::chrono::sys_days{std::chrono::year{2026} / 6 / 15}};
inline constexpr Time judging_day{std::chrono::sys_days{std::chrono::year{2026} / 9 / 1}};
/// The publisher's certificate has expired; those above it and the timestamp authority's live on.
inline constexpr Time late_day{std::chrono::sys_days{std::chrono::year{2031} / 1 / 1}};

struct Pki {
  Issued root, issuing, publisher, authority;
};
const Pki& pki();

/// An end-entity certificate under the issuing authority, with an RSA key as old kernels need.
Issued leaf(const std::string& name, const std::vector<Oid>& purposes,
            const std::string& ends = "2028-01-01", const Issued* issuer = &pki().issuing);

/// How a test signs.
struct Maker {
  Issued publisher = pki().publisher;
  std::vector<x509::Certificate> chain = {pki().issuing.certificate};
  std::optional<Issued> authority = pki().authority;  ///< Nothing: no timestamp.
  std::vector<x509::Certificate> authority_chain = {pki().issuing.certificate};
  std::string description = "Sample for tests";
  bool page_hashes = false;

  /// Signs `from` into `to`.
  void sign(const std::filesystem::path& from, const std::filesystem::path& to) const;
  /// Signs a driver package in place, for these Windows versions.
  void sign_package(const std::filesystem::path& folder, const std::vector<std::string>& os,
                    driver::CatalogVersion version = driver::CatalogVersion::automatic) const;

 private:
  struct Tools;
  Tools tools() const;
};

/// Trusts the root and the publisher, at judging_day.
verify::Question question(verify::Use use = verify::Use::app);
/// The same for some Windows versions.
verify::Question question(verify::Use use, const std::vector<std::string>& os);

/// A copy of the sample driver in `folder`, not signed.
std::filesystem::path copy_sample(const std::filesystem::path& folder);

/// tests/data/hello/pe32.exe, and an unsigned catalog that lists it.
std::filesystem::path unsigned_pe();
std::filesystem::path write_catalog(const std::filesystem::path& path);

/// Whether osslsigncode is here and `verify` has these options.
bool osslsigncode_has(const std::vector<std::string>& options);

/// A PEM file of the certificates; its path as programs want it.
std::string pem_file(const std::filesystem::path& path,
                     const std::vector<x509::Certificate>& certificates);

}  // namespace sealwright::test
