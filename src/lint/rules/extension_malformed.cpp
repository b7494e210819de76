// Extensions can be read.

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  for (const auto& problem : facts.malformed) findings.add(printable(problem));
}
}  // namespace

const Rule extension_malformed = {
    {.name = "extension-malformed",
     .summary = "Extensions can be read",
     .citation = "RFC 5280, 4.2",
     .severity = Severity::error,
     .why = "Verifiers refuse the certificate, or overlook what the extension was to say.",
     .remedy = "encode it as RFC 5280 says"},
    look};

}  // namespace sealwright::lint
