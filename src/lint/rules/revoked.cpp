// It is not revoked.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.subject.revoked == true) findings.add("its issuer has revoked it");
}
}  // namespace

const Rule revoked = {
    {.name = "revoked",
     .summary = "It is not revoked",
     .citation = "RFC 5280, 6.1.3 (a)(3)",
     .severity = Severity::error,
     .why = "Windows refuses what a revoked certificate signed with 0x800B010C: everything, "
            "or what was signed from the revocation date on.",
     .remedy = "sign with another certificate"},
    look};

}  // namespace sealwright::lint
