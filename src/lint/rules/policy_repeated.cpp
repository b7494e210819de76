// No certificate policy is there twice.

#include <set>

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (!facts.policies) return;
  std::set<Oid> seen;
  for (const auto& policy : *facts.policies)
    if (!seen.insert(policy.oid).second)
      findings.add("certificate policy " + policy.oid.text() + " is there twice");
}
}  // namespace

const Rule policy_repeated = {
    {.name = "policy-repeated",
     .summary = "No certificate policy is there twice",
     .citation = "RFC 5280, 4.2.1.4",
     .severity = Severity::error,
     .why = "Verifiers that process policies take the extension for malformed, and refuse the "
            "certificate.",
     .remedy = "remove one"},
    look};

}  // namespace sealwright::lint
