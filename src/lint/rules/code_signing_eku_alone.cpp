// Code signing is not mixed with other uses.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (!facts.signs_code() || !facts.has_purpose(oids::code_signing)) return;
  for (const auto& other :
       {oids::server_auth, oids::client_auth, oids::time_stamping, oids::ocsp_signing})
    if (facts.has_purpose(other))
      findings.add("its extended key usage holds " + x509::key_purpose_name(other) +
                   " beside codeSigning");
}
}  // namespace

const Rule code_signing_eku_alone = {
    {.name = "code-signing-eku-alone",
     .summary = "Code signing is not mixed with other uses",
     .citation = "CA/B Forum CSBR, 7.1.2.3 (f)",
     .severity = Severity::error,
     .why = "A key that runs on a server or stamps times is exposed, and whoever gets it "
            "there signs code. With timeStamping beside it a thief also chooses the date.",
     .remedy = "issue one certificate for each purpose"},
    look};

}  // namespace sealwright::lint
