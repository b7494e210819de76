// The issuer is called what its own certificate says.

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.subject.issuer.empty()) findings.add("the issuer's name is empty");
  const auto* issuer = facts.subject.issuer_certificate;
  if (issuer && issuer->subject() != facts.subject.issuer)
    findings.add("the issuer is called '" + printable(facts.subject.issuer.text()) +
                 "' here, but '" + printable(issuer->subject().text()) +
                 "' in its own certificate");
}
}  // namespace

const Rule issuer_name = {
    {.name = "issuer-name",
     .summary = "The issuer is called what its own certificate says",
     .citation = "RFC 5280, 4.1.2.4 and 6.1.3",
     .severity = Severity::error,
     .why = "Chains are built by comparing names octet for octet. With another name, or the "
            "same in another encoding, Windows finds no issuer: 0x800B010A.",
     .remedy = "copy the issuer's subject byte for byte"},
    look};

}  // namespace sealwright::lint
