// Its extended key usage does not say 'any'.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (facts.has_purpose(oids::any_extended_key_usage))
    findings.add("its extended key usage holds anyExtendedKeyUsage",
                 {.severity = facts.signs_code() ? Severity::error : Severity::warning});
}
}  // namespace

const Rule eku_any = {
    {.name = "eku-any",
     .summary = "Its extended key usage does not say 'any'",
     .citation = "CA/B Forum CSBR, 7.1.2.3 (f)",
     .severity = Severity::error,
     .why = "anyExtendedKeyUsage undoes every other limit of the extension; some verifiers "
            "take it for all purposes, others for none.",
     .remedy = "name the purposes it has"},
    look};

}  // namespace sealwright::lint
