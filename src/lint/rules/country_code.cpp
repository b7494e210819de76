// Countries are two capital letters.

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  static const auto country = x509::attribute_type("C");
  const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (const auto& attribute : facts.subject.subject.attributes()) {
    const auto& value = attribute.value;
    if (attribute.type != country) continue;
    if (value.size() != 2 || !letter(value[0]) || !letter(value[1]))
      findings.add("country '" + printable(value) + "' is not two capital letters");
  }
}
}  // namespace

const Rule country_code = {
    {.name = "country-code",
     .summary = "Countries are two capital letters",
     .citation = "RFC 5280, appendix A.1; ISO 3166-1",
     .severity = Severity::error,
     .why = "A country of another length is no PrintableString of size 2: strict parsers "
            "refuse the whole certificate.",
     .remedy = "write the ISO 3166 code, e.g. DE"},
    look};

}  // namespace sealwright::lint
