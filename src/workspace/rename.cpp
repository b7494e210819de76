#include "workspace/rename.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/encoding.h"
#include "ca/chain.h"
#include "workspace/renewal.h"

namespace sealwright::workspace {
namespace {

bool is_moved(const policy::Hierarchy& hierarchy, const std::string& from, const std::string& to) {
  return std::any_of(hierarchy.moved.begin(), hierarchy.moved.end(),
                     [&](const auto& move) { return move.from == from && move.to == to; });
}

/// The newest in use, else the newest.
std::optional<store::Generation> newest_of(const Workspace& workspace, const std::string& name) {
  const auto generations = workspace.inventory().generations_of(name);
  if (const auto* live = newest_live(generations)) return *live;
  return generations.empty() ? std::nullopt : std::optional(generations.back());
}

std::string kind_fault(const policy::Item& item, store::EntityKind kind) {
  const bool is_authority = kind == store::EntityKind::authority;
  if (is_authority == item.policy->is_authority()) return {};
  return is_authority ? "it is an authority" : "it is no authority";
}

std::string policy_fault(const policy::Item& item, const store::Generation& newest) {
  if (newest.policy.name == item.policy->name) return {};
  return fmt::format("its policy is '{}', not '{}'", newest.policy.name, item.policy->name);
}

/// The issuer may change its name in the same plan.
std::string issuer_fault(const Workspace& workspace, const policy::Item& item,
                         const store::Generation& newest) {
  const std::string wanted = item.self_signed() ? "itself" : "'" + item.issuer + "'";
  std::string is = "itself";
  if (newest.issuer) {
    const auto issuer = workspace.inventory().generation(*newest.issuer);
    const std::string name = issuer ? issuer->name : "";
    const bool same = name == item.issuer || is_moved(workspace.hierarchy(), name, item.issuer);
    if (same && !item.self_signed()) return {};
    is = "'" + name + "'";
  } else if (!ca::certificate_of(newest).self_signed()) {
    is = "nobody known here";
  } else if (item.self_signed()) {
    return {};
  }
  return fmt::format("its issuer is {}, not {}", is, wanted);
}

std::string subject_fault(const policy::Item& item, const store::Generation& newest) {
  if (item.subject.attributes.empty()) return {};
  const auto subject_as = [&](const std::string& name) {
    return policy::expand_subject(item.subject, name, newest.number).text();
  };
  const auto wanted = subject_as(item.name);
  if (newest.subject == wanted || newest.subject == subject_as(newest.name)) return {};
  return fmt::format("its subject is '{}', not '{}'", printable(newest.subject), printable(wanted));
}

std::string origin_fault(store::Origin origin) {
  switch (origin) {
    case store::Origin::hierarchy:
      return {};
    case store::Origin::command:
      return "it was not made for sealwright.yaml";
    case store::Origin::import:
      return "it was imported";
  }
  return {};
}

}  // namespace

std::optional<RenameRefusal> rename_refusal(const Workspace& workspace, const std::string& from,
                                            const policy::Item& item) {
  const auto entity = workspace.inventory().entity(from);
  if (!entity) return std::nullopt;
  const auto newest = newest_of(workspace, from);
  std::vector<std::string> faults = {kind_fault(item, entity->kind)};
  if (newest) {
    faults.push_back(policy_fault(item, *newest));
    faults.push_back(issuer_fault(workspace, item, *newest));
    faults.push_back(subject_fault(item, *newest));
  }
  std::erase(faults, "");
  const bool fits = faults.empty();
  if (!is_moved(workspace.hierarchy(), from, item.name))
    if (auto fault = origin_fault(entity->origin); !fault.empty())
      faults.push_back(std::move(fault));
  if (faults.empty()) return std::nullopt;
  const std::string what =
      newest ? fmt::format("'{}' (thumbprint {})", newest->label(), newest->thumbprint.hex())
             : "'" + from + "'";
  const std::string hint =
      fits ? fmt::format(
                 "write moved: [{{from: {}, to: {}}}] in sealwright.yaml, and look at the "
                 "plan",
                 from, item.name)
           : "a name of sealwright.yaml is what machines are told to trust";
  return RenameRefusal{fmt::format("{} is not what sealwright.yaml calls '{}': {}", what, item.name,
                                   fmt::join(faults, ", ")),
                       hint};
}

std::string known_as(const Workspace& workspace, const std::string& from) {
  const auto newest = newest_of(workspace, from);
  return "was '" + from + "'" + (newest ? ", thumbprint " + newest->thumbprint.hex() : "");
}

}  // namespace sealwright::workspace
