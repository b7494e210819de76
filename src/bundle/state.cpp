#include "bundle/state.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/settings.h"
#include "ossl/digest.h"
#include "x509/oids.h"

namespace sealwright::bundle {
namespace {

struct StoreName {
  Store store;
  std::string_view registry, yaml;
};
constexpr StoreName store_names[] = {
    {Store::root, "Root", "root"},
    {Store::ca, "CA", "ca"},
    {Store::trusted_publisher, "TrustedPublisher", "trusted_publisher"},
    {Store::disallowed, "Disallowed", "disallowed"},
};

const StoreName& name_of(Store store) {
  return *std::find_if(std::begin(store_names), std::end(store_names),
                       [&](const StoreName& row) { return row.store == store; });
}

void refuse(const Entry& entry, std::string why, std::string hint) {
  throw Error(Error::Kind::policy,
              fmt::format("'{}' cannot go into the {} store: {}", printable(entry.label),
                          registry_name(entry.store), why),
              std::move(hint));
}

/// A self-signed certificate may be an authority and a signer at once, as makecert -r makes them.
bool signs_code(const x509::Certificate& certificate) {
  const auto purposes = certificate.extended_key_usage();
  return purposes &&
         std::find(purposes->begin(), purposes->end(), x509::oids::code_signing) != purposes->end();
}

void check(const Entry& entry, const State& state) {
  const auto& certificate = entry.certificate;
  if (entry.store == Store::trusted_publisher && certificate.is_ca() && !certificate.self_signed())
    refuse(entry,
           "it is a CA certificate, and Windows only looks for the signer's own certificate there",
           "name the certificates that sign, each one");
  if (entry.store == Store::trusted_publisher && certificate.is_ca() && !signs_code(certificate))
    refuse(entry,
           "it is a root without code signing usage, and Windows only looks for the signer's own "
           "certificate there",
           "name the certificates that sign, each one");
  if (entry.store == Store::root && !certificate.self_signed())
    refuse(entry, "it is not self-signed",
           "put intermediates into 'ca' and signers into 'trusted_publisher'");
  if (entry.store != Store::disallowed)
    for (const auto& other : state.present)
      if (other.store == Store::disallowed && other.certificate == certificate)
        refuse(entry, "it is in Disallowed too, which wins", "take it out of one of the two");
}

void sort_and_unique(std::vector<Entry>& entries) {
  const auto before = [](const Entry& a, const Entry& b) {
    return std::pair(a.store, a.certificate.thumbprint()) <
           std::pair(b.store, b.certificate.thumbprint());
  };
  const auto same = [](const Entry& a, const Entry& b) {
    return a.store == b.store && a.certificate == b.certificate;
  };
  std::stable_sort(entries.begin(), entries.end(), before);
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

enum class Overlaps { left_out, said };

Json to_json(const Entry& entry, Overlaps overlaps) {
  Json json = Json::object();
  json.set("store", yaml_name(entry.store));
  json.set("thumbprint", entry.certificate.thumbprint().hex());
  json.set("sha256", to_hex(entry.certificate.sha256()));
  json.set("name", entry.label);
  json.set("subject", entry.certificate.subject().text());
  json.set("not_after", to_iso(entry.certificate.not_after()));
  if (entry.purposes) {
    Json purposes = Json::array();
    for (const auto& oid : *entry.purposes) purposes.push(oid.text());
    json.set("purposes", std::move(purposes));
  }
  if (overlaps == Overlaps::said && !entry.overlap.empty()) json.set("overlap", entry.overlap);
  return json;
}

void sort_and_unique(std::vector<Setting>& settings) {
  const auto key = [](const Setting& one) { return std::pair(one.kind, one.scope); };
  std::stable_sort(settings.begin(), settings.end(),
                   [&](const Setting& a, const Setting& b) { return key(a) < key(b); });
  settings.erase(std::unique(settings.begin(), settings.end(),
                             [&](const Setting& a, const Setting& b) { return key(a) == key(b); }),
                 settings.end());
}

Json to_json(const std::vector<Setting>& settings) {
  Json list = Json::array();
  for (const auto& setting : settings)
    list.push(Json::object()
                  .set("name", value_name(setting.kind))
                  .set("scope", scope_name(setting.scope))
                  .set("value", std::int64_t{setting.value}));
  return list;
}

Json to_json(const std::vector<FormatRequest>& formats) {
  Json list = Json::array();
  for (const auto& format : formats) {
    Json row = Json::object();
    row.set("name", format.name);
    for (const auto& [key, value] : format.options) row.set(key, value);
    list.push(std::move(row));
  }
  return list;
}

Json to_json(const State& state, Overlaps overlaps) {
  Json present = Json::array(), removed = Json::array();
  for (const auto& entry : state.present) present.push(to_json(entry, overlaps));
  for (const auto& entry : state.removed) removed.push(to_json(entry, overlaps));
  Json json = Json::object();
  json.set("bundle", state.name);
  if (state.rolled_back_to) json.set("rolled_back_to", *state.rolled_back_to);
  json.set("present", std::move(present));
  json.set("removed", std::move(removed));
  if (!state.settings.empty()) json.set("settings", to_json(state.settings));
  if (!state.reverted.empty()) json.set("reverted", to_json(state.reverted));
  if (!state.formats.empty()) json.set("formats", to_json(state.formats));
  return json;
}

}  // namespace

std::string FormatRequest::option(const std::string& key) const {
  const auto found = options.find(key);
  return found == options.end() ? std::string() : found->second;
}

std::string title(const State& state, const FormatRequest& request) {
  std::string said = request.option("display_name");
  if (said.empty()) said = state.display_name.empty() ? state.name : state.display_name;
  return state.ring.empty() ? said : said + " (" + state.ring + ")";
}

std::string_view registry_name(Store store) { return name_of(store).registry; }
std::string_view yaml_name(Store store) { return name_of(store).yaml; }

std::optional<Store> store_by_registry_name(std::string_view name) {
  for (const auto& row : store_names)
    if (equal_ignoring_case(row.registry, name)) return row.store;
  return std::nullopt;
}

std::optional<Store> store_by_yaml_name(std::string_view name) {
  for (const auto& row : store_names)
    if (row.yaml == name) return row.store;
  return std::nullopt;
}

void settle(State& state) {
  sort_and_unique(state.present);
  sort_and_unique(state.removed);
  sort_and_unique(state.settings);
  sort_and_unique(state.reverted);
  for (const auto& entry : state.present) check(entry, state);
}

Json content_of(const State& state) { return to_json(state, Overlaps::left_out); }
Json description_of(const State& state) { return to_json(state, Overlaps::said); }

std::string derived_guid(const std::vector<std::string>& parts) {
  Bytes input;
  for (const auto& part : parts) {
    put_u32le(input, static_cast<std::uint32_t>(part.size()));
    append(input, view(part));
  }
  Bytes guid = ossl::hash(ossl::Digest::sha256, input);
  guid.resize(16);
  guid[6] = std::uint8_t(0x80 | (guid[6] & 0x0f));
  guid[8] = std::uint8_t(0x80 | (guid[8] & 0x3f));
  const std::string hex = to_hex_upper(guid);
  return fmt::format("{{{}-{}-{}-{}-{}}}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

std::vector<std::string> identity_of(std::string kind, const State& state) {
  std::vector<std::string> parts = {std::move(kind), state.workspace_id, state.name};
  if (!state.ring.empty()) parts.push_back(state.ring);
  return parts;
}

}  // namespace sealwright::bundle
