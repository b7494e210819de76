// timeStamping stands alone and is critical.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  if (facts.is_ca() || !facts.has_purpose(oids::time_stamping) || facts.signs_code()) return;
  if (facts.purposes->size() != 1)
    findings.add("timeStamping is not its only extended key usage",
                 {.remedy = "remove the others"});
  if (!facts.extension(oids::extended_key_usage)->critical)
    findings.add("its extended key usage is not critical",
                 {.remedy = "mark it critical: tokens are refused otherwise"});
}
}  // namespace

const Rule timestamping_eku = {
    {.name = "timestamping-eku",
     .summary = "timeStamping stands alone and is critical",
     .citation = "RFC 3161, 2.3; CA/B Forum CSBR, 7.1.2.3",
     .severity = Severity::error,
     .why = "Tokens of an authority whose extended key usage holds more, or is not critical, "
            "are refused by OpenSSL, osslsigncode and others. Windows takes Microsoft's own, "
            "which is not critical.",
     .remedy = "make timeStamping the only purpose, critical"},
    look};

}  // namespace sealwright::lint
