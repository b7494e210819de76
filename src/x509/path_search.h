#pragma once
// Which paths a certificate may have, before any of them is checked.

#include <vector>

#include "x509/certificate.h"

namespace sealwright::x509 {

constexpr std::size_t max_path_certificates = 10;

/// A path that may be the target's: target first, each certificate named as issuer by the one
/// before.
struct CandidatePath {
  std::vector<Certificate> certificates;
  bool reaches_anchor = false;  ///< The last is one of the anchors.
};

/// At least one path, the most promising first. An anchor counts only when it is self-signed. The
/// work is bounded whatever `pool` holds: at most 32 paths and 256 signatures are looked at.
std::vector<CandidatePath> candidate_paths(const Certificate& target,
                                           const std::vector<Certificate>& pool,
                                           const std::vector<Certificate>& anchors, Time at);

}  // namespace sealwright::x509
