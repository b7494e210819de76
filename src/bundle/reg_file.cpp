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
    line += fmt::format("{:02x}", data[i]);
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

std::string machine_key(const Entry& entry) { return R"(HKEY_LOCAL_MACHINE\)" + key_of(entry); }

std::string deletion(const Entry& entry) { return "[-" + machine_key(entry) + "]\r\n\r\n"; }

std::string value(const Setting& setting, const std::optional<std::uint32_t>& wanted) {
  return fmt::format("[{}\\{}]\r\n\"{}\"={}\r\n\r\n", hive_of(setting.scope), key_of(setting),
                     value_name(setting.kind),
                     wanted ? fmt::format("dword:{:08x}", *wanted) : std::string("-"));
}

std::string default_value(const Setting& setting) {
  return value(setting, windows_default(setting.kind));
}

}  // namespace

Bytes reg_import(const State& state) {
  std::string text;
  for (const auto& entry : state.present)
    text += "[" + machine_key(entry) + "]\r\n" +
            hex_value("Blob", encode_blob(entry.certificate, entry.purposes)) + "\r\n";
  for (const auto& entry : state.removed) text += deletion(entry);
  for (const auto& setting : state.settings) text += value(setting, setting.value);
  for (const auto& setting : state.reverted) text += default_value(setting);
  return encoded(text);
}

Bytes reg_removal(const State& state) {
  std::string text;
  for (const auto& entry : state.present) text += deletion(entry);
  for (const auto& entry : state.removed) text += deletion(entry);
  for (const auto& setting : state.settings) text += default_value(setting);
  for (const auto& setting : state.reverted) text += default_value(setting);
  return encoded(text);
}

}  // namespace sealwright::bundle
