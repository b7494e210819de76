// No extension is there twice.

#include <set>

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  std::set<Oid> seen;
  for (const auto& extension : facts.subject.extensions)
    if (!seen.insert(extension.oid).second)
      findings.add("extension " + x509::name_of(extension.oid) + " is there twice");
}
}  // namespace

const Rule extension_repeated = {
    {.name = "extension-repeated",
     .summary = "No extension is there twice",
     .citation = "RFC 5280, 4.2",
     .severity = Severity::error,
     .why = "Two readers may take two different ones, and so see two different certificates. "
            "This program reads no such file.",
     .remedy = "remove one"},
    look};

}  // namespace sealwright::lint
