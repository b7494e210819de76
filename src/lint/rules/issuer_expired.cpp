// Its issuer is not over.

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (!facts.issuer_over()) return;
  const auto& issuer = *facts.subject.issuer_certificate;
  findings.add("its issuer '" + printable(issuer.subject().display()) + "' ended on " +
               to_date(issuer.not_after()));
}
}  // namespace

const Rule issuer_expired = {
    {.name = "issuer-expired",
     .summary = "Its issuer is not over",
     .citation = "RFC 5280, 6.1.3 (a)(2)",
     .severity = Severity::error,
     .why = "Every certificate of a chain must be valid at the time judged; under an issuer "
            "that is over nothing new is: 0x800B0101.",
     .remedy = "rotate the issuer, then renew"},
    look};

}  // namespace sealwright::lint
