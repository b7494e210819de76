#include "workspace/bundles.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "base/error.h"
#include "bundle/settings.h"
#include "ca/chain.h"
#include "ossl/digest.h"
#include "trust/stores.h"
#include "workspace/renewal.h"
#include "x509/oids.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

/// Those that belong into bundles: the live ones, and those that are there to be revoked, for
/// machines must trust them but for that.
std::vector<store::Generation> live_generations(const Workspace& workspace,
                                                const std::string& name) {
  auto generations = workspace.inventory().generations_of(name);
  const auto* item = workspace.hierarchy().item(name);
  const bool negative = item && to_be_revoked(*item);
  std::erase_if(generations, [&](const store::Generation& generation) {
    return !store::is_live(generation.state) &&
           !(negative && generation.state == store::GenerationState::revoked);
  });
  return generations;
}

/// What can be issued below a root, for its property 9: all purposes of the policies that hang
/// under it.
std::vector<Oid> purposes_under(const policy::Hierarchy& hierarchy, const std::string& root) {
  std::vector<Oid> purposes;
  for (const auto* item : hierarchy.in_issuing_order()) {
    if (!item->policy->extensions.extended_key_usage) continue;
    const auto* top = item;
    while (!top->self_signed()) top = hierarchy.item(top->issuer);
    if (top->name != root) continue;
    for (const auto& oid : item->policy->extensions.extended_key_usage->purposes)
      if (std::find(purposes.begin(), purposes.end(), oid) == purposes.end())
        purposes.push_back(oid);
  }
  std::sort(purposes.begin(), purposes.end());
  return purposes;
}

std::optional<std::vector<Oid>> root_purposes(const Workspace& workspace,
                                              const policy::Bundle& wanted,
                                              const std::string& root) {
  using Purposes = policy::Bundle::Purposes;
  if (wanted.root_purposes == Purposes::unrestricted) return std::nullopt;
  if (wanted.root_purposes == Purposes::listed) return wanted.purposes;
  auto purposes = purposes_under(workspace.hierarchy(), root);
  if (purposes.empty()) return std::nullopt;
  return purposes;
}

void add(const Workspace& workspace, const policy::Bundle& wanted, bundle::Store store,
         const std::vector<std::string>& names, bundle::State& state) {
  for (const auto& name : names)
    for (const auto& generation : live_generations(workspace, name)) {
      bundle::Entry entry{store, ca::certificate_of(generation), generation.label(), std::nullopt};
      if (store == bundle::Store::root) entry.purposes = root_purposes(workspace, wanted, name);
      state.present.push_back(std::move(entry));
    }
}

/// Wrong on purpose in that its issuer is nowhere to be found.
bool is_alone(const Workspace& workspace, const std::string& publisher) {
  const auto* item = workspace.hierarchy().item(publisher);
  return item && item->policy->negative && item->policy->negative->breaks == "chain-complete";
}

/// Intermediates above the publishers: machines need them where a signature came without its chain.
void add_intermediates(const Workspace& workspace, const std::vector<std::string>& publishers,
                       bundle::State& state) {
  for (const auto& name : publishers) {
    if (is_alone(workspace, name)) continue;
    for (const auto& generation : live_generations(workspace, name)) {
      std::optional<store::GenerationId> above = generation.issuer;
      while (above) {
        const auto issuer = workspace.inventory().generation(*above);
        if (!issuer) break;
        if (issuer->issuer)
          state.present.push_back(
              {bundle::Store::ca, ca::certificate_of(*issuer), issuer->label(), std::nullopt});
        above = issuer->issuer;
      }
    }
  }
}

/// What was revoked with distrust: in every bundle, whoever it belongs to.
void add_distrusted(const Workspace& workspace, bundle::State& state) {
  for (const auto& generation : workspace.inventory().distrusted())
    state.present.push_back({bundle::Store::disallowed, ca::certificate_of(generation),
                             generation.label(), std::nullopt});
}

/// Whether it was distrusted, or something above it: Disallowed wins over all trust in it.
bool is_distrusted(const store::Inventory& inventory, std::optional<store::Generation> generation) {
  while (generation && !generation->distrusted)
    generation = generation->issuer ? inventory.generation(*generation->issuer) : std::nullopt;
  return generation.has_value();
}

void drop_distrusted(const Workspace& workspace, bundle::State& state) {
  const auto& inventory = workspace.inventory();
  if (inventory.distrusted().empty()) return;
  std::erase_if(state.present, [&](const bundle::Entry& entry) {
    return entry.store != bundle::Store::disallowed &&
           is_distrusted(inventory, inventory.find(entry.certificate.thumbprint()));
  });
}

bundle::Store store_of(const std::string& name) {
  for (const auto store : {bundle::Store::root, bundle::Store::ca, bundle::Store::trusted_publisher,
                           bundle::Store::disallowed})
    if (bundle::yaml_name(store) == name) return store;
  throw Error(Error::Kind::input, "the recorded bundle names an unknown store '" + name + "'");
}

/// What left the YAML leaves the machines when nothing on record depends on it any more.
bool stays(const Workspace& workspace, const store::Generation& generation) {
  return !workspace.hierarchy().item(generation.name) && store::is_live(generation.state) &&
         !is_distrusted(workspace.inventory(), generation) &&
         workspace.inventory().is_needed(generation.id, workspace.now());
}

std::optional<std::vector<Oid>> recorded_purposes(const Json& entry) {
  const Json* recorded = entry.find("purposes");
  if (!recorded) return std::nullopt;
  std::vector<Oid> purposes;
  for (const auto& oid : recorded->items()) purposes.emplace_back(oid.string());
  return purposes;
}

/// What the latest version set, or undid, and this does not set.
void add_reverted(const Json& recorded, bundle::State& state) {
  for (const char* list : {"settings", "reverted"}) {
    const Json* rows = recorded.find(list);
    if (!rows) continue;
    for (const auto& row : rows->items()) {
      const auto old = bundle::setting_from_json(row);
      if (std::none_of(state.settings.begin(), state.settings.end(), [&](const auto& setting) {
            return setting.kind == old.kind && setting.scope == old.scope;
          }))
        state.reverted.push_back(old);
    }
  }
}

/// Brings in what the latest recorded version has and the YAML does not say: as removed, unless it
/// stays.
void add_from_latest(const Workspace& workspace, bundle::State& state) {
  const auto latest = workspace.inventory().latest_bundle_version(state.name);
  if (!latest) return;
  const Json recorded = Json::parse(latest->state);
  add_reverted(recorded, state);
  for (const char* list : {"present", "removed"})
    for (const auto& row : recorded.at(list).items()) {
      const auto thumbprint = parse_thumbprint(row.at("thumbprint").string());
      const auto generation = thumbprint ? workspace.inventory().find(*thumbprint) : std::nullopt;
      if (!generation) continue;
      const bundle::Store store = store_of(row.at("store").string());
      const auto present =
          std::find_if(state.present.begin(), state.present.end(), [&](const auto& entry) {
            return entry.store == store && entry.certificate.thumbprint() == *thumbprint;
          });
      bundle::Entry entry{store, ca::certificate_of(*generation), row.at("name").string(),
                          std::nullopt};
      if (present != state.present.end()) {
        present->label = entry.label;  // A new name alone makes no new version.
      } else if (list == std::string_view("present") && stays(workspace, *generation)) {
        entry.purposes = recorded_purposes(row);
        state.present.push_back(std::move(entry));
      } else {
        state.removed.push_back(std::move(entry));
      }
    }
}

bundle::Setting::Scope scope_of(policy::Bundle::User user) {
  using Scope = bundle::Setting::Scope;
  if (user == policy::Bundle::User::current) return Scope::current_user;
  return user == policy::Bundle::User::system ? Scope::system : Scope::default_user;
}

/// State concerns who installs: where nobody is named, who is logged on and the system.
std::vector<bundle::Setting> settings_of(const policy::Bundle& wanted) {
  using Kind = bundle::Setting::Kind;
  using User = policy::Bundle::User;
  std::vector<bundle::Setting> settings;
  if (wanted.wintrust_state != policy::Bundle::WintrustState::keep) {
    const bool own = wanted.wintrust_state == policy::Bundle::WintrustState::value;
    const std::uint32_t value = own ? wanted.wintrust_value : trust::default_wintrust_state;
    const std::vector<User> usual = {User::current, User::standard};
    for (const User user : wanted.users.empty() ? usual : wanted.users)
      settings.push_back({Kind::wintrust_state, scope_of(user), value});
  }
  if (wanted.authenticode_flags)
    settings.push_back(
        {Kind::authenticode_flags, bundle::Setting::Scope::machine, *wanted.authenticode_flags});
  return settings;
}

const policy::BundleFormat* find_format(const policy::Bundle& wanted, const std::string& name) {
  const auto said = std::find_if(wanted.formats.begin(), wanted.formats.end(),
                                 [&](const auto& format) { return format.name == name; });
  return said == wanted.formats.end() ? nullptr : &*said;
}

/// The formats with settings that a zip holds by name, or all others where it names none.
std::vector<const policy::BundleFormat*> held(const policy::Bundle& wanted,
                                              const policy::BundleFormat& zip) {
  std::vector<const policy::BundleFormat*> formats;
  std::istringstream names(zip.option("of"));
  for (std::string name; std::getline(names, name, ',');)
    if (const auto* format = find_format(wanted, name)) formats.push_back(format);
  if (zip.option("of").empty())
    for (const auto& format : wanted.formats)
      if (&format != &zip) formats.push_back(&format);
  return formats;
}

/// Why a format cannot be written. A zip falls with any that it names, and with the last where it
/// names none.
std::optional<bundle::Refusal> refusal(const policy::Bundle& wanted,
                                       const policy::BundleFormat& format) {
  if (format.name != "zip") return bundle::why_not_written({format.name, format.options});
  std::optional<bundle::Refusal> first;
  const bool by_name = !format.option("of").empty();
  for (const auto* other : held(wanted, format)) {
    const auto why = refusal(wanted, *other);
    if (!why && !by_name) return std::nullopt;
    if (why && !first) first = {{"format 'zip' holds " + why->reason, why->hint}};
  }
  return first;
}

/// Those that can be written.
std::vector<bundle::FormatRequest> requests(const policy::Bundle& wanted) {
  std::vector<bundle::FormatRequest> made;
  for (const auto& format : wanted.formats)
    if (!refusal(wanted, format)) made.emplace_back(format.name, format.options);
  return made;
}

/// The formats by their names, with what the YAML says about them.
std::vector<bundle::FormatRequest> requests(const policy::Bundle& wanted,
                                            const std::vector<std::string>& names) {
  std::vector<bundle::FormatRequest> made;
  for (const auto& name : names) {
    const auto* said = find_format(wanted, name);
    if (said)
      if (const auto why = refusal(wanted, *said))
        throw Error(Error::Kind::policy, why->reason, why->hint);
    made.emplace_back(name, said ? said->options : std::map<std::string, std::string>{});
  }
  return made;
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

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

}  // namespace

bundle::State desired_state(const Workspace& workspace, const policy::Bundle& wanted) {
  bundle::State state;
  state.name = wanted.name;
  state.workspace_id = workspace.inventory().workspace().id;
  state.formats = requests(wanted);
  state.settings = settings_of(wanted);
  add(workspace, wanted, bundle::Store::root, wanted.root, state);
  add(workspace, wanted, bundle::Store::ca, wanted.ca, state);
  add(workspace, wanted, bundle::Store::trusted_publisher, wanted.trusted_publisher, state);
  add(workspace, wanted, bundle::Store::disallowed, wanted.disallowed, state);
  add_distrusted(workspace, state);
  add_intermediates(workspace, wanted.trusted_publisher, state);
  drop_distrusted(workspace, state);
  add_from_latest(workspace, state);
  bundle::settle(state);
  return state;
}

bool nothing_to_hold(const Workspace& workspace, const policy::Bundle& wanted) {
  const auto state = desired_state(workspace, wanted);
  return state.present.empty() && state.removed.empty();
}

bool follows_from_time(const Workspace& workspace, const policy::Bundle& wanted) {
  const auto latest = workspace.inventory().latest_bundle_version(wanted.name);
  if (!latest) return false;
  std::set<std::string> known;
  const Json recorded = Json::parse(latest->state);
  for (const auto& row : recorded.at("present").items())
    if (const auto thumbprint = parse_thumbprint(row.at("thumbprint").string()))
      if (const auto generation = workspace.inventory().find(*thumbprint))
        known.insert(row.at("store").string() + " " + generation->name);
  const auto state = desired_state(workspace, wanted);
  return std::all_of(state.present.begin(), state.present.end(), [&](const auto& entry) {
    const auto generation = workspace.inventory().find(entry.certificate.thumbprint());
    return generation &&
           known.contains(std::string(bundle::yaml_name(entry.store)) + " " + generation->name);
  });
}

std::string bundle_folder(const policy::Bundle& wanted, int version) {
  return replaced(replaced(wanted.output, "{bundle}", wanted.name), "{version}",
                  std::to_string(version));
}

int next_bundle_version(const Workspace& workspace, const policy::Bundle& wanted, bool changes) {
  const auto latest = workspace.inventory().latest_bundle_version(wanted.name);
  if (!latest) return 1;
  const bool same = !changes && is_latest(workspace, desired_state(workspace, wanted));
  return same ? latest->version : latest->version + 1;
}

std::optional<std::string> bundle_due(const Workspace& workspace, const policy::Bundle& wanted) {
  const auto latest = workspace.inventory().latest_bundle_version(wanted.name);
  if (!latest) return "not written yet";
  if (!is_latest(workspace, desired_state(workspace, wanted))) return "its content changed";
  if (!fs::exists(workspace.resolve(bundle_folder(wanted, latest->version))))
    return "its folder is not there";
  if (!bundle::is_intact(workspace.resolve(bundle_folder(wanted, latest->version))))
    return "its files are not as they were written";
  return std::nullopt;
}

std::vector<std::string> left_out(const policy::Bundle& wanted) {
  std::vector<std::string> said;
  for (const auto& format : wanted.formats)
    if (const auto why = refusal(wanted, format))
      said.push_back(why->reason + ": it is left out; " + why->hint);
  return said;
}

bool cannot_be_written(const policy::Bundle& wanted) {
  return !wanted.formats.empty() && requests(wanted).empty();
}

WrittenBundle write_bundle(Workspace& workspace, const policy::Bundle& wanted,
                           const BundleOptions& options) {
  bundle::State state = desired_state(workspace, wanted);
  if (state.present.empty() && state.removed.empty())
    throw Error(Error::Kind::state,
                "bundle '" + wanted.name + "' would be empty: none of its certificates exists yet",
                "run 'sealwright apply' first");
  WrittenBundle written;
  written.formats = options.formats;
  if (written.formats.empty())
    for (const auto& format : state.formats) written.formats.push_back(format.name);
  if (!options.folder) (void)workspace.resolve_output(bundle_folder(wanted, 1));
  const auto formats = requests(wanted, written.formats);
  (void)bundle::write_formats(state, formats);  // What cannot be written must not get a version.
  written.new_version = !is_latest(workspace, state);
  const auto version = workspace.inventory().add_bundle_version(wanted.name, content_hash(state),
                                                                bundle::content_of(state).dump(-1));
  written.version = state.version = version.version;
  state.made = version.created;
  written.folder = options.folder
                       ? *options.folder
                       : workspace.resolve_output(bundle_folder(wanted, version.version));
  const bool there = fs::exists(written.folder) && !fs::is_empty(written.folder);
  if (there && !options.folder && !bundle::is_intact(written.folder))
    throw Error(Error::Kind::state,
                "the files in '" + written.folder.string() + "' are not as they were written",
                "move the folder away, and it is written again");
  if (!there || options.folder) bundle::save(bundle::write_formats(state, formats), written.folder);
  return written;
}

}  // namespace sealwright::workspace
