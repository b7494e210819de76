// It is of version 3.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.encoding && facts.encoding->version != 3)
    findings.add("it is of version " + std::to_string(facts.encoding->version),
                 {.severity = facts.self_issued() ? Severity::warning : Severity::error});
}
}  // namespace

const Rule version = {
    {.name = "version",
     .summary = "It is of version 3",
     .citation = "RFC 5280, 4.1.2.1",
     .severity = Severity::error,
     .why = "Only version 3 has extensions, and without them nothing tells an authority from "
            "a signer. Verifiers take older ones as roots at best.",
     .remedy = "issue it again with extensions"},
    look};

}  // namespace sealwright::lint
