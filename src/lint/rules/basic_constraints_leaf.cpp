// Signers are no authorities.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (!facts.is_ca()) return;
  if (facts.subject.policy && !facts.subject.policy->is_authority())
    findings.add("it is an authority, its policy is for end-entities");
  else if (!facts.subject.policy && facts.purpose != Purpose::authority)
    findings.add("it signs code and says that it is an authority", {.severity = Severity::warning});
}
}  // namespace

const Rule basic_constraints_leaf = {
    {.name = "basic-constraints-leaf",
     .summary = "Signers are no authorities",
     .citation = "Microsoft: Trusted Publishers store; CA/B Forum CSBR, 7.1.2.3",
     .severity = Severity::error,
     .why = "TrustedPublisher is for end-entity certificates: one that says CA:TRUE there "
            "need not be taken for a publisher. As a root it could vouch for any name.",
     .remedy = "issue it without the CA flag"},
    look};

}  // namespace sealwright::lint
