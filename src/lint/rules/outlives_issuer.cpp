// It does not outlive its issuer.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto* issuer = facts.subject.issuer_certificate;
  if (issuer && !facts.issuer_over() && facts.subject.not_after > issuer->not_after())
    findings.add("it ends on " + to_date(facts.subject.not_after) + ", its issuer already on " +
                 to_date(issuer->not_after()));
}
}  // namespace

const Rule outlives_issuer = {
    {.name = "outlives-issuer",
     .summary = "It does not outlive its issuer",
     .citation = "RFC 5280, 6.1.3 (a)(2): the chain ends with the issuer",
     .severity = Severity::error,
     .why = "From the issuer's end on the chain is not valid any more, though the certificate "
            "says it is: 0x800B0101 at a time nobody expects.",
     .remedy = "shorten its lifetime, or rotate the issuer"},
    look};

}  // namespace sealwright::lint
