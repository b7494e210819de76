// Which formats of a bundle can be written.

#include <algorithm>
#include <sstream>

#include "base/error.h"
#include "workspace/bundle_parts.h"

namespace sealwright::workspace {
namespace {

const policy::BundleFormat* find_format(const policy::Bundle& wanted, const std::string& name) {
  const auto said = std::find_if(wanted.formats.begin(), wanted.formats.end(),
                                 [&](const auto& format) { return format.name == name; });
  return said == wanted.formats.end() ? nullptr : &*said;
}

/// The formats with settings that a zip holds by name, or all others where it names none.
std::vector<const policy::BundleFormat*> held(const policy::Bundle& wanted,
                                              const policy::BundleFormat& zip) {
  std::vector<const policy::BundleFormat*> formats;
  std::istringstream names(zip.option("of"));
  for (std::string name; std::getline(names, name, ',');)
    if (const auto* format = find_format(wanted, name)) formats.push_back(format);
  if (zip.option("of").empty())
    for (const auto& format : wanted.formats)
      if (&format != &zip) formats.push_back(&format);
  return formats;
}

/// Why a format cannot be written. A zip falls with any that it names, and with the last where it
/// names none.
std::optional<bundle::Refusal> refusal(const policy::Bundle& wanted,
                                       const policy::BundleFormat& format) {
  if (format.name != "zip") return bundle::why_not_written({format.name, format.options});
  std::optional<bundle::Refusal> first;
  const bool by_name = !format.option("of").empty();
  for (const auto* other : held(wanted, format)) {
    const auto why = refusal(wanted, *other);
    if (!why && !by_name) return std::nullopt;
    if (why && !first) first = {{"format 'zip' holds " + why->reason, why->hint}};
  }
  return first;
}

}  // namespace

std::vector<bundle::FormatRequest> requests(const policy::Bundle& wanted) {
  std::vector<bundle::FormatRequest> made;
  for (const auto& format : wanted.formats)
    if (!refusal(wanted, format)) made.emplace_back(format.name, format.options);
  return made;
}

std::vector<bundle::FormatRequest> requests(const policy::Bundle& wanted,
                                            const std::vector<std::string>& names) {
  std::vector<bundle::FormatRequest> made;
  for (const auto& name : names) {
    const auto* said = find_format(wanted, name);
    if (said)
      if (const auto why = refusal(wanted, *said))
        throw Error(Error::Kind::policy, why->reason, why->hint);
    made.emplace_back(name, said ? said->options : std::map<std::string, std::string>{});
  }
  return made;
}

std::vector<std::string> left_out(const policy::Bundle& wanted) {
  std::vector<std::string> said;
  for (const auto& format : wanted.formats)
    if (const auto why = refusal(wanted, format))
      said.push_back(why->reason + ": it is left out; " + why->hint);
  return said;
}

bool cannot_be_written(const policy::Bundle& wanted) {
  return !wanted.formats.empty() && requests(wanted).empty();
}

}  // namespace sealwright::workspace
