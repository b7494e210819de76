#pragma once
// What --explain says of certificates that are there already: entries of sealwright.yaml that take
// them over as they are.

#include <string>
#include <vector>

#include "compat/proposal.h"
#include "x509/certificate.h"

namespace sealwright::compat {

struct ExistingCertificate {
  x509::Certificate certificate;
  std::string file;
  std::string key = {};  ///< File of its private key, or empty.
};

/// Adds an entry for each to `proposal`: authorities, and certificates with the policies that fit
/// them. Returns their names, in the same order; one certificate given twice has one entry.
std::vector<std::string> add_existing(Proposal& proposal,
                                      const std::vector<ExistingCertificate>& certificates);

/// `path` without its folder and ending: "out/p.spc" → "p".
std::string stem_of(const std::string& path);

}  // namespace sealwright::compat
