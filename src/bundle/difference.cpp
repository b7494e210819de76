#include "bundle/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/settings.h"
#include "x509/oids.h"

namespace sealwright::bundle {
namespace {

auto key_of(const Holding& holding) {
  return std::pair(ascii_lower(holding.store), holding.thumbprint);
}

/// In order and each once; what has a name or purposes stays of those that are alike.
void settle(Holdings& holdings) {
  auto& list = holdings.certificates;
  std::stable_sort(list.begin(), list.end(), [](const Holding& a, const Holding& b) {
    return std::pair(key_of(a), !a.purposes) < std::pair(key_of(b), !b.purposes);
  });
  list.erase(std::unique(list.begin(), list.end(),
                         [](const Holding& a, const Holding& b) { return key_of(a) == key_of(b); }),
             list.end());
}

std::string purpose_names(const std::optional<std::vector<Oid>>& purposes) {
  if (!purposes) return "all purposes";
  std::vector<std::string> names;
  for (const auto& oid : *purposes) names.push_back(x509::key_purpose_name(oid));
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

/// Whose value a key holds.
std::string scope_of(const std::string& key) {
  if (key.starts_with("HKEY_LOCAL_MACHINE")) return "machine";
  if (key.starts_with("HKEY_CURRENT_USER")) return "current";
  const std::string lower = ascii_lower(key);
  if (lower.starts_with(R"(hkey_users\.default\)")) return "default";
  return lower.starts_with(R"(hkey_users\s-1-5-18\)") ? "system" : key;
}

void put(std::vector<HeldSetting>& settings, HeldSetting setting) {
  for (auto& known : settings)
    if (known.name == setting.name && known.scope == setting.scope) {
      known.value = setting.value;
      return;
    }
  settings.push_back(std::move(setting));
}

void add(Holdings& holdings, const Contents& contents) {
  for (const auto& found : contents.certificates) {
    if (found.action != FoundCertificate::Action::add) continue;
    const bool of_user =
        found.location == Location::user || found.location == Location::user_policy;
    Holding holding{found.store + (of_user ? " (CurrentUser)" : ""), found.thumbprint, "", "",
                    std::nullopt};
    if (found.certificate) holding.subject = found.certificate->subject().text();
    try {
      holding.purposes = purposes(found);
    } catch (const Error&) {
      holding.purposes = std::vector<Oid>{};  // What Windows cannot read allows nothing.
    }
    holdings.certificates.push_back(std::move(holding));
  }
  for (const auto& setting : contents.settings)
    if (setting.value)
      put(holdings.settings, {setting.name, scope_of(setting.key), *setting.value});
}

std::string line(std::string_view what, const Holding& holding) {
  return fmt::format("{}  {:<16}  {}  {}\n", what,
                     holding.store.empty() ? "(any store)" : printable(holding.store, 40),
                     holding.thumbprint.hex(),
                     printable(holding.name.empty() ? holding.subject : holding.name));
}

Json to_json(const Holding& holding) {
  Json json = Json::object();
  json.set("store", holding.store).set("thumbprint", holding.thumbprint.hex());
  if (!holding.name.empty()) json.set("name", holding.name);
  json.set("subject", holding.subject);
  if (holding.purposes) {
    Json list = Json::array();
    for (const auto& oid : *holding.purposes) list.push(oid.text());
    json.set("purposes", std::move(list));
  }
  return json;
}

Json to_json(const HeldSetting& setting) {
  return Json::object()
      .set("name", setting.name)
      .set("scope", setting.scope)
      .set("value", std::int64_t{setting.value});
}

template <class T>
Json list_of(const std::vector<T>& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push(to_json(item));
  return list;
}

}  // namespace

Holdings holdings_of(const State& state) {
  Holdings holdings;
  for (const auto& entry : state.present)
    holdings.certificates.push_back({std::string(registry_name(entry.store)),
                                     entry.certificate.thumbprint(), entry.label,
                                     entry.certificate.subject().text(), entry.purposes});
  for (const auto& setting : state.settings)
    put(holdings.settings, {std::string(value_name(setting.kind)),
                            std::string(scope_name(setting.scope)), setting.value});
  settle(holdings);
  return holdings;
}

Holdings holdings_of(const Reading& reading) {
  Holdings holdings;
  for (const auto& contents : reading.imports) {
    const auto& found = contents.certificates;
    const bool puts = std::any_of(found.begin(), found.end(), [](const FoundCertificate& one) {
      return one.action == FoundCertificate::Action::add;
    });
    if (!contents.only_looks && (puts || found.empty())) add(holdings, contents);
  }
  settle(holdings);
  return holdings;
}

bool Difference::empty() const {
  return gained.empty() && lost.empty() && purposes.empty() && set.empty() && left.empty();
}

Difference difference(const Holdings& before, const Holdings& after) {
  std::map<std::pair<std::string, Thumbprint>, const Holding*> old;
  for (const auto& holding : before.certificates) old[key_of(holding)] = &holding;
  Difference made;
  for (const auto& holding : after.certificates) {
    const auto known = old.find(key_of(holding));
    if (known == old.end()) {
      made.gained.push_back(holding);
      continue;
    }
    if (known->second->purposes != holding.purposes)
      made.purposes.push_back({*known->second, holding});
    old.erase(known);
  }
  for (const auto& [key, holding] : old) made.lost.push_back(*holding);
  for (const auto& setting : after.settings)
    if (std::find(before.settings.begin(), before.settings.end(), setting) == before.settings.end())
      made.set.push_back(setting);
  for (const auto& setting : before.settings)
    if (std::none_of(after.settings.begin(), after.settings.end(), [&](const HeldSetting& kept) {
          return kept.name == setting.name && kept.scope == setting.scope;
        }))
      made.left.push_back(setting);
  return made;
}

std::string to_text(const Difference& difference) {
  std::string text;
  for (const auto& holding : difference.gained) text += line("gain", holding);
  for (const auto& holding : difference.lost) text += line("lose", holding);
  for (const auto& change : difference.purposes)
    text += line("keep", change.after) + fmt::format("      for {}, before for {}\n",
                                                     purpose_names(change.after.purposes),
                                                     purpose_names(change.before.purposes));
  for (const auto& setting : difference.set)
    text += fmt::format("set   {} ({}) = 0x{:08x}\n", setting.name, printable(setting.scope),
                        setting.value);
  for (const auto& setting : difference.left)
    text += fmt::format("free  {} ({}), which was 0x{:08x}\n", setting.name,
                        printable(setting.scope), setting.value);
  return text;
}

Json to_json(const Difference& difference) {
  Json changed = Json::array();
  for (const auto& change : difference.purposes)
    changed.push(
        Json::object().set("before", to_json(change.before)).set("after", to_json(change.after)));
  return Json::object()
      .set("gained", list_of(difference.gained))
      .set("lost", list_of(difference.lost))
      .set("purposes", std::move(changed))
      .set("set", list_of(difference.set))
      .set("left", list_of(difference.left));
}

}  // namespace sealwright::bundle
