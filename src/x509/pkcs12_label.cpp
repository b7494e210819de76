// What people are told about a PFX: how it is protected, and who can read it.

#include <fmt/format.h>

#include <algorithm>

#include "x509/pkcs12.h"

namespace sealwright::x509 {
namespace {

using Readers = PfxPart::Readers;

/// The versions that read the file's protection, of those that can hold such a key: CryptoAPI holds
/// RSA keys, CNG ECDSA keys, too (Windows Vista), and neither Ed25519 keys.
std::string windows(bool modern, ossl::KeyType key) {
  if (key != ossl::KeyType::rsa && key != ossl::KeyType::ec)
    return "not known of any version of Windows";
  if (modern) return "Windows 10 1709, Server 2019 and later";
  return key == ossl::KeyType::rsa ? "everything since Windows XP"
                                   : "everything since Windows Vista";
}

}  // namespace

std::string label(PfxProfile profile, int iterations, ossl::KeyType key) {
  if (profile == PfxProfile::modern)
    return fmt::format("AES-256-CBC, PBKDF2-HMAC-SHA256, {} iterations, HMAC-SHA256 MAC: {}",
                       iterations, windows(true, key));
  return fmt::format(
      "3DES, SHA-1 MAC, {} iterations: {}, and OpenSSL 3 without its legacy provider", iterations,
      windows(false, key));
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
  const bool rc2 = any(Readers::all_with_rc2);
  if (any(Readers::unknown) || (!sha1 && !sha256)) return "not known of any version of Windows";
  return windows(any(Readers::since_1709) || sha256, key) +
         (rc2 ? "; OpenSSL 3 only with its legacy provider"
              : ", and OpenSSL 3 without its legacy provider");
}

}  // namespace sealwright::x509
