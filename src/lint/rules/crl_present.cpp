// Signers of code can be revoked.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (facts.signs_code() && !facts.self_issued() && !facts.extension(oids::crl_distribution_points))
    findings.add("it names no CRL");
}
}  // namespace

const Rule crl_present = {
    {.name = "crl-present",
     .summary = "Signers of code can be revoked",
     .citation = "CA/B Forum CSBR, 7.1.2.3 (b); RFC 5280, 4.2.1.13",
     .severity = Severity::info,
     .why = "Without a place to ask, no machine learns that the key was stolen: only the "
            "Disallowed store helps then, on every machine.",
     .remedy = "give the hierarchy a distribution URL that machines can reach"},
    look};

}  // namespace sealwright::lint
