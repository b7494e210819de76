// It has no unique identifiers.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.encoding && facts.encoding->unique_identifiers)
    findings.add("it has an issuer or subject unique identifier");
}
}  // namespace

const Rule unique_identifiers = {
    {.name = "unique-identifiers",
     .summary = "It has no unique identifiers",
     .citation = "RFC 5280, 4.1.2.8",
     .severity = Severity::error,
     .why = "issuerUniqueID and subjectUniqueID are relics that authorities must not write; "
            "readers differ in what they make of them.",
     .remedy = "leave them out"},
    look};

}  // namespace sealwright::lint
