#include "workspace/bundles.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bundle/written.h"
#include "ca/chain.h"
#include "trust/stores.h"
#include "workspace/bundle_parts.h"
#include "workspace/renewal.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

std::vector<store::Generation> trusted_generations(const Workspace& workspace,
                                                   const std::string& name) {
  auto generations = workspace.inventory().generations_of(name);
  std::erase_if(generations, [&](const auto& one) { return !is_trusted(workspace, one); });
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
    for (const auto& generation : trusted_generations(workspace, name)) {
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
    for (const auto& generation : trusted_generations(workspace, name)) {
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

/// Returns those that it drops.
std::vector<bundle::Entry> drop_distrusted(const Workspace& workspace, bundle::State& state) {
  const auto& inventory = workspace.inventory();
  if (inventory.distrusted().empty()) return {};
  const auto kept =
      std::stable_partition(state.present.begin(), state.present.end(), [&](const auto& entry) {
        return entry.store == bundle::Store::disallowed ||
               !is_distrusted(inventory, inventory.find(entry.certificate.thumbprint()));
      });
  std::vector<bundle::Entry> dropped(kept, state.present.end());
  state.present.erase(kept, state.present.end());
  return dropped;
}

/// What left the YAML leaves the machines when nothing on record depends on it any more.
bool stays(const Workspace& workspace, const store::Generation& generation) {
  return !workspace.hierarchy().item(generation.name) && store::is_live(generation.state) &&
         !is_distrusted(workspace.inventory(), generation) &&
         workspace.inventory().is_needed(generation.id, workspace.now());
}

/// Brings in one certificate of the latest version: as removed, unless the YAML has it, or it
/// stays.
void add_recorded(const Workspace& workspace, bundle::Entry recorded, bool was_present,
                  bundle::State& state) {
  const auto present =
      std::find_if(state.present.begin(), state.present.end(), [&](const auto& entry) {
        return entry.store == recorded.store && entry.certificate == recorded.certificate;
      });
  if (present != state.present.end()) {
    present->label = recorded.label;  // A new name alone makes no new version.
    return;
  }
  const auto generation = workspace.inventory().find(recorded.certificate.thumbprint());
  if (was_present && stays(workspace, *generation))
    state.present.push_back(std::move(recorded));
  else
    remove_entry(state, std::move(recorded));
}

/// What the latest version has and the YAML does not say.
void add_from_latest(const Workspace& workspace, const bundle::State& latest,
                     bundle::State& state) {
  add_reverted(latest, state);
  for (const auto& entry : latest.present) add_recorded(workspace, entry, true, state);
  for (const auto& entry : latest.removed) add_recorded(workspace, entry, false, state);
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

/// A revoked publisher or what hangs below a revoked authority leaves a version that is held, too.
void drop_untrusted(const Workspace& workspace, bundle::State& state) {
  std::vector<bundle::Entry> kept;
  for (auto& entry : state.present)
    if (why_not_trusted(workspace, entry))
      remove_entry(state, std::move(entry));
    else
      kept.push_back(std::move(entry));
  state.present = std::move(kept);
}

/// The latest version, which brings an earlier one back, with what was distrusted since.
bundle::State held_state(const Workspace& workspace, const store::BundleVersion& latest) {
  bundle::State state = recorded_state(workspace, latest);
  add_distrusted(workspace, state);
  for (auto& entry : drop_distrusted(workspace, state)) remove_entry(state, std::move(entry));
  drop_untrusted(workspace, state);
  std::erase_if(state.removed, [&](const auto& entry) { return holds(state.present, entry); });
  bundle::settle(state);
  mark_overlaps(workspace, state);
  return state;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

}  // namespace

std::optional<std::string> why_not_trusted(const Workspace& workspace, const bundle::Entry& entry) {
  const auto& inventory = workspace.inventory();
  const auto generation = inventory.find(entry.certificate.thumbprint());
  if (entry.store == bundle::Store::disallowed || !generation) return std::nullopt;
  if (is_distrusted(inventory, generation))
    return generation->distrusted ? "it was distrusted" : "what issued it was distrusted";
  if (is_trusted(workspace, *generation)) {
    if (const auto above = revoked_above(inventory, *generation))
      return fmt::format("'{}' above it was revoked", above->label());
    return std::nullopt;
  }
  if (generation->state == store::GenerationState::revoked) return "it was revoked";
  return std::nullopt;
}

bool is_trusted(const Workspace& workspace, const store::Generation& generation) {
  if (store::is_live(generation.state)) return true;
  const auto* item = workspace.hierarchy().item(generation.name);
  return item && to_be_revoked(*item) && generation.state == store::GenerationState::revoked;
}

bool is_distrusted(const store::Inventory& inventory, std::optional<store::Generation> generation) {
  while (generation && !generation->distrusted)
    generation = generation->issuer ? inventory.generation(*generation->issuer) : std::nullopt;
  return generation.has_value();
}

void add_distrusted(const Workspace& workspace, bundle::State& state) {
  for (const auto& generation : workspace.inventory().distrusted())
    state.present.push_back({bundle::Store::disallowed, ca::certificate_of(generation),
                             generation.label(), std::nullopt});
}

bundle::State state_of_yaml(const Workspace& workspace, const policy::Bundle& wanted) {
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
  (void)drop_distrusted(workspace, state);
  if (const auto latest = workspace.inventory().latest_bundle_version(wanted.name))
    add_from_latest(workspace, recorded_state(workspace, *latest), state);
  bundle::settle(state);
  mark_overlaps(workspace, state);
  return state;
}

bundle::State desired_state(const Workspace& workspace, const policy::Bundle& wanted) {
  const auto latest = workspace.inventory().latest_bundle_version(wanted.name);
  if (latest && rolled_back_to(*latest)) return held_state(workspace, *latest);
  return state_of_yaml(workspace, wanted);
}

bool nothing_to_hold(const Workspace& workspace, const policy::Bundle& wanted) {
  const auto state = desired_state(workspace, wanted);
  return state.present.empty() && state.removed.empty();
}

bool follows_from_time(const Workspace& workspace, const policy::Bundle& wanted) {
  const auto latest = workspace.inventory().latest_bundle_version(wanted.name);
  if (!latest) return false;
  const auto generation_of = [&](const bundle::Entry& entry) {
    return workspace.inventory().find(entry.certificate.thumbprint());
  };
  std::set<std::pair<bundle::Store, std::string>> known;
  for (const auto& entry : recorded_state(workspace, *latest).present)
    known.insert({entry.store, generation_of(entry)->name});
  const auto state = desired_state(workspace, wanted);
  return std::all_of(state.present.begin(), state.present.end(), [&](const auto& entry) {
    const auto generation = generation_of(entry);
    if (!generation) return false;
    return (entry.store == bundle::Store::disallowed && generation->distrusted) ||
           known.contains({entry.store, generation->name});
  });
}

std::string bundle_folder(const policy::Bundle& wanted, int version, const std::string& ring) {
  std::string folder = replaced(replaced(wanted.output, "{bundle}", wanted.name), "{version}",
                                std::to_string(version));
  while (!ring.empty() && folder.ends_with('/')) folder.pop_back();
  return ring.empty() ? folder : folder + "-" + ring;
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
  if (pilot_of(workspace, wanted.name)) return std::nullopt;
  const fs::path folder = workspace.resolve(bundle_folder(wanted, latest->version));
  if (!fs::exists(folder)) return "its folder is not there";
  if (!bundle::is_intact(folder)) return "its files are not as they were written";
  const auto written = bundle::written_in(folder);
  if (!written || written->bundle != wanted.name) return "its folder holds something else";
  if (written->version != latest->version)
    return fmt::format("its folder holds version {}", written->version);
  return std::nullopt;
}

}  // namespace sealwright::workspace
