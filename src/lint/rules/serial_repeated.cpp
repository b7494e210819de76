// Its issuer used the serial number once.

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  for (const auto& other : facts.subject.known)
    if (other.issuer() == facts.subject.issuer && other.serial() == facts.subject.serial &&
        !(facts.subject.certificate && *facts.subject.certificate == other))
      return findings.add("'" + printable(other.subject().text()) +
                          "' has the same issuer and serial number");
}
}  // namespace

const Rule serial_repeated = {
    {.name = "serial-repeated",
     .summary = "Its issuer used the serial number once",
     .citation = "RFC 5280, 4.1.2.2",
     .severity = Severity::error,
     .why = "Signatures and revocation lists name a certificate by issuer and serial number: "
            "with two of a kind one is taken for the other, and revoking one revokes both.",
     .remedy = "issue it again with another serial number"},
    look};

}  // namespace sealwright::lint
