// No attribute is longer than its upper bound.

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

// The ub- values.
constexpr std::pair<const char*, std::size_t> bounds[] = {
    {"CN", 64},  {"OU", 64},           {"O", 64}, {"L", 128},
    {"ST", 128}, {"serialNumber", 64}, {"T", 64}, {"E", 255}};

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) next_code_point(text, at);
  return count;
}

void look(const Facts& facts, Findings& findings) {
  for (const auto& attribute : facts.subject.subject.attributes()) {
    if (attribute.value.empty())
      findings.add("an attribute of the subject is empty", {.remedy = "leave it out"});
    for (const auto& [name, most] : bounds)
      if (x509::attribute_type(name) == attribute.type && characters(attribute.value) > most)
        findings.add(std::string(name) + " is longer than " + std::to_string(most) + " characters");
  }
}
}  // namespace

const Rule name_length = {
    {.name = "name-length",
     .summary = "No attribute is longer than its upper bound",
     .citation = "RFC 5280, appendix A.1",
     .severity = Severity::error,
     .why = "Attributes have upper bounds; openssl and certtool refuse to make longer ones, "
            "and some verifiers to read them.",
     .remedy = "shorten it"},
    look};

}  // namespace sealwright::lint
