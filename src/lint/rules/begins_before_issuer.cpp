// It does not begin before its issuer.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto* issuer = facts.subject.issuer_certificate;
  if (issuer && facts.subject.not_before < issuer->not_before())
    findings.add("it begins (" + to_iso(facts.subject.not_before) + ") before its issuer does (" +
                 to_iso(issuer->not_before()) + ")");
}
}  // namespace

const Rule begins_before_issuer = {
    {.name = "begins-before-issuer",
     .summary = "It does not begin before its issuer",
     .citation = "RFC 5280, 6.1.3 (a)(2)",
     .severity = Severity::warning,
     .why = "Between the two beginnings the chain is not valid; a signature timestamped then "
            "fails.",
     .remedy = "backdate it less"},
    look};

}  // namespace sealwright::lint
