// It names its issuer's key.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (!facts.may_have_extensions()) return;
  if (!facts.extension(oids::authority_key_identifier)) {
    // A self-signed certificate may leave it out.
    if (!facts.self_issued())
      findings.add("it has no authority key identifier", {.remedy = "add the extension"});
    return;
  }
  const auto* issuer = facts.subject.issuer_certificate;
  if (!issuer || !facts.authority_key_identifier) return;
  const auto identifier = subject_key_identifier_of(*issuer);
  if (identifier && *identifier != *facts.authority_key_identifier)
    findings.add("its authority key identifier names another key than its issuer's");
}
}  // namespace

const Rule authority_key_identifier = {
    {.name = "authority-key-identifier",
     .summary = "It names its issuer's key",
     .citation = "RFC 5280, 4.2.1.1",
     .severity = Severity::error,
     .why = "When an authority was renewed, two certificates have its name; without this "
            "identifier, or with the wrong one, chains are built over the wrong one: "
            "0x800B010A or 0x80096004.",
     .remedy = "copy the issuer's subject key identifier"},
    look};

}  // namespace sealwright::lint
