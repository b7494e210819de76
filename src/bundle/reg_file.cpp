#include "bundle/reg_file.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "bundle/blob.h"

namespace sealwright::bundle {
namespace {

std::string key_of(const Entry& entry) {
  return fmt::format(
      R"(HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\{}\Certificates\{})",
      entry.store == Store::root ? "ROOT" : registry_name(entry.store),
      entry.certificate.thumbprint().hex());
}

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

std::string deletion(const Entry& entry) { return "[-" + key_of(entry) + "]\r\n\r\n"; }

}  // namespace

Bytes reg_import(const State& state) {
  std::string text;
  for (const auto& entry : state.present)
    text += "[" + key_of(entry) + "]\r\n" +
            hex_value("Blob", encode_blob(entry.certificate, entry.purposes)) + "\r\n";
  for (const auto& entry : state.removed) text += deletion(entry);
  return encoded(text);
}

Bytes reg_removal(const State& state) {
  std::string text;
  for (const auto& entry : state.present) text += deletion(entry);
  for (const auto& entry : state.removed) text += deletion(entry);
  return encoded(text);
}

}  // namespace sealwright::bundle
