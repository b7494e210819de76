// Registry.xml of Group Policy preferences ([MS-GPPREF] 2.2.1.17).

#include <fmt/format.h>

#include "base/encoding.h"
#include "bundle/blob.h"
#include "bundle/gpo_parts.h"
#include "bundle/settings.h"

namespace sealwright::bundle {
namespace {

constexpr const char* settings_class = "{A3CCFC41-DFDB-43a5-8D26-0FE8B954DA51}";
constexpr const char* item_class = "{9CD4B2F4-923D-47f5-A062-E897DD1DAD50}";
constexpr const char* report_space =
    "http://www.microsoft.com/GroupPolicy/Settings/Windows/Registry";

std::string described(const Entry& entry) {
  return fmt::format("{}: {}, SHA-256 {}", registry_name(entry.store), entry.label,
                     to_hex(entry.certificate.sha256()));
}

PreferenceItem addition(const Entry& entry) {
  return {"HKEY_LOCAL_MACHINE",
          key_of(entry),
          "Blob",
          "REG_BINARY",
          to_hex_upper(encode_blob(entry.certificate, entry.purposes)),
          false,
          described(entry)};
}

PreferenceItem removal(const Entry& entry) {
  return {"HKEY_LOCAL_MACHINE", key_of(entry), "", "REG_SZ", "", true, described(entry)};
}

PreferenceItem item(const Setting& setting, const std::optional<std::uint32_t>& value) {
  return {std::string(hive_of(setting.scope)),
          key_of(setting),
          std::string(value_name(setting.kind)),
          "REG_DWORD",
          value ? fmt::format("{:08X}", *value) : std::string(),
          !value,
          fmt::format("{} ({})", value_name(setting.kind), scope_name(setting.scope))};
}

PreferenceItem default_item(const Setting& setting) {
  return item(setting, windows_default(setting.kind));
}

bool is_users(const Setting& setting) { return setting.scope == Setting::Scope::current_user; }

/// Adds the items below `parent`; `prefix` is "" or the report's "q1:".
void add_items(pugi::xml_node parent, const std::vector<PreferenceItem>& items, Time changed,
               const std::string& seed, const std::string& prefix) {
  const std::string date = to_iso(changed).substr(0, 10) + " " + to_iso(changed).substr(11, 8);
  std::size_t order = 0;
  for (const auto& item : items) {
    const std::string name =
        item.value_name.empty() ? item.key.substr(item.key.rfind('\\') + 1) : item.value_name;
    pugi::xml_node registry = parent.append_child((prefix + "Registry").c_str());
    registry.append_attribute("clsid") = item_class;
    registry.append_attribute("name") = name.c_str();
    registry.append_attribute("status") = name.c_str();
    registry.append_attribute("image") = item.removal ? "3" : "2";
    registry.append_attribute("changed") = date.c_str();
    registry.append_attribute("uid") =
        derived_guid({"preference", seed, item.hive, item.key, item.value_name}).c_str();
    registry.append_attribute("desc") = xml_text(item.description).c_str();
    if (!prefix.empty())
      add_text(registry, (prefix + "GPOSettingOrder").c_str(), std::to_string(++order));
    pugi::xml_node properties = registry.append_child((prefix + "Properties").c_str());
    properties.append_attribute("action") = item.removal ? "D" : "U";
    properties.append_attribute("displayDecimal") = "0";
    properties.append_attribute("default") = "0";
    properties.append_attribute("hive") = item.hive.c_str();
    properties.append_attribute("key") = item.key.c_str();
    properties.append_attribute("name") = item.value_name.c_str();
    properties.append_attribute("type") = item.type.c_str();
    properties.append_attribute("value") = item.value.c_str();
    if (prefix.empty()) continue;
    properties.append_child((prefix + "Values").c_str());
    registry.append_child((prefix + "Filters").c_str());
  }
}

}  // namespace

std::vector<PreferenceItem> preference_items(const State& state, bool user) {
  std::vector<PreferenceItem> items;
  if (!user) {
    for (const auto& entry : state.present) items.push_back(addition(entry));
    for (const auto& entry : state.removed) items.push_back(removal(entry));
  }
  for (const auto& setting : state.settings)
    if (is_users(setting) == user) items.push_back(item(setting, setting.value));
  for (const auto& setting : state.reverted)
    if (is_users(setting) == user) items.push_back(default_item(setting));
  return items;
}

std::vector<PreferenceItem> preference_removal_items(const State& state, bool user) {
  std::vector<PreferenceItem> items;
  if (!user)
    for (const auto* entries : {&state.present, &state.removed})
      for (const auto& entry : *entries) items.push_back(removal(entry));
  for (const auto* settings : {&state.settings, &state.reverted})
    for (const auto& setting : *settings)
      if (is_users(setting) == user) items.push_back(default_item(setting));
  return items;
}

Bytes registry_xml(const std::vector<PreferenceItem>& items, Time changed,
                   const std::string& seed) {
  pugi::xml_document document;
  add_declaration(document);
  pugi::xml_node settings = add_element(document, "RegistrySettings");
  settings.append_attribute("clsid") = settings_class;
  add_items(settings, items, changed, seed, "");
  return saved_xml(document, pugi::format_indent);
}

void report_items(pugi::xml_node side, const std::vector<PreferenceItem>& items, Time changed,
                  const std::string& seed) {
  pugi::xml_node settings =
      add_extension(side, report_space, "q1:RegistrySettings", "Windows Registry")
          .append_child("q1:RegistrySettings");
  settings.append_attribute("clsid") = settings_class;
  add_items(settings, items, changed, seed, "q1:");
}

}  // namespace sealwright::bundle
