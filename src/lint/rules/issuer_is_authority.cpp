// The issuer may issue certificates.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto* issuer = facts.subject.issuer_certificate;
  if (!issuer || issuer->version() < 3) return;
  const auto constraints = basic_constraints_of(*issuer);
  if (!constraints || !constraints->ca) return findings.add("its issuer is no authority");
  const auto usage = key_usage_of(*issuer);
  if (usage && !(*usage & x509::key_cert_sign))
    findings.add("its issuer's key usage lacks keyCertSign");
}
}  // namespace

const Rule issuer_is_authority = {
    {.name = "issuer-is-authority",
     .summary = "The issuer may issue certificates",
     .citation = "RFC 5280, 6.1.4 (k) and (n)",
     .severity = Severity::error,
     .why = "Certificates of an issuer without CA:TRUE or keyCertSign are refused with "
            "0x80096019.",
     .remedy = "take another issuer"},
    look};

}  // namespace sealwright::lint
