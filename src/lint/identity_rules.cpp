// Serial number and names.

#include <bit>

#include "base/encoding.h"
#include "lint/rule.h"

namespace sealwright::lint {
namespace {

std::size_t bit_length(const Bytes& magnitude) {
  if (magnitude.empty()) return 0;
  return (magnitude.size() - 1) * 8 +
         static_cast<std::size_t>(std::bit_width(unsigned{magnitude.front()}));
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) next_code_point(text, at);
  return count;
}

void serial_length(const Facts& facts, Findings& findings) {
  const auto bits = bit_length(facts.subject.serial.value);
  if (bits == 0) findings.add("the serial number is zero", "draw a random one");
  // As an INTEGER it needs a sign bit: 20 octets hold 159 bits.
  if (bits > 159)
    findings.add("the serial number is longer than 20 octets", "draw one of at most 159 bits");
}

void serial_entropy(const Facts& facts, Findings& findings) {
  const auto bits = bit_length(facts.subject.serial.value);
  if (bits > 0 && bits < 64)
    findings.add(
        "the serial number has " + std::to_string(bits) + " bits: it cannot hold 64 random ones",
        "draw 64 random bits or more");
}

void issuer_name(const Facts& facts, Findings& findings) {
  if (facts.subject.issuer.empty()) findings.add("the issuer's name is empty");
  const auto* issuer = facts.subject.issuer_certificate;
  if (issuer && issuer->subject() != facts.subject.issuer)
    findings.add("the issuer is called '" + printable(facts.subject.issuer.text()) +
                     "' here, but '" + printable(issuer->subject().text()) +
                     "' in its own certificate",
                 "copy the name byte for byte");
}

void subject_name(const Facts& facts, Findings& findings) {
  if (facts.subject.subject.empty()) findings.add("the subject is empty", "give it a CN");
}

void country_code(const Facts& facts, Findings& findings) {
  static const auto country = x509::attribute_type("C");
  for (const auto& attribute : facts.subject.subject.attributes()) {
    if (attribute.type != country) continue;
    const auto& value = attribute.value;
    const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (value.size() != 2 || !letter(value[0]) || !letter(value[1]))
      findings.add("country '" + printable(value) + "' is not two capital letters",
                   "write the ISO 3166 code, e.g. DE");
  }
}

void name_length(const Facts& facts, Findings& findings) {
  // RFC 5280, appendix A.1: ub-…
  static const std::pair<const char*, std::size_t> bounds[] = {
      {"CN", 64},  {"OU", 64},           {"O", 64}, {"L", 128},
      {"ST", 128}, {"serialNumber", 64}, {"T", 64}, {"E", 255}};
  for (const auto& attribute : facts.subject.subject.attributes()) {
    if (attribute.value.empty()) findings.add("an attribute of the subject is empty");
    for (const auto& [name, most] : bounds)
      if (x509::attribute_type(name) == attribute.type && characters(attribute.value) > most)
        findings.add(std::string(name) + " is longer than " + std::to_string(most) + " characters",
                     "shorten it");
  }
}

void name_characters(const Facts& facts, Findings& findings) {
  for (const auto& attribute : facts.subject.subject.attributes())
    if (printable(attribute.value, attribute.value.size()) != attribute.value)
      findings.add(
          "the subject holds characters that do not show: '" + printable(attribute.value) + "'",
          "remove control characters and marks of direction");
}

constexpr Rule table[] = {
    {{"serial-length", "The serial number is positive and at most 20 octets", "RFC 5280, 4.1.2.2",
      Severity::error},
     serial_length},
    {{"serial-entropy", "The serial number can hold 64 random bits", "CA/B Forum CSBR, 7.1",
      Severity::error},
     serial_entropy},
    {{"issuer-name", "The issuer is called what its own certificate says",
      "RFC 5280, 4.1.2.4 and 6.1.3", Severity::error},
     issuer_name},
    {{"subject-name", "The subject is not empty", "RFC 5280, 4.1.2.6", Severity::error},
     subject_name},
    {{"country-code", "Countries are two capital letters", "RFC 5280, appendix A.1; ISO 3166-1",
      Severity::error},
     country_code},
    {{"name-length", "No attribute is longer than its upper bound", "RFC 5280, appendix A.1",
      Severity::error},
     name_length},
    {{"name-characters", "Names show as what they are", "RFC 5280, 8", Severity::warning},
     name_characters},
};
}  // namespace

std::span<const Rule> identity_rules() { return table; }

}  // namespace sealwright::lint
