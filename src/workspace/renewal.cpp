#include "workspace/renewal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "workspace/bundles.h"
#include "workspace/negative.h"

namespace sealwright::workspace {
namespace {

bool names(const policy::Bundle& bundle, const std::string& name) {
  const auto holds = [&](const auto& list) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  return holds(bundle.root) || holds(bundle.ca) || holds(bundle.trusted_publisher);
}

bool holds(const store::BundleVersion& version, const store::Generation& generation) {
  const Json state = Json::parse(version.state);
  const std::string thumbprint = generation.thumbprint.hex();
  const auto& present = state.at("present").items();
  return std::any_of(present.begin(), present.end(), [&](const Json& entry) {
    return entry.at("thumbprint").string() == thumbprint;
  });
}

/// The first version that brought `generation` to the machines, and was not followed by one
/// without it, with when it did.
struct Deployed {
  int version = 0;
  Time at{};
};
std::optional<Deployed> deployed(const Workspace& workspace, const policy::Bundle& bundle,
                                 const store::Generation& generation) {
  std::optional<Deployed> first;
  const auto versions = workspace.inventory().bundle_versions(bundle.name);
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (!holds(*version, generation)) break;
    const auto at = bundle.confirm_deployment ? version->deployed
                                              : written_for_all(workspace.inventory(), *version);
    if (at && (!first || *at <= first->at)) first = Deployed{version->version, *at};
  }
  return first;
}

/// Why a rollback keeps `generation` from the machines.
std::optional<std::string> kept_out(const Workspace& workspace, const std::string& name,
                                    const store::Generation& generation) {
  for (const auto& bundle : workspace.hierarchy().bundles) {
    if (!names(bundle, name)) continue;
    const auto latest = workspace.inventory().latest_bundle_version(bundle.name);
    const auto to = latest ? rolled_back_to(*latest) : std::nullopt;
    if (to && !holds(*latest, generation))
      return fmt::format("'{}' waits: bundle '{}' is rolled back to v{}, which does not have it",
                         generation.label(), bundle.name, *to);
  }
  return std::nullopt;
}

ActivationAnswer when_deployed(const Workspace& workspace, const policy::Item& item,
                               const store::Generation& next) {
  std::string reason;
  for (const auto& bundle : workspace.hierarchy().bundles) {
    if (!names(bundle, item.name)) continue;
    const auto when = deployed(workspace, bundle, next);
    if (!when)
      return {false,
              fmt::format("'{}' waits until bundle '{}' is {}, or for 'sealwright activate "
                          "{}'",
                          next.label(), bundle.name,
                          bundle.confirm_deployment ? "deployed" : "written for all machines",
                          next.label())};
    const Time from = add(when->at, bundle.deployment_lead);
    const std::string since =
        fmt::format("{}@{} is {} since {}", bundle.name, when->version,
                    bundle.confirm_deployment ? "deployed" : "written", to_date(when->at));
    if (workspace.now() < from)
      return {false,
              fmt::format("'{}' waits until {}: {}, and machines get {} to fetch it", next.label(),
                          to_date(from), since, to_text(bundle.deployment_lead))};
    reason += (reason.empty() ? "" : "; ") + since;
  }
  return {true, reason.empty() ? "no bundle must bring it to the machines" : reason};
}

}  // namespace

const policy::RenewalPolicy& renewal_of(const policy::Hierarchy& hierarchy,
                                        const policy::Item& item) {
  if (const auto* authority = hierarchy.authority(item.name)) return authority->renewal;
  return item.policy->renewal;
}

Time due_at(const policy::RenewalPolicy& renewal, const store::Generation& newest) {
  if (renewal.window)
    if (const Time at = subtract(newest.not_after, *renewal.window); at > newest.not_before)
      return at;
  return newest.not_after - (newest.not_after - newest.not_before) / 4;
}

const store::Generation* newest_live(const std::vector<store::Generation>& generations) {
  const store::Generation* newest = nullptr;
  for (const auto& generation : generations)
    if (store::is_live(generation.state) && (!newest || generation.number > newest->number))
      newest = &generation;
  return newest;
}

RenewalAnswer renewal_due(const policy::Hierarchy& hierarchy, const policy::Item& item,
                          const std::vector<store::Generation>& generations, Time now) {
  // Dates that are wrong on purpose stay so.
  if (item.policy->negative && item.policy->validity.not_after) return {};
  const store::Generation* newest = newest_live(generations);
  if (!newest || now < due_at(renewal_of(hierarchy, item), *newest)) return {};
  const std::string until = "'" + newest->label() + "' " +
                            (now < newest->not_after ? "ends" : "ended") + " at " +
                            to_iso(newest->not_after);
  if (!item.renew) return {false, until + ", and its YAML says renew: false"};
  const auto* certificate = hierarchy.certificate(item.name);
  if (certificate && certificate->not_after && *certificate->not_after <= newest->not_after)
    return {false, until + ", as its YAML says: give it a later not_after"};
  if (item.policy->is_authority())
    return {false,
            until + ": an authority is replaced by a rotation, which this version does not do"};
  return {true, until};
}

std::optional<store::Generation> revoked_above(const store::Inventory& inventory,
                                               const store::Generation& generation) {
  auto issuer = generation.issuer;
  while (issuer) {
    auto above = inventory.generation(*issuer);
    if (!above) break;
    if (above->state == store::GenerationState::revoked) return above;
    issuer = above->issuer;
  }
  return std::nullopt;
}

RenewalAnswer revocation_above(const Workspace& workspace, const policy::Item& item,
                               const std::vector<store::Generation>& generations) {
  const auto& inventory = workspace.inventory();
  const store::Generation* newest = newest_live(generations);
  if (!newest || negative_of(workspace.hierarchy(), item)) return {};
  const auto revoked = revoked_above(inventory, *newest);
  if (!revoked) return {};
  const std::string because = newest->issuer == revoked->id
                                  ? "its issuer '" + revoked->label() + "' is revoked"
                                  : "'" + revoked->label() + "' above it is revoked";
  if (item.policy->is_authority())
    return {false, because + ": revoke '" + newest->label() +
                       "' too, and 'sealwright apply' issues the next generation"};
  if (!item.renew) return {false, because + ", and its YAML says renew: false"};
  const auto issuer = item.self_signed() ? std::nullopt : inventory.active(item.issuer);
  if (issuer && revoked_above(inventory, *issuer))
    return {false, because + ": it is renewed when '" + item.issuer + "' has a next generation"};
  return {true, because};
}

ActivationAnswer activation_due(const Workspace& workspace, const policy::Item& item,
                                const store::Generation& next) {
  using Activate = policy::RenewalPolicy::Activate;
  if (const auto why = kept_out(workspace, item.name, next)) return {false, *why};
  switch (renewal_of(workspace.hierarchy(), item).activate) {
    case Activate::immediately:
      return {true, "its policy says activate: immediately"};
    case Activate::by_hand:
      return {false,
              fmt::format("'{0}' waits for 'sealwright activate {0}': its policy says activate: "
                          "by-hand",
                          next.label())};
    case Activate::when_deployed:
      break;
  }
  return when_deployed(workspace, item, next);
}

bool in_rolled_back_bundle(const Workspace& workspace, const std::string& name) {
  const auto& bundles = workspace.hierarchy().bundles;
  return std::any_of(bundles.begin(), bundles.end(), [&](const policy::Bundle& bundle) {
    return names(bundle, name) && rolled_back_to(workspace, bundle.name);
  });
}

std::optional<std::string> retirement_due(const Workspace& workspace, const policy::Item& item,
                                          const store::Generation& retiring) {
  const auto& inventory = workspace.inventory();
  const Time since = retiring.retiring.value_or(retiring.created);
  if (const auto& overlap = renewal_of(workspace.hierarchy(), item).overlap) {
    if (workspace.now() < add(since, *overlap)) return std::nullopt;
    return fmt::format("its overlap of {} is over since {}", to_text(*overlap),
                       to_date(add(since, *overlap)));
  }
  if (inventory.has_live_below(retiring.id) || inventory.is_needed(retiring.id, workspace.now()))
    return std::nullopt;
  return "nothing on record depends on it any more";
}

bool to_be_revoked(const policy::Item& item) {
  return item.policy->negative && item.policy->negative->breaks == "revoked";
}

}  // namespace sealwright::workspace
