// Critical extensions are known to verifiers.

#include <algorithm>

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {

constexpr std::string_view known[] = {
    "2.5.29.15",  // keyUsage
    "2.5.29.17",  // subjectAltName
    "2.5.29.19",  // basicConstraints
    "2.5.29.30",  // nameConstraints
    "2.5.29.32",  // certificatePolicies
    "2.5.29.33",  // policyMappings
    "2.5.29.36",  // policyConstraints
    "2.5.29.37",  // extKeyUsage
    "2.5.29.54",  // inhibitAnyPolicy
};

void look(const Facts& facts, Findings& findings) {
  for (const auto& extension : facts.subject.extensions)
    if (extension.critical &&
        std::ranges::find(known, std::string_view(extension.oid.text())) == std::end(known))
      findings.add("critical extension " + x509::name_of(extension.oid) +
                   " makes verifiers refuse the certificate");
}
}  // namespace

const Rule extension_critical = {
    {.name = "extension-critical",
     .summary = "Critical extensions are known to verifiers",
     .citation = "RFC 5280, 4.2 and 6.1.4 (o)",
     .severity = Severity::warning,
     .why = "Whoever does not know a critical extension must refuse the certificate. Key "
            "identifiers and places of CRLs and issuers are never critical.",
     .remedy = "do not mark it critical"},
    look};

}  // namespace sealwright::lint
