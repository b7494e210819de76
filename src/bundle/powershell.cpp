#include "bundle/powershell.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "bundle/blob.h"
#include "bundle/readme.h"
#include "bundle/settings.h"
#include "bundle/templates.h"

namespace sealwright::bundle {
namespace {

struct Script {
  const char* name;
  bool with_blobs;  ///< The others need thumbprints only, and Intune limits their size.
};
constexpr Script scripts[] = {
    {"Install-Trust.ps1", true},     {"Remove-Trust.ps1", false},  {"Test-Trust.ps1", false},
    {"Detect-ConfigMgr.ps1", false}, {"Detect-Intune.ps1", false},
};

/// DWORDs of eight hex digits are Int32 in Windows PowerShell 5.1, as its registry cmdlets want.
std::string number(const std::optional<std::uint32_t>& value) {
  return value ? fmt::format("0x{:08x}", *value) : "$null";
}

Json rows(const std::vector<Setting>& settings) {
  Json list = Json::array();
  for (const auto& setting : settings)
    list.push(Json::object()
                  .set("key", fmt::format(R"({}\{})", hive_of(setting.scope), key_of(setting)))
                  .set("name", value_name(setting.kind))
                  .set("value", number(setting.value))
                  .set("bits", setting.kind == Setting::Kind::wintrust_state)
                  .set("default", number(windows_default(setting.kind))));
  return list;
}

Json data_of(const State& state, const FormatRequest& request) {
  Json data = template_data(state, request);
  Json certificates = Json::array();
  const auto& known = data.at("certificates").items();
  for (std::size_t i = 0; i < known.size(); ++i) {
    Json row = known[i];
    const auto& entry = state.present[i];
    row.set("blob", to_base64(encode_blob(entry.certificate, entry.purposes)));
    certificates.push(std::move(row));
  }
  data.set("certificates", std::move(certificates));
  data.set("wanted_settings", rows(state.settings));
  data.set("reverted_settings", rows(state.reverted));
  return data;
}

}  // namespace

std::vector<OutputFile> powershell_files(const State& state, const FormatRequest& request) {
  Json data = data_of(state, request);
  std::vector<OutputFile> files;
  for (const auto& script : scripts) {
    data.set("with_blobs", script.with_blobs);
    Bytes content = {0xef, 0xbb, 0xbf};
    append(content,
           windows_text(filled(state, std::string("powershell/") + script.name, data, Escape::ps)));
    files.push_back({script.name, std::move(content)});
  }
  return files;
}

}  // namespace sealwright::bundle
