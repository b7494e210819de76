#pragma once
// What protects a part of a PFX, looked at before any key is derived.

#include <cstdint>
#include <optional>
#include <string>

#include "ossl/handle.h"
#include "ossl/legacy.h"
#include "x509/pkcs12.h"

namespace sealwright::x509 {

/// Password-based encryption (RFC 8018; RFC 7292, appendix C), by OpenSSL's numbers.
struct Protection {
  std::string name;    ///< For errors.
  std::string scheme;  ///< As PfxPart has it.
  std::uint64_t iterations = 0;
  PfxPart::Readers readers = PfxPart::Readers::unknown;
  int cipher = NID_undef;  ///< NID_undef: not known to OpenSSL.
  int digest = NID_undef;
  std::uint64_t work = 0;  ///< Iterations, or what they would be for scrypt's cost.
};
/// Throws Error::Kind::input when the parameters are malformed.
Protection protection_of(const X509_ALGOR* algorithm);
PfxPart part_of(std::string holds, const Protection& protection);
/// "SHA256" as people write it: "SHA-256".
std::string digest_name(int digest);
/// What errors call an algorithm.
std::string name_of(const ASN1_OBJECT* object);

/// What one file may use: counts the work down, and loads the legacy provider for the first
/// algorithm that needs it, until the end of this object.
class AlgorithmGate {
 public:
  explicit AlgorithmGate(std::uint64_t max_work) : max_work_(max_work) {}
  /// Throws Error::Kind::input when the algorithm is not supported, or too much work is demanded.
  void admit(const Protection& protection);
  void admit_mac(const std::string& name, int digest, std::uint64_t work);

 private:
  void spend(std::uint64_t work);
  bool available(int cipher, int digest);
  std::uint64_t max_work_, spent_ = 0;
  std::optional<ossl::LegacyAlgorithms> legacy_;
};

}  // namespace sealwright::x509
