// It names its key.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (!facts.may_have_extensions() || facts.extension(oids::subject_key_identifier)) return;
  findings.add("it has no subject key identifier",
               {.severity = facts.is_ca() ? Severity::error : Severity::warning});
}
}  // namespace

const Rule subject_key_identifier = {
    {.name = "subject-key-identifier",
     .summary = "It names its key",
     .citation = "RFC 5280, 4.2.1.2; CA/B Forum CSBR, 7.1.2",
     .severity = Severity::error,
     .why = "Windows finds the right one of several issuers with one name by this identifier. "
            "Authorities must have it; at signers it helps to tell generations apart.",
     .remedy = "add a subject key identifier"},
    look};

}  // namespace sealwright::lint
