// Names show as what they are.

#include <fmt/format.h>

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

/// White space of any kind (White_Space of the Unicode Character Database), and letters and
/// patterns that are blank.
bool is_blank(char32_t c) {
  return c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
         c == 0x205f || c == 0x3000 || c == 0x2800;
}

/// Default_Ignorable_Code_Point of the same, as far as printable() does not show it.
bool is_invisible(char32_t c) {
  return c == 0xad || c == 0x34f || c == 0x61c || c == 0x115f || c == 0x1160 || c == 0x17b4 ||
         c == 0x17b5 || (c >= 0x180b && c <= 0x180f) || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0x3164 ||
         (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || c == 0xffa0 ||
         (c >= 0xfff0 && c <= 0xfffb) || (c >= 0x1d173 && c <= 0x1d17a) ||
         (c >= 0xe0000 && c <= 0xe0fff);
}

/// The value with everything invisible shown as \\u{HHHH}.
std::string shown(std::string_view value) {
  std::string made;
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t begin = at;
    const auto c = next_code_point(value, at);
    if (c && is_invisible(*c))
      made += fmt::format("\\u{{{:04x}}}", static_cast<std::uint32_t>(*c));
    else
      made += printable(value.substr(begin, at - begin));
  }
  return made;
}

bool all_blank(std::string_view value) {
  for (std::size_t at = 0; at < value.size();) {
    const auto c = next_code_point(value, at);
    if (!c || !is_blank(*c)) return false;
  }
  return !value.empty();
}

void look_at(std::string_view value, const std::string& place, std::optional<Severity> severity,
             Findings& findings) {
  const auto text = shown(value);
  if (text != value)
    findings.add(place + " holds characters that do not show: '" + printable(text) + "'",
                 {.severity = severity});
  else if (all_blank(value))
    findings.add(place + " holds a value that is blank", {.severity = severity});
}

/// An error where it is to be issued: what exists cannot be mended.
void look(const Facts& facts, Findings& findings) {
  const std::optional severity = facts.subject.policy ? Severity::error : Severity::warning;
  const auto look_at_name = [&](const x509::Name& name, const std::string& place) {
    for (const auto& attribute : name.attributes())
      look_at(attribute.value, place, severity, findings);
  };
  look_at_name(facts.subject.subject, "the subject");
  if (!facts.alternative_names) return;
  for (const auto& name : *facts.alternative_names)
    look_at(name.value, "an alternative name", severity, findings);
}
}  // namespace

const Rule name_characters = {
    {.name = "name-characters",
     .summary = "Names show as what they are",
     .citation = "RFC 5280, 8",
     .severity = Severity::error,
     .why = "Control characters and marks that turn the direction of text make a publisher "
            "look like another one in the dialogs of Windows.",
     .remedy = "remove control characters and marks of direction"},
    look};

}  // namespace sealwright::lint
