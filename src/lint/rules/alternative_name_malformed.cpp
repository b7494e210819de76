// Alternative names look like what they are.

#include <algorithm>

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

bool is_dns_name(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  const bool fits = std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_';
  });
  return fits && !name.empty() && name.front() != '.' && name.find("..") == std::string_view::npos;
}

/// What `name` claims to be and is not; null where all is well.
const char* unlike(const x509::GeneralName& name) {
  using Kind = x509::GeneralName::Kind;
  const auto at = name.value.find('@'), colon = name.value.find(':');
  if (name.kind == Kind::dns && !is_dns_name(name.value)) return "DNS name";
  if (name.kind == Kind::email &&
      (at == 0 || at == std::string::npos || !is_dns_name(name.value.substr(at + 1))))
    return "mail address";
  if (name.kind == Kind::uri && (colon == 0 || colon == std::string::npos)) return "URI";
  return nullptr;
}

void look(const Facts& facts, Findings& findings) {
  if (!facts.alternative_names) return;
  for (const auto& name : *facts.alternative_names)
    if (const auto* what = unlike(name))
      findings.add("'" + printable(name.value) + "' among its alternative names is no " + what);
}
}  // namespace

const Rule alternative_name_malformed = {
    {.name = "alternative-name-malformed",
     .summary = "Alternative names look like what they are",
     .citation = "RFC 5280, 4.2.1.6",
     .severity = Severity::error,
     .why = "A DNS name with blanks, an address without @ or a URI without a scheme matches "
            "nothing, or in a lenient reader something unexpected.",
     .remedy = "correct the name"},
    look};

}  // namespace sealwright::lint
