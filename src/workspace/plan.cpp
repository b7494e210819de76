#include "workspace/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/suggest.h"
#include "workspace/draft.h"
#include "workspace/elsewhere.h"
#include "workspace/unmanaged.h"

namespace sealwright::workspace {
namespace {

std::vector<std::string> known_names(const policy::Hierarchy& hierarchy) {
  std::vector<std::string> known;
  for (const auto* item : hierarchy.in_issuing_order()) known.push_back(item->name);
  for (const auto& item : hierarchy.exports) known.push_back(item.name);
  for (const auto& item : hierarchy.bundles) known.push_back(item.name);
  if (!hierarchy.distribution_publish.empty()) known.emplace_back(distribution_name);
  return known;
}

void need_with_issuers(const policy::Hierarchy& hierarchy, const std::string& name,
                       Wanted& wanted) {
  const auto* item = hierarchy.item(name);
  for (; item; item = item->self_signed() ? nullptr : hierarchy.item(item->issuer))
    wanted.needed.insert(item->name);
}

Wanted wanted_names(const policy::Hierarchy& hierarchy, const std::vector<std::string>& only) {
  Wanted wanted{only.empty(), {}, {}};
  const auto known = known_names(hierarchy);
  for (const auto& name : only) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Error(Error::Kind::usage,
                  "sealwright.yaml has nothing called '" + printable(name) + "'",
                  did_you_mean(name, known));
    wanted.asked.insert(name);
    need_with_issuers(hierarchy, name, wanted);
    for (const auto& item : hierarchy.exports)
      if (item.name == name) need_with_issuers(hierarchy, item.certificate, wanted);
    if (const auto* bundle = hierarchy.bundle(name))
      for (const auto* list :
           {&bundle->root, &bundle->ca, &bundle->trusted_publisher, &bundle->disallowed})
        for (const auto& held : *list) need_with_issuers(hierarchy, held, wanted);
  }
  return wanted;
}

/// What a saved plan is bound to besides the inventory.
std::string sources_of(const Workspace& workspace) {
  std::string all = read_text(workspace.folder() / hierarchy_file);
  for (const auto* item : workspace.hierarchy().in_issuing_order())
    all += "\n" + item->name + " " + item->policy->fingerprint;
  return to_hex(ossl::hash(ossl::Digest::sha256, view(all)));
}

void note_unmanaged(Draft& draft) {
  if (!draft.wanted.all || draft.options.due) return;
  const auto unmanaged = unmanaged_names(draft.workspace);
  for (const auto& name : unmanaged.names)
    draft.note(Notice::Kind::unmanaged, name,
               "in the inventory, but not in sealwright.yaml: unmanaged, left as it is");
  if (unmanaged.more > 0)
    draft.note(Notice::Kind::unmanaged, "",
               fmt::format("and {} more names: 'sealwright list --filter origin=hierarchy' and "
                           "'origin=import' show them",
                           unmanaged.more));
}

void note_elsewhere(Draft& draft) {
  if (!draft.workspace.inventory().workspace().offline) return;
  std::size_t count = 0;
  for (const auto* item : draft.workspace.hierarchy().in_issuing_order())
    count += !concerns(draft.workspace, *item);
  if (count > 0)
    draft.note(Notice::Kind::elsewhere, "",
               fmt::format("this is the offline workspace: {} of the YAML {} made in the other one",
                           count == 1 ? "1 name" : fmt::format("{} names", count),
                           count == 1 ? "is" : "are"));
}

void plan_everything(Draft& draft) {
  plan_items(draft);
  plan_outputs(draft);
  note_elsewhere(draft);
  note_unmanaged(draft);
}

}  // namespace

std::string_view to_text(Step::Action action) {
  using Action = Step::Action;
  switch (action) {
    case Action::rename:
      return "rename";
    case Action::adopt:
      return "adopt";
    case Action::issue:
      return "issue";
    case Action::renew:
      return "renew";
    case Action::request:
      return "request";
    case Action::revoke:
      return "revoke";
    case Action::activate:
      return "activate";
    case Action::retire:
      return "retire";
    case Action::crl:
      return "crl";
    case Action::publish:
      return "publish";
    case Action::export_file:
      return "export";
    case Action::write_bundle:
      return "bundle";
  }
  return "";
}

Plan make_plan(const Workspace& workspace, const PlanOptions& options) {
  Draft draft{workspace, options, wanted_names(workspace.hierarchy(), options.only), {}};
  draft.plan.workspace = workspace.hierarchy().name;
  draft.plan.sources = sources_of(workspace);
  draft.plan.only = options.only;
  draft.plan.due = options.due;
  draft.plan.inventory = workspace.inventory().head();
  const auto renames = plan_renames(draft);
  // Whatever follows is planned for the names as they will be.
  workspace.inventory().as_if_renamed(renames, [&] { plan_everything(draft); });
  const auto rank = [](const Step& step) {
    const bool issuing = step.action == Step::Action::renew || step.action == Step::Action::request;
    return issuing ? Step::Action::issue : step.action;
  };
  std::stable_sort(draft.plan.steps.begin(), draft.plan.steps.end(),
                   [&](const Step& a, const Step& b) { return rank(a) < rank(b); });
  return std::move(draft.plan);
}

}  // namespace sealwright::workspace
