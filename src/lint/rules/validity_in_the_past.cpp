// It is not over.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.subject.not_before >= facts.subject.not_after) return;  // found already
  if (facts.subject.now && facts.subject.not_after <= *facts.subject.now)
    findings.add("it has ended already, on " + to_date(facts.subject.not_after));
}
}  // namespace

const Rule validity_in_the_past = {
    {.name = "validity-in-the-past",
     .summary = "It is not over",
     .citation = "RFC 5280, 6.1.3 (a)(2)",
     .severity = Severity::error,
     .why = "What it signs from now on is refused with 0x800B0101. Signatures that were "
            "timestamped before its end stay valid.",
     .remedy = "renew it"},
    look};

}  // namespace sealwright::lint
