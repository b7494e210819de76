// Signers have digitalSignature only.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const bool signer = facts.signs_code() || facts.purpose == Purpose::timestamping ||
                      facts.purpose == Purpose::ocsp;
  if (!facts.key_usage || facts.is_ca() || !signer) return;
  const auto others =
      *facts.key_usage & ~(x509::digital_signature | x509::key_cert_sign | x509::crl_sign);
  if (others && (*facts.key_usage & x509::digital_signature))
    findings.add("its key usage holds " + joined(x509::key_usage_names(others)) +
                 " beside digitalSignature");
}
}  // namespace

const Rule key_usage_alone = {
    {.name = "key-usage-alone",
     .summary = "Signers have digitalSignature only",
     .citation = "CA/B Forum CSBR, 7.1.2.3",
     .severity = Severity::warning,
     .why = "A key that also decrypts or agrees on keys can be made to sign by those who use "
            "it otherwise; some verifiers refuse such signers.",
     .remedy = "remove it"},
    look};

}  // namespace sealwright::lint
