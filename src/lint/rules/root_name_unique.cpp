// No two roots have one name.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (!facts.self_issued() || facts.purpose != Purpose::authority) return;
  for (const auto& other : facts.subject.known)
    if (other.self_issued() && other.subject() == facts.subject.subject &&
        !(other.public_key() == facts.subject.public_key))
      return findings.add("another root with another key has the same name (it began on " +
                          to_date(other.not_before()) + ")");
}
}  // namespace

const Rule root_name_unique = {
    {.name = "root-name-unique",
     .summary = "No two roots have one name",
     .citation = "RFC 5280, 4.1.2.4; Microsoft: CertGetCertificateChain",
     .severity = Severity::warning,
     .why = "Windows looks for issuers by name. With two roots of one name and different keys "
            "it may try the wrong one, above all where a certificate has no authority key "
            "identifier: 0x80096004.",
     .remedy = "put a generation or a year into the name"},
    look};

}  // namespace sealwright::lint
