// Signers of code name their organization.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.signs_code() && facts.subject.subject.first("O").empty())
    findings.add("the subject names no organization");
}
}  // namespace

const Rule subject_organization = {
    {.name = "subject-organization",
     .summary = "Signers of code name their organization",
     .citation = "CA/B Forum CSBR, 7.1.4.2.2",
     .severity = Severity::info,
     .why = "Windows shows CN and, in the details, O. AppLocker's publisher rules go by O, L, "
            "S and C.",
     .remedy = "add O to the subject"},
    look};

}  // namespace sealwright::lint
