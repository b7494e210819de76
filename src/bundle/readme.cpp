#include "bundle/readme.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "bundle/gpo.h"
#include "bundle/settings.h"
#include "bundle/templates.h"

namespace sealwright::bundle {
namespace {

constexpr std::size_t max_text = 4096;

Json certificate_row(const Entry& entry) {
  Json json = Json::object();
  json.set("store", registry_name(entry.store));
  json.set("name", printable(entry.label, max_text));
  json.set("subject", printable(entry.certificate.subject().text(), max_text));
  json.set("thumbprint", entry.certificate.thumbprint().hex());
  json.set("sha256", to_hex(entry.certificate.sha256()));
  json.set("not_after", to_date(entry.certificate.not_after()));
  json.set("overlap", entry.overlap);
  return json;
}

/// Policies have keys of their own for some settings, and no place for others.
bool is_policy(const FormatRequest& request) {
  return request.name == "lgpo" || request.name == "registry-pol" ||
         (request.name == "gpo" && !is_preference(request));
}

Json setting_row(const Setting& setting, const std::optional<std::uint32_t>& value, Place place) {
  Json json = Json::object();
  json.set("key", fmt::format(R"({}\{})", hive_of(setting.scope), key_of(setting, place)));
  json.set("name", value_name(setting.kind));
  json.set("value", value ? fmt::format("0x{:08x}", *value) : std::string("not set"));
  return json;
}

/// Whether a format has a place for what goes into `store`.
bool carries(const FormatRequest& request, Store store) {
  if (request.name == "linux") return store == Store::root;
  if (request.name == "ldif" || request.name == "ppkg-xml")
    return store == Store::root || store == Store::ca;
  return true;
}

bool carries(const FormatRequest& request, const Setting& setting) {
  return !is_policy(request) ||
         (setting.scope != Setting::Scope::default_user && setting.scope != Setting::Scope::system);
}

/// What the list below a README names: what the format holds, and what others must carry.
Json list_data(const State& state, const FormatRequest& request) {
  State held = state;
  Json elsewhere = Json::array();
  const auto drop = [&](std::vector<Entry>& entries) {
    std::erase_if(entries, [&](const Entry& entry) { return !carries(request, entry.store); });
  };
  for (const auto& entry : state.present)
    if (!carries(request, entry.store)) elsewhere.push(certificate_row(entry));
  drop(held.present);
  drop(held.removed);
  for (auto* settings : {&held.settings, &held.reverted})
    std::erase_if(*settings, [&](const Setting& setting) { return !carries(request, setting); });
  Json data = template_data(held, request);
  data.set("any_elsewhere", !elsewhere.items().empty());
  data.set("elsewhere", std::move(elsewhere));
  return data;
}

/// At most one empty line between paragraphs, whatever sections of the template are left out.
std::string tidy(const std::string& text) {
  std::string lines;
  lines.reserve(text.size());
  for (const char c : text)
    if (c != '\n' || !lines.ends_with("\n\n")) lines += c;
  return lines;
}

}  // namespace

Json template_data(const State& state, const FormatRequest& request) {
  Json certificates = Json::array(), removed = Json::array(), settings = Json::array();
  for (const auto& entry : state.present) certificates.push(certificate_row(entry));
  for (const auto& entry : state.removed) removed.push(certificate_row(entry));
  const Place place = is_policy(request) ? Place::policy : Place::local;
  for (const auto& setting : state.settings)
    settings.push(setting_row(setting, setting.value, place));
  for (const auto& setting : state.reverted)
    settings.push(setting_row(setting, windows_default(setting.kind), place));
  const std::string name = printable(title(state, request), max_text);
  Json data = Json::object();
  data.set("bundle", state.name);
  data.set("version", state.version);
  data.set("ring", state.ring);
  data.set("display_name", name);
  data.set("display_name_ps", escaped(name, Escape::ps));
  data.set("made", to_iso(state.made));
  data.set("archive", zip_name(state));
  data.set("current_user", has_user_files(request));
  data.set("any_publishers",
           std::any_of(state.present.begin(), state.present.end(),
                       [](const Entry& entry) { return entry.store == Store::trusted_publisher; }));
  data.set("preference", is_preference(request));
  data.set("backup_id", gpo_backup_id(state, request));
  data.set("removal_id", gpo_removal_id(state, request));
  data.set("certificates", std::move(certificates));
  data.set("any_removed", !state.removed.empty());
  data.set("removed", std::move(removed));
  data.set("any_settings", !settings.items().empty());
  data.set("settings", std::move(settings));
  return data;
}

bool has_user_files(const FormatRequest& request) {
  return request.option("current_user") == "true";
}

std::string zip_name(const State& state) {
  return fmt::format("{}-v{}.zip", state.name, state.version);
}

Bytes windows_text(const std::string& text) {
  Bytes lines;
  lines.reserve(text.size() + text.size() / 16);
  for (const char c : text) {
    if (c == '\n') lines.push_back('\r');
    lines.push_back(static_cast<std::uint8_t>(c));
  }
  return lines;
}

OutputFile readme(const State& state, const FormatRequest& request) {
  const Json data = template_data(state, request);
  const std::string text =
      tidy(filled(state, request.name + "-README.txt", data, Escape::plain) +
           filled(state, "certificates.txt", list_data(state, request), Escape::plain));
  return {"README.txt", request.name == "linux" ? copy(view(text)) : windows_text(text)};
}

}  // namespace sealwright::bundle
