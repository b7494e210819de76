// The signature algorithm is the same inside and outside.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.encoding && !facts.encoding->algorithms_agree)
    findings.add("the signature algorithm outside differs from the one that was signed");
}
}  // namespace

const Rule signature_algorithm_agrees = {
    {.name = "signature-algorithm-agrees",
     .summary = "The signature algorithm is the same inside and outside",
     .citation = "RFC 5280, 4.1.1.2",
     .severity = Severity::error,
     .why = "The outer algorithm is not covered by the signature: where the two differ "
            "somebody may have exchanged it. OpenSSL and this program refuse such a "
            "signature.",
     .remedy = "issue it again"},
    look};

}  // namespace sealwright::lint
