// Timestamping certificates live 135 months at most.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.purpose != Purpose::timestamping) return;
  if (lasts_months(facts.subject.not_before, facts.subject.not_after, 135))
    findings.add("it lives longer than 135 months (from " + to_date(facts.subject.not_before) +
                 " to " + to_date(facts.subject.not_after) + ")");
}
}  // namespace

const Rule timestamping_lifetime = {
    {.name = "timestamping-lifetime",
     .summary = "Timestamping certificates live 135 months at most",
     .citation = "CA/B Forum CSBR, 6.3.2",
     .severity = Severity::warning,
     .why = "A timestamp is worth what its key is worth: a key that stamps for decades "
            "outlives its algorithm.",
     .remedy = "shorten its lifetime"},
    look};

}  // namespace sealwright::lint
