#pragma once
// Certification paths (RFC 5280, section 6): from a certificate to a trust anchor, with every fault
// found on the way.

#include <string>
#include <vector>

#include "x509/certificate.h"

namespace sealwright::x509 {

enum class PathFault {
  untrusted_root,  ///< Ends in a self-signed certificate that is no anchor.
  missing_issuer,  ///< An issuer is not among the certificates given.
  not_yet_valid,
  expired,
  bad_signature,
  not_a_ca,            ///< An issuer without CA:TRUE or without keyCertSign.
  path_too_long,       ///< pathLenConstraint exceeded.
  name_not_permitted,  ///< Name constraints.
  unknown_critical_extension,
  weak_key,  ///< An RSA key under 1024 bits, which Windows refuses (KB2661254). Digests are not
             ///< judged.
  malformed,
  other,
};

struct PathFinding {
  PathFault fault = PathFault::other;
  std::size_t depth = 0;  ///< 0 = the certificate itself; index into Path::certificates.
  std::string detail;     ///< For people, lower case.
};

struct Path {
  std::vector<Certificate> certificates;  ///< Target first; the anchor last where it was reached.
  bool anchored = false;
  std::vector<PathFinding> findings;  ///< Empty = valid.
  bool valid() const { return anchored && findings.empty(); }
};

/// Builds and checks the best path for `target` at time `at`. Purposes (EKU), revocation and the
/// age of digests are not looked at: the rules of Windows are in trust and verify. Only self-signed
/// certificates among `anchors` are trusted (as on Windows, where an intermediate in Root changes
/// nothing), also a self-signed end-entity that is no CA. Paths through cross-certificates and
/// through several generations of one authority are tried; where none is valid, the result is the
/// one that reaches an anchor, else the one with the fewest faults. At most 10 certificates deep.
/// Never throws for a bad chain.
Path find_path(const Certificate& target, const std::vector<Certificate>& pool,
               const std::vector<Certificate>& anchors, Time at);

}  // namespace sealwright::x509
