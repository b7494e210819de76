// Authorities say so, critically.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  const auto* extension = facts.extension(oids::basic_constraints);
  if (facts.subject.policy && facts.subject.policy->is_authority() && !facts.is_ca())
    findings.add("its policy is for authorities, but it has no CA flag");
  if (facts.is_ca() && !extension->critical)
    findings.add("an authority's basic constraints are not critical",
                 {.remedy = "mark them critical"});
}
}  // namespace

const Rule basic_constraints = {
    {.name = "basic-constraints",
     .summary = "Authorities say so, critically",
     .citation = "RFC 5280, 4.2.1.9",
     .severity = Severity::error,
     .why = "What an authority without CA:TRUE issued is refused with 0x80096019. Not "
            "critical, old verifiers may overlook it.",
     .remedy = "add basic constraints with the CA flag, critical"},
    look};

}  // namespace sealwright::lint
