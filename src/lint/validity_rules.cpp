// Dates.

#include "lint/rule.h"

namespace sealwright::lint {
namespace {

void validity_order(const Facts& facts, Findings& findings) {
  if (facts.subject.not_before >= facts.subject.not_after)
    findings.add("it ends (" + to_iso(facts.subject.not_after) + ") before it begins (" +
                 to_iso(facts.subject.not_before) + ")");
}

void validity_in_the_past(const Facts& facts, Findings& findings) {
  if (facts.subject.now && facts.subject.not_after <= *facts.subject.now)
    findings.add("it has ended already, on " + to_date(facts.subject.not_after), "renew it");
}

void outlives_issuer(const Facts& facts, Findings& findings) {
  const auto* issuer = facts.subject.issuer_certificate;
  if (issuer && facts.subject.not_after > issuer->not_after())
    findings.add("it ends on " + to_date(facts.subject.not_after) + ", its issuer already on " +
                     to_date(issuer->not_after()),
                 "shorten its lifetime, or rotate the issuer");
}

void begins_before_issuer(const Facts& facts, Findings& findings) {
  const auto* issuer = facts.subject.issuer_certificate;
  if (issuer && facts.subject.not_before < issuer->not_before())
    findings.add("it begins (" + to_iso(facts.subject.not_before) + ") before its issuer does (" +
                     to_iso(issuer->not_before()) + ")",
                 "backdate it less");
}

constexpr Rule table[] = {
    {{"validity-order", "It begins before it ends", "RFC 5280, 4.1.2.5", Severity::error},
     validity_order},
    {{"validity-in-the-past", "It is not over when it is issued", "RFC 5280, 6.1.3 (a)(2)",
      Severity::error},
     validity_in_the_past},
    {{"outlives-issuer", "It does not outlive its issuer",
      "RFC 5280, 6.1.3 (a)(2): the chain ends with the issuer", Severity::error},
     outlives_issuer},
    {{"begins-before-issuer", "It does not begin before its issuer", "RFC 5280, 6.1.3 (a)(2)",
      Severity::warning},
     begins_before_issuer},
};
}  // namespace

std::span<const Rule> validity_rules() { return table; }

}  // namespace sealwright::lint
