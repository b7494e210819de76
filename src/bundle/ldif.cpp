#include "bundle/ldif.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "base/template.h"
#include "bundle/readme.h"
#include "x509/name.h"

namespace sealwright::bundle {
namespace {

constexpr std::size_t line_length = 76;

/// RFC 2849: SAFE-STRING, and no space at the end.
bool is_safe(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](unsigned char c) { return c >= 0x20 && c < 0x7f; }) &&
         !value.starts_with(' ') && !value.starts_with(':') && !value.starts_with('<') &&
         !value.ends_with(' ');
}

/// `line` and its continuations, each of which starts with a space.
std::string folded(const std::string& line) {
  std::string text = line.substr(0, line_length) + "\n";
  for (std::size_t at = line_length; at < line.size(); at += line_length - 1)
    text += " " + line.substr(at, line_length - 1) + "\n";
  return text;
}

std::string attribute(const std::string& name, const std::string& value) {
  return folded(is_safe(value) ? name + ": " + value : name + ":: " + to_base64(view(value)));
}

std::string binary(const std::string& name, BytesView value) {
  return folded(name + ":: " + to_base64(value));
}

std::string checked_forest(const FormatRequest& request) {
  const std::string forest = request.option("forest");
  try {
    if (!x509::Name::parse(forest).text().empty() && is_safe(forest)) return forest;
  } catch (const Error&) {
    // Said below, with the name of the option.
  }
  throw Error(Error::Kind::policy,
              "format 'ldif': forest '" + printable(forest) + "' is not a distinguished name",
              "write the forest's root domain: DC=example,DC=com");
}

/// By their names: each authority's certificates, all generations.
using Authorities = std::map<std::string, std::vector<const Entry*>>;

/// Where the authorities of a store belong, or nothing.
const char* container(Store store) {
  if (store == Store::root) return "CN=Certification Authorities";
  return store == Store::ca ? "CN=AIA" : nullptr;
}

std::string object_name(const Entry& entry, const std::string& forest) {
  // Letters, digits and dashes stand for themselves in distinguished names.
  const std::string name =
      escaped(entry.label.substr(0, entry.label.find('@')).substr(0, 64), Escape::cmd);
  return fmt::format("CN={},{},CN=Public Key Services,CN=Services,CN=Configuration,{}", name,
                     container(entry.store), forest);
}

Authorities authorities(const std::vector<Entry>& entries, const std::string& forest) {
  Authorities made;
  for (const auto& entry : entries)
    if (container(entry.store)) made[object_name(entry, forest)].push_back(&entry);
  return made;
}

std::string certificates(const std::vector<const Entry*>& entries) {
  std::string text;
  for (const auto* entry : entries) text += binary("cACertificate", entry->certificate.der());
  return text;
}

std::string addition(const std::string& name, const std::vector<const Entry*>& entries) {
  const std::uint8_t none[] = {0};  // What Active Directory's own tools write for "no list".
  return attribute("dn", name) +
         "changetype: add\nobjectClass: top\nobjectClass: certificationAuthority\n" +
         certificates(entries) + binary("certificateRevocationList", none) +
         binary("authorityRevocationList", none) + "\n";
}

std::string update(const std::string& name, const std::vector<const Entry*>& entries) {
  return attribute("dn", name) + "changetype: modify\nreplace: cACertificate\n" +
         certificates(entries) + "-\n\n";
}

std::string deletion(const std::string& name) {
  return attribute("dn", name) + "changetype: delete\n\n";
}

}  // namespace

std::vector<OutputFile> ldif_files(const State& state, const FormatRequest& request) {
  const std::string forest = checked_forest(request);
  const Authorities present = authorities(state.present, forest),
                    removed = authorities(state.removed, forest);
  std::string add, change, remove;  // No version line: samba takes it for a bad dn.
  for (const auto& [name, entries] : present) {
    add += addition(name, entries);
    change += update(name, entries);
    remove += deletion(name);
  }
  for (const auto& [name, entries] : removed) {
    if (present.contains(name)) continue;
    change += deletion(name);
    remove += deletion(name);
  }
  return {{"add.ldif", windows_text(add)},
          {"update.ldif", windows_text(change)},
          {"remove.ldif", windows_text(remove)}};
}

}  // namespace sealwright::bundle
