// It begins before it ends.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.subject.not_before >= facts.subject.not_after)
    findings.add("it ends (" + to_iso(facts.subject.not_after) + ") before it begins (" +
                 to_iso(facts.subject.not_before) + ")");
}
}  // namespace

const Rule validity_order = {{.name = "validity-order",
                              .summary = "It begins before it ends",
                              .citation = "RFC 5280, 4.1.2.5",
                              .severity = Severity::error,
                              .why = "It is valid at no time: 0x800B0101.",
                              .remedy = "exchange the dates"},
                             look};

}  // namespace sealwright::lint
