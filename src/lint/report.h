#pragma once
// Findings about the certificates of one or more files, as text for people and as JSON.

#include "base/json.h"
#include "lint/lint.h"

namespace sealwright::lint {

/// One certificate and what was found.
struct Judged {
  x509::Certificate certificate;
  std::string role;  ///< "signer", "timestamper", …; empty: just there.
  Time at{};         ///< When it was judged.
  std::vector<Finding> findings;
};

struct JudgedFile {
  std::string path;
  std::string problem;  ///< Why it could not be judged; everything else is then empty.
  std::vector<Judged> certificates;
};

struct Counts {
  std::size_t certificates = 0, errors = 0, warnings = 0, infos = 0;
};
Counts count(const std::vector<JudgedFile>& files);

/// Errors first within a certificate. Reason, remedy and citation of a rule once, where it is first
/// broken.
std::string to_text(const std::vector<JudgedFile>& files);
Json to_json(const std::vector<JudgedFile>& files);  ///< "sealwright.lint/1"

std::string rules_text();  ///< Every rule, a paragraph each.
Json rules_json();         ///< "sealwright.lint-rules/1"

}  // namespace sealwright::lint
