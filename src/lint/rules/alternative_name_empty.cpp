// Alternative names hold a name.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  const auto* extension = facts.extension(oids::subject_alternative_name);
  if (extension && facts.alternative_names && extension->value == Bytes{0x30, 0x00})
    findings.add("its subject alternative name holds no name");
}
}  // namespace

const Rule alternative_name_empty = {
    {.name = "alternative-name-empty",
     .summary = "Alternative names hold a name",
     .citation = "RFC 5280, 4.2.1.6",
     .severity = Severity::error,
     .why = "An empty list is malformed; strict verifiers refuse the certificate.",
     .remedy = "leave the extension out"},
    look};

}  // namespace sealwright::lint
