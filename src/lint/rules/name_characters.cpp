// Names show as what they are.

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  for (const auto& attribute : facts.subject.subject.attributes())
    if (printable(attribute.value, attribute.value.size()) != attribute.value)
      findings.add("the subject holds characters that do not show: '" + printable(attribute.value) +
                   "'");
}
}  // namespace

const Rule name_characters = {
    {.name = "name-characters",
     .summary = "Names show as what they are",
     .citation = "RFC 5280, 8",
     .severity = Severity::warning,
     .why = "Control characters and marks that turn the direction of text make a publisher "
            "look like another one in the dialogs of Windows.",
     .remedy = "remove control characters and marks of direction"},
    look};

}  // namespace sealwright::lint
