#include "workspace/bundle_rollback.h"

#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "ca/chain.h"
#include "workspace/bundle_parts.h"

namespace sealwright::workspace {
namespace {

using Remarks = std::vector<RollbackRemark>;

std::optional<store::Generation> generation_of(const Workspace& workspace,
                                               const bundle::Entry& entry) {
  return workspace.inventory().find(entry.certificate.thumbprint());
}

/// The publishers of `latest` that sign now, and what is above them, each with what it does.
std::map<store::GenerationId, std::string> that_sign(const Workspace& workspace,
                                                     const bundle::State& latest) {
  std::map<store::GenerationId, std::string> signing;
  for (const auto& entry : latest.present) {
    const auto publisher = generation_of(workspace, entry);
    if (entry.store != bundle::Store::trusted_publisher || !publisher ||
        publisher->state != store::GenerationState::active || why_not_trusted(workspace, entry))
      continue;
    signing.insert_or_assign(publisher->id, "it signs");
    for (auto above = publisher->issuer; above;) {
      signing.emplace(*above, fmt::format("'{}' below it signs", publisher->label()));
      const auto issuer = workspace.inventory().generation(*above);
      above = issuer ? issuer->issuer : std::nullopt;
    }
  }
  return signing;
}

/// What stays though the version gone back to had it not.
Remarks kept_of(const Workspace& workspace, const bundle::State& latest,
                const bundle::State& state) {
  const auto signing = that_sign(workspace, latest);
  Remarks kept;
  for (const auto& entry : latest.present) {
    const auto generation = generation_of(workspace, entry);
    if (entry.store == bundle::Store::disallowed || !generation || holds(state.present, entry) ||
        why_not_trusted(workspace, entry))
      continue;
    if (const auto signs = signing.find(generation->id); signs != signing.end())
      kept.push_back({entry, signs->second});
    else if (workspace.inventory().is_needed(generation->id, workspace.now()))
      kept.push_back({entry, "something that must still install depends on it"});
  }
  return kept;
}

/// What the version had in Disallowed gives way to what must be trusted, unless it was distrusted.
void keep(const Remarks& kept, bundle::State& state) {
  for (const auto& remark : kept) {
    std::erase_if(state.present, [&](const bundle::Entry& entry) {
      return entry.store == bundle::Store::disallowed &&
             entry.certificate == remark.entry.certificate;
    });
    state.present.push_back(remark.entry);
  }
}

/// What the YAML disallows stays so, whatever the version said of it.
Remarks disallow(const Workspace& workspace, const policy::Bundle& wanted, bundle::State& state) {
  Remarks lost;
  for (const auto& name : wanted.disallowed)
    for (const auto& generation : workspace.inventory().generations_of(name)) {
      const auto certificate = ca::certificate_of(generation);
      std::erase_if(state.present, [&](const bundle::Entry& entry) {
        const bool trusts = entry.store != bundle::Store::disallowed;
        if (entry.certificate != certificate) return false;
        if (trusts) lost.push_back({entry, "sealwright.yaml disallows it"});
        return true;
      });
      state.present.push_back(
          {bundle::Store::disallowed, certificate, generation.label(), std::nullopt, {}});
    }
  return lost;
}

RolledBackBundle content(const Workspace& workspace, const policy::Bundle& wanted,
                         const bundle::State& target, const bundle::State& latest,
                         bundle::State& state) {
  RolledBackBundle made;
  made.to = target.version;
  state.name = target.name;
  state.workspace_id = target.workspace_id;
  state.rolled_back_to = target.version;
  state.formats = requests(wanted);
  state.settings = target.settings;
  add_reverted(latest, state);
  for (const auto& entry : target.present)
    if (const auto why = why_not_trusted(workspace, entry))
      made.left_out.push_back({entry, *why});
    else
      state.present.push_back(entry);
  made.kept = kept_of(workspace, latest, state);
  keep(made.kept, state);
  add_distrusted(workspace, state);
  for (auto& remark : disallow(workspace, wanted, state))
    made.left_out.push_back(std::move(remark));
  for (const auto* list : {&latest.present, &latest.removed})
    for (const auto& entry : *list)
      if (!holds(state.present, entry)) remove_entry(state, entry);
  return made;
}

}  // namespace

RolledBackBundle roll_back(Workspace& workspace, const policy::Bundle& wanted, int to) {
  const auto target = find_version(workspace, wanted.name, to);
  const auto latest = *workspace.inventory().latest_bundle_version(wanted.name);
  if (latest.version == to)
    throw Error(Error::Kind::state,
                fmt::format("'{}@{}' is the latest version: there is nothing to go back from",
                            wanted.name, to),
                to == 1 ? "" : fmt::format("name an earlier one: {}@{}", wanted.name, to - 1));
  bundle::State state;
  auto made = content(workspace, wanted, recorded_state(workspace, target),
                      recorded_state(workspace, latest), state);
  bundle::settle(state);
  mark_overlaps(workspace, state);
  BundleOptions options;
  options.rollback = BundleOptions::Rollback::end;  // of one that may be in force
  made.written = write_version(workspace, wanted, std::move(state), options);
  return made;
}

}  // namespace sealwright::workspace
