// Signers of code are for code signing.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (facts.signs_code() && facts.purposes && !facts.has_purpose(oids::code_signing))
    findings.add("its extended key usage lacks codeSigning");
}
}  // namespace

const Rule code_signing_eku = {
    {.name = "code-signing-eku",
     .summary = "Signers of code are for code signing",
     .citation = "CA/B Forum CSBR, 7.1.2.3 (f); Microsoft: WinVerifyTrust",
     .severity = Severity::error,
     .why = "WinVerifyTrust refuses signatures of a certificate whose extended key usage does "
            "not hold codeSigning, with 0x800B0110.",
     .remedy = "add codeSigning"},
    look};

}  // namespace sealwright::lint
