#include "bundle/reg_file.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "bundle/blob.h"
#include "bundle/settings.h"

namespace sealwright::bundle {
namespace {

/// hex: data folded like regedit: no line but the last exceeds 77 characters before its backslash;
/// continuation lines start with two spaces.
std::string hex_value(std::string_view name, BytesView data) {
  std::string line = fmt::format("\"{}\"=hex:", name), text;
  for (std::size_t i = 0; i < data.size(); ++i) {
    line += to_hex(data.subspan(i, 1));
    if (i + 1 == data.size()) break;
    line += ",";
    if (line.size() + 3 > 77) {
      text += line + "\\\r\n";
      line = "  ";
    }
  }
  return text + line + "\r\n";
}

Bytes encoded(const std::string& text) {
  Bytes bytes = {0xff, 0xfe};
  append(bytes, utf16le("Windows Registry Editor Version 5.00\r\n\r\n" + text));
  return bytes;
}

/// The key below the same path in either hive (System Store Locations).
std::string full_key(const Entry& entry, RegStores stores) {
  return fmt::format("{}\\{}",
                     hive_of(stores == RegStores::machine ? Setting::Scope::machine
                                                          : Setting::Scope::current_user),
                     key_of(entry));
}

std::string addition(const Entry& entry, RegStores stores) {
  return "[" + full_key(entry, stores) + "]\r\n" +
         hex_value("Blob", encode_blob(entry.certificate, entry.purposes)) + "\r\n";
}

std::string deletion(const Entry& entry, RegStores stores) {
  return "[-" + full_key(entry, stores) + "]\r\n\r\n";
}

std::string value(const Setting& setting, const std::optional<std::uint32_t>& wanted) {
  return fmt::format("[{}\\{}]\r\n\"{}\"={}\r\n\r\n", hive_of(setting.scope), key_of(setting),
                     value_name(setting.kind),
                     wanted ? fmt::format("dword:{:08x}", *wanted) : std::string("-"));
}

std::string default_value(const Setting& setting) {
  return value(setting, windows_default(setting.kind));
}

/// The settings that the file may write.
std::vector<Setting> settings_for(std::vector<Setting> settings, RegStores stores) {
  if (stores == RegStores::current_user)
    std::erase_if(settings, [](const Setting& setting) {
      return setting.scope != Setting::Scope::current_user;
    });
  return settings;
}

}  // namespace

Bytes reg_import(const State& state, RegStores stores) {
  std::string text;
  for (const auto& entry : state.present) text += addition(entry, stores);
  for (const auto& entry : state.removed) text += deletion(entry, stores);
  for (const auto& setting : settings_for(state.settings, stores))
    text += value(setting, setting.value);
  for (const auto& setting : settings_for(state.reverted, stores)) text += default_value(setting);
  return encoded(text);
}

Bytes reg_removal(const State& state, RegStores stores) {
  std::string text;
  for (const auto& entry : state.present) text += deletion(entry, stores);
  for (const auto& entry : state.removed) text += deletion(entry, stores);
  for (const auto& setting : settings_for(state.settings, stores)) text += default_value(setting);
  for (const auto& setting : settings_for(state.reverted, stores)) text += default_value(setting);
  return encoded(text);
}

}  // namespace sealwright::bundle
