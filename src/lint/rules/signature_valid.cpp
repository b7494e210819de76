// Its issuer's key made its signature.

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (!facts.subject.certificate || !facts.subject.algorithm) return;
  if (facts.encoding && !facts.encoding->algorithms_agree) return;  // found already
  const auto& certificate = *facts.subject.certificate;
  if (const auto* issuer = facts.subject.issuer_certificate) {
    if (!certificate.signed_by(issuer->public_key()))
      findings.add("its signature is not by the key of '" + printable(issuer->subject().display()) +
                   "'");
  } else if (facts.self_issued() &&
             (!facts.authority_key_identifier ||
              facts.authority_key_identifier == facts.subject_key_identifier)) {
    if (!certificate.self_signed()) findings.add("its signature is not by its own key");
  }
}
}  // namespace

const Rule signature_valid = {
    {.name = "signature-valid",
     .summary = "Its issuer's key made its signature",
     .citation = "RFC 5280, 6.1.3 (a)(1)",
     .severity = Severity::error,
     .why = "Somebody changed it, or it was issued by another key of the same name: "
            "0x80096004.",
     .remedy = "take the certificate as its issuer made it, or the issuer that made it"},
    look};

}  // namespace sealwright::lint
