// The issuer's purposes include its own.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

/// What only says how code-signing signatures are to be taken needs no leave of its own.
bool follows_code_signing(const Oid& purpose, const std::vector<Oid>& allowed) {
  return purpose == oids::lifetime_signing && holds(allowed, oids::code_signing);
}

void look(const Facts& facts, Findings& findings) {
  const auto* issuer = facts.subject.issuer_certificate;
  if (!issuer || !facts.purposes) return;
  const auto allowed = purposes_of(*issuer);
  if (!allowed || holds(*allowed, oids::any_extended_key_usage)) return;
  for (const auto& purpose : *facts.purposes)
    if (!holds(*allowed, purpose) && !follows_code_signing(purpose, *allowed))
      findings.add("its issuer's extended key usage lacks " + x509::key_purpose_name(purpose));
}
}  // namespace

const Rule eku_nesting = {
    {.name = "eku-nesting",
     .summary = "The issuer's purposes include its own",
     .citation = "Microsoft: CertGetCertificateChain (purposes nest along the chain)",
     .severity = Severity::error,
     .why = "Windows takes the purposes of a chain to be those that every certificate of it "
            "has: a signer under an authority for other purposes is refused with 0x800B0110.",
     .remedy = "take another issuer: Windows answers 0x800B0110 otherwise"},
    look};

}  // namespace sealwright::lint
