// Key usage is there and critical.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (!facts.may_have_extensions()) return;
  const auto* extension = facts.extension(oids::key_usage);
  const Details details{.severity =
                            facts.is_ca() || facts.signs() ? Severity::error : Severity::warning};
  if (!extension) return findings.add("it has no key usage", details);
  if (!extension->critical) findings.add("its key usage is not critical", details);
}
}  // namespace

const Rule key_usage_present = {
    {.name = "key-usage-present",
     .summary = "Key usage is there and critical",
     .citation = "RFC 5280, 4.2.1.3; CA/B Forum CSBR, 7.1.2.3",
     .severity = Severity::error,
     .why = "Without key usage a key may do anything. Windows takes such signers (Microsoft's "
            "own have none), public rules and stricter verifiers do not; not critical, an old "
            "verifier may overlook it.",
     .remedy = "add the extension, critical"},
    look};

}  // namespace sealwright::lint
