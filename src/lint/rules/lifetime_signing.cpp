// lifetimeSigning stands beside codeSigning only.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (!facts.has_purpose(oids::lifetime_signing)) return;
  if (!facts.has_purpose(oids::code_signing))
    return findings.add("its extended key usage holds lifetimeSigning without codeSigning");
  if (!facts.is_ca())
    findings.add(
        "what it signs is refused from " + to_date(facts.subject.not_after) +
            " on, timestamped or not",
        {.remedy = "remove lifetimeSigning where that is not wanted", .severity = Severity::info});
}
}  // namespace

const Rule lifetime_signing = {
    {.name = "lifetime-signing",
     .summary = "lifetimeSigning stands beside codeSigning only",
     .citation = "Microsoft: Authenticode_PE (lifetime signing)",
     .severity = Severity::error,
     .why = "With it signatures end when the certificate does, timestamped or not: 0x800B0101 "
            "from then on. It means nothing without codeSigning.",
     .remedy = "add codeSigning, or remove lifetimeSigning"},
    look};

}  // namespace sealwright::lint
