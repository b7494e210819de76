// Authorities sign certificates, all others do not.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

/// Old TLS exchanges its keys by encryption or agreement (RFC 5280, 4.2.1.12).
std::uint32_t enough_for(Purpose purpose) {
  return purpose == Purpose::tls
             ? x509::digital_signature | x509::key_encipherment | x509::key_agreement
             : x509::digital_signature;
}

void look(const Facts& facts, Findings& findings) {
  if (!facts.key_usage) return;
  const auto bits = *facts.key_usage;
  if (bits == 0) return findings.add("its key usage holds no bit");
  if (facts.purpose == Purpose::authority) {
    if (!(bits & x509::key_cert_sign))
      findings.add("an authority's key usage lacks keyCertSign", {.remedy = "add it"});
    return;
  }
  if (facts.purpose != Purpose::any && !(bits & enough_for(facts.purpose)))
    findings.add("its key usage lacks digitalSignature", {.remedy = "add it"});
  if (const auto wrong = bits & (x509::key_cert_sign | x509::crl_sign); wrong && !facts.is_ca())
    findings.add(
        "its key usage holds " + joined(x509::key_usage_names(wrong)) + ", but it is no authority",
        {.remedy = "remove it"});
}
}  // namespace

const Rule key_usage_bits = {
    {.name = "key-usage-bits",
     .summary = "Authorities sign certificates, all others do not",
     .citation = "RFC 5280, 4.2.1.3 and 4.2.1.9",
     .severity = Severity::error,
     .why = "Signatures of a key that may not sign are refused; an end-entity that may sign "
            "certificates is mistaken for an authority.",
     .remedy = "set keyCertSign and cRLSign for authorities, digitalSignature for all others"},
    look};

}  // namespace sealwright::lint
