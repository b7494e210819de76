// OCSP signers are exempt from revocation checks.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  static const Oid no_check("1.3.6.1.5.5.7.48.1.5");
  if (facts.purpose == Purpose::ocsp && !facts.extension(no_check))
    findings.add("it has no id-pkix-ocsp-nocheck");
}
}  // namespace

const Rule ocsp_nocheck = {
    {.name = "ocsp-nocheck",
     .summary = "OCSP signers are exempt from revocation checks",
     .citation = "RFC 6960, 4.2.2.2.1",
     .severity = Severity::info,
     .why = "Without id-pkix-ocsp-nocheck a client may ask for the revocation of the very "
            "certificate that signs the answers, and go round in circles.",
     .remedy = "add id-pkix-ocsp-nocheck, and let it live for weeks only"},
    look};

}  // namespace sealwright::lint
