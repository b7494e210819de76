// Name constraints are in authorities only, and critical.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  const auto* extension = facts.extension(oids::name_constraints);
  if (!extension) return;
  if (!facts.is_ca())
    findings.add("it has name constraints, but is no authority", {.remedy = "remove them"});
  else if (!extension->critical)
    findings.add("its name constraints are not critical", {.remedy = "mark them critical"});
}
}  // namespace

const Rule name_constraints_place = {
    {.name = "name-constraints-place",
     .summary = "Name constraints are in authorities only, and critical",
     .citation = "RFC 5280, 4.2.1.10",
     .severity = Severity::error,
     .why = "In an end-entity they say nothing. Not critical, a verifier that does not know "
            "them lets everything pass.",
     .remedy = "mark them critical; remove them from end-entities"},
    look};

}  // namespace sealwright::lint
