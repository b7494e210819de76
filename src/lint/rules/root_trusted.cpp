// Its root is trusted.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.subject.root_trusted == false) findings.add("the root of its chain is not trusted");
}
}  // namespace

const Rule root_trusted = {
    {.name = "root-trusted",
     .summary = "Its root is trusted",
     .citation = "RFC 5280, 6.1.1 (d); Microsoft: Trusted Root Certification Authorities store",
     .severity = Severity::error,
     .why = "A chain whose root is not in LocalMachine\\Root is refused with 0x800B0109; for "
            "drivers the store of the user does not count.",
     .remedy = "put the root into a bundle"},
    look};

}  // namespace sealwright::lint
