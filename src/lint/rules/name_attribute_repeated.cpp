// The subject has one CN, one O, one C.

#include <algorithm>

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  for (const char* name : {"CN", "O", "C", "L", "ST", "serialNumber"}) {
    const auto type = x509::attribute_type(name);
    const auto count =
        std::ranges::count(facts.subject.subject.attributes(), type, &x509::NameAttribute::type);
    if (count > 1)
      findings.add("the subject has " + std::to_string(count) + " attributes of the kind " + name);
  }
}
}  // namespace

const Rule name_attribute_repeated = {
    {.name = "name-attribute-repeated",
     .summary = "The subject has one CN, one O, one C",
     .citation = "CA/B Forum CSBR, 7.1.4.2",
     .severity = Severity::warning,
     .why = "Programs differ in which of several they show or compare, and so in who they "
            "think has signed.",
     .remedy = "leave one of them"},
    look};

}  // namespace sealwright::lint
