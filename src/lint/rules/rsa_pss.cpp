// It is not signed with RSA-PSS.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& algorithm = facts.subject.algorithm;
  if (!algorithm || algorithm->scheme != ossl::Scheme::rsa_pss) return;
  if (!facts.targets.empty())
    findings.add("it is signed with RSA-PSS",
                 {.windows = facts.targets_where([](const auto&) { return true; })});
  else if (facts.signs())
    findings.add("it is signed with RSA-PSS", {.severity = Severity::warning});
}
}  // namespace

const Rule rsa_pss = {
    {.name = "rsa-pss",
     .summary = "It is not signed with RSA-PSS",
     .citation = "RFC 4055; Microsoft: Authenticode (PKCS #1 v1.5)",
     .severity = Severity::error,
     .why = "Authenticode signatures are PKCS #1 v1.5. XP knows no PSS at all, and from Vista "
            "on no document promises it for code or drivers.",
     .remedy = "sign with RSA PKCS #1 v1.5"},
    look};

}  // namespace sealwright::lint
