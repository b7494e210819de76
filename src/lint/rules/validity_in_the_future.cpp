// It has begun.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.subject.not_before >= facts.subject.not_after) return;  // found already
  if (facts.subject.now && facts.subject.not_before > *facts.subject.now)
    findings.add("it begins only on " + to_iso(facts.subject.not_before));
}
}  // namespace

const Rule validity_in_the_future = {
    {.name = "validity-in-the-future",
     .summary = "It has begun",
     .citation = "RFC 5280, 6.1.3 (a)(2)",
     .severity = Severity::error,
     .why = "Until it begins, what it signs is refused with 0x800B0101; a clock that is "
            "behind looks the same.",
     .remedy = "wait, or issue it with an earlier beginning"},
    look};

}  // namespace sealwright::lint
