// What people are told about a PFX: how it is protected, and who can read it.

#include <fmt/format.h>

#include <algorithm>

#include "x509/pkcs12.h"

namespace sealwright::x509 {
namespace {

using Readers = PfxPart::Readers;

constexpr const char* no_windows = "not known of any version of Windows";

/// The versions that read such a file, of those that can hold such a key: CryptoAPI holds RSA keys,
/// CNG ECDSA keys, too (Windows Vista), and neither Ed25519 keys. Nothing: none is known, as of the
/// keys that this program does not know either.
std::optional<std::string> windows(bool modern, ossl::KeyType key) {
  if (key != ossl::KeyType::rsa && key != ossl::KeyType::ec) return std::nullopt;
  if (modern) return "Windows 10 1709, Server 2019 and later";
  return key == ossl::KeyType::rsa ? "everything since Windows XP"
                                   : "everything since Windows Vista";
}

std::string windows_and_openssl(bool modern, bool rc2, ossl::KeyType key) {
  const std::string openssl =
      rc2 ? "OpenSSL 3 only with its legacy provider" : "OpenSSL 3 without its legacy provider";
  const auto versions = windows(modern, key);
  if (!versions) return openssl + "; " + no_windows;
  return *versions + (rc2 ? "; " : ", and ") + openssl;
}

}  // namespace

std::string label(PfxProfile profile, int iterations, ossl::KeyType key) {
  if (profile == PfxProfile::modern)
    return fmt::format("AES-256-CBC, PBKDF2-HMAC-SHA256, {} iterations, HMAC-SHA256 MAC: {}",
                       iterations, windows(true, key).value_or(no_windows));
  return fmt::format("3DES, SHA-1 MAC, {} iterations: {}", iterations,
                     windows_and_openssl(false, false, key));
}

std::string to_text(const PfxPart& part) {
  if (part.scheme.empty()) return part.holds + ": not encrypted";
  return fmt::format("{}: {}{}", part.holds, part.scheme,
                     part.iterations ? fmt::format(", {} iterations", part.iterations) : "");
}

std::string readers(const PfxProtection& protection, ossl::KeyType key) {
  const auto any = [&](Readers wanted) {
    return std::ranges::any_of(protection.parts,
                               [&](const PfxPart& part) { return part.readers == wanted; });
  };
  const bool sha1 = protection.mac == "HMAC-SHA1", sha256 = protection.mac == "HMAC-SHA256";
  if (any(Readers::unknown) || (!sha1 && !sha256)) return no_windows;
  return windows_and_openssl(any(Readers::since_1709) || sha256, any(Readers::all_with_rc2), key);
}

}  // namespace sealwright::x509
