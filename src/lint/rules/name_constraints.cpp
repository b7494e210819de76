// Its names are within what its issuer may name.

#include "lint/all_rules.h"
#include "lint/name_matching.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto* issuer = facts.subject.issuer_certificate;
  if (!issuer || (facts.is_ca() && facts.self_issued())) return;
  const auto constraints = name_constraints_of(*issuer);
  if (!constraints) return;
  const auto found =
      violation_of(*constraints, facts.subject.subject,
                   facts.alternative_names.value_or(std::vector<x509::GeneralName>{}));
  if (found) findings.add(*found);
}
}  // namespace

const Rule name_constraints = {
    {.name = "name-constraints",
     .summary = "Its names are within what its issuer may name",
     .citation = "RFC 5280, 4.2.1.10 and 6.1.3 (b), (c)",
     .severity = Severity::error,
     .why = "An authority with name constraints may issue for certain names only; Windows "
            "refuses others with 0x800B0114.",
     .remedy = "take another name, or another issuer"},
    look};

}  // namespace sealwright::lint
