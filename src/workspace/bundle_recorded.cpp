// The inventory's record of a bundle version, read back.

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/settings.h"
#include "ca/chain.h"
#include "ossl/digest.h"
#include "workspace/bundle_parts.h"

namespace sealwright::workspace {
namespace {

bundle::Store store_of(const std::string& name) {
  if (const auto store = bundle::store_by_yaml_name(name)) return *store;
  throw Error(Error::Kind::input, "the recorded bundle names an unknown store '" + name + "'");
}

std::optional<std::vector<Oid>> purposes_of(const Json& entry) {
  const Json* recorded = entry.find("purposes");
  if (!recorded) return std::nullopt;
  std::vector<Oid> purposes;
  for (const auto& oid : recorded->items()) purposes.emplace_back(oid.string());
  return purposes;
}

std::vector<bundle::Entry> entries_of(const Workspace& workspace, const Json& rows) {
  std::vector<bundle::Entry> entries;
  for (const auto& row : rows.items()) {
    const auto thumbprint = parse_thumbprint(row.at("thumbprint").string());
    const auto generation = thumbprint ? workspace.inventory().find(*thumbprint) : std::nullopt;
    if (!generation) continue;
    entries.push_back({store_of(row.at("store").string()), ca::certificate_of(*generation),
                       row.at("name").string(), purposes_of(row)});
  }
  return entries;
}

std::vector<bundle::Setting> settings_of(const Json* rows) {
  std::vector<bundle::Setting> settings;
  if (rows)
    for (const auto& row : rows->items()) settings.push_back(bundle::setting_from_json(row));
  return settings;
}

std::vector<bundle::FormatRequest> formats_of(const Json* rows) {
  std::vector<bundle::FormatRequest> formats;
  if (!rows) return formats;
  for (const auto& row : rows->items()) {
    bundle::FormatRequest request(row.at("name").string());
    for (const auto& [key, value] : row.members())
      if (key != "name") request.options.emplace(key, value.string());
    formats.push_back(std::move(request));
  }
  return formats;
}

std::string numbers(const std::vector<store::BundleVersion>& versions) {
  constexpr std::size_t most = 10;
  std::string text;
  for (std::size_t i = versions.size() > most ? versions.size() - most : 0; i < versions.size();
       ++i)
    text += (text.empty()               ? ""
             : i + 1 == versions.size() ? " and "
                                        : ", ") +
            std::to_string(versions[i].version);
  return text;
}

}  // namespace

bundle::State recorded_state(const Workspace& workspace, const store::BundleVersion& version) {
  const Json recorded = Json::parse(version.state);
  bundle::State state;
  state.name = version.bundle;
  state.version = version.version;
  state.workspace_id = workspace.inventory().workspace().id;
  state.made = version.created;
  state.present = entries_of(workspace, recorded.at("present"));
  state.removed = entries_of(workspace, recorded.at("removed"));
  state.settings = settings_of(recorded.find("settings"));
  state.reverted = settings_of(recorded.find("reverted"));
  state.formats = formats_of(recorded.find("formats"));
  state.rolled_back_to = rolled_back_to(version);
  return state;
}

std::optional<int> rolled_back_to(const store::BundleVersion& version) {
  const Json recorded = Json::parse(version.state);
  const Json* to = recorded.find("rolled_back_to");
  if (!to) return std::nullopt;
  return static_cast<int>(to->integer());
}

std::optional<int> rolled_back_to(const Workspace& workspace, const std::string& bundle) {
  const auto latest = workspace.inventory().latest_bundle_version(bundle);
  return latest ? rolled_back_to(*latest) : std::nullopt;
}

std::vector<std::string> bundle_notes(const Workspace& workspace, const policy::Bundle& wanted) {
  std::vector<std::string> notes;
  if (const auto pilot = pilot_of(workspace, wanted.name)) notes.push_back(*pilot);
  const auto to = rolled_back_to(workspace, wanted.name);
  if (!to) return notes;
  notes.push_back(fmt::format("rolled back to v{}: 'bundle write {}' ends that", *to, wanted.name));
  const auto state = desired_state(workspace, wanted);
  for (const auto& name : wanted.trusted_publisher) {
    const auto active = workspace.inventory().active(name);
    if (active && std::none_of(state.present.begin(), state.present.end(), [&](const auto& entry) {
          return entry.store == bundle::Store::trusted_publisher &&
                 entry.certificate.thumbprint() == active->thumbprint;
        }))
      notes.push_back(
          fmt::format("'{}' signs and is not in it: machines do not install silently "
                      "what it signs",
                      active->label()));
  }
  return notes;
}

store::BundleVersion find_version(const Workspace& workspace, const std::string& bundle,
                                  int version) {
  if (auto found = workspace.inventory().bundle_version(bundle, version)) return *found;
  const auto versions = workspace.inventory().bundle_versions(bundle);
  throw Error(Error::Kind::state,
              fmt::format("bundle '{}' has no version {}", printable(bundle), version),
              versions.empty()       ? "none was written yet"
              : versions.size() == 1 ? fmt::format("it has version {} alone", numbers(versions))
                                     : "it has versions " + numbers(versions));
}

store::Sha256 content_hash(const bundle::State& state) {
  const Bytes hash = ossl::hash(ossl::Digest::sha256, view(bundle::content_of(state).dump(-1)));
  store::Sha256 sha256{};
  std::copy(hash.begin(), hash.end(), sha256.begin());
  return sha256;
}

bool is_latest(const Workspace& workspace, const bundle::State& state) {
  const auto latest = workspace.inventory().latest_bundle_version(state.name);
  return latest && latest->content == content_hash(state);
}

void add_reverted(const bundle::State& latest, bundle::State& state) {
  for (const auto* list : {&latest.settings, &latest.reverted})
    for (const auto& old : *list)
      if (std::none_of(state.settings.begin(), state.settings.end(), [&](const auto& setting) {
            return setting.kind == old.kind && setting.scope == old.scope;
          }))
        state.reverted.push_back(old);
}

bool holds(const std::vector<bundle::Entry>& entries, const bundle::Entry& wanted) {
  return std::any_of(entries.begin(), entries.end(), [&](const bundle::Entry& entry) {
    return entry.store == wanted.store && entry.certificate == wanted.certificate;
  });
}

void remove_entry(bundle::State& state, bundle::Entry entry) {
  entry.purposes.reset();
  entry.overlap.clear();
  state.removed.push_back(std::move(entry));
}

}  // namespace sealwright::workspace
