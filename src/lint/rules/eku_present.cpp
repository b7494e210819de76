// End-entities say what they are for.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (!facts.may_have_extensions() || facts.is_ca() || facts.purpose == Purpose::authority ||
      facts.extension(oids::extended_key_usage))
    return;
  findings.add("it has no extended key usage",
               {.severity = facts.purpose == Purpose::any ? Severity::warning : Severity::error});
}
}  // namespace

const Rule eku_present = {
    {.name = "eku-present",
     .summary = "End-entities say what they are for",
     .citation = "CA/B Forum CSBR, 7.1.2.3 (f)",
     .severity = Severity::error,
     .why = "Without an extended key usage a certificate is good for everything its issuer "
            "may allow: a stolen signer is a TLS server too. Public rules want codeSigning to "
            "be there.",
     .remedy = "add an extended key usage"},
    look};

}  // namespace sealwright::lint
