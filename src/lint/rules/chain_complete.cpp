// Every issuer up to a root is at hand.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.subject.chain_complete == false)
    findings.add("a certificate is missing between it and a root");
}
}  // namespace

const Rule chain_complete = {
    {.name = "chain-complete",
     .summary = "Every issuer up to a root is at hand",
     .citation = "RFC 5280, 6.1; Microsoft: CertGetCertificateChain",
     .severity = Severity::error,
     .why = "Windows looks for missing issuers in the file, in its CA store and at the URL of "
            "the authority information access; where it finds none: 0x800B010A.",
     .remedy = "add the missing certificates to the signature, the PFX or the bundle"},
    look};

}  // namespace sealwright::lint
