#include "workspace/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/suggest.h"
#include "workspace/bundles.h"
#include "workspace/exports.h"
#include "workspace/renewal.h"

namespace sealwright::workspace {
namespace {

std::string key_text(const ossl::KeySpec& spec) {
  switch (spec.type) {
    case ossl::KeyType::rsa:
      return fmt::format("RSA-{}", spec.bits);
    case ossl::KeyType::ec:
      return spec.curve == ossl::Curve::p256   ? "ECDSA P-256"
             : spec.curve == ossl::Curve::p384 ? "ECDSA P-384"
                                               : "ECDSA P-521";
    default:
      return "Ed25519";
  }
}

std::string what_of(const policy::Item& item) {
  const auto& policy = *item.policy;
  std::string kind;
  switch (policy.kind) {
    case policy::Kind::root:
      kind = "root CA";
      break;
    case policy::Kind::intermediate:
      kind = "issuing CA";
      break;
    case policy::Kind::end_entity:
      kind = item.self_signed() ? "self-signed certificate" : "certificate";
      break;
  }
  return fmt::format("{}{}, {}, {}", kind, item.self_signed() ? "" : " by " + item.issuer,
                     key_text(policy.key.spec), to_text(policy.validity.lifetime));
}

Step step_for(const policy::Item& item, Step::Action action, std::string why, int generation) {
  return {action,
          item.name,
          what_of(item),
          std::move(why),
          fmt::format("{}@{}", item.policy->name, item.policy->revision),
          policy::expand_subject(item.subject, item.name, generation).text()};
}

/// Names whose steps are wanted: those given, and the issuers they hang under.
std::set<std::string> wanted_names(const Workspace& workspace,
                                   const std::vector<std::string>& only) {
  std::set<std::string> wanted;
  const auto& hierarchy = workspace.hierarchy();
  std::vector<std::string> known;
  for (const auto& item : hierarchy.authorities) known.push_back(item.name);
  for (const auto& item : hierarchy.certificates) known.push_back(item.name);
  for (const auto& item : hierarchy.exports) known.push_back(item.name);
  for (const auto& item : hierarchy.bundles) known.push_back(item.name);
  for (const auto& name : only) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Error(Error::Kind::usage,
                  "sealwright.yaml has nothing called '" + printable(name) + "'",
                  did_you_mean(name, known));
    wanted.insert(name);
    for (const auto* item = hierarchy.item(name); item && !item->self_signed();
         item = hierarchy.item(item->issuer))
      wanted.insert(item->issuer);
  }
  return wanted;
}

/// What the YAML says by now is not in a certificate before its next generation.
void note_differences(const policy::Item& item, const store::Generation& newest, Plan& plan) {
  std::string differs;
  if (policy::expand_subject(item.subject, item.name, newest.number).text() != newest.subject)
    differs = "subject";
  if (item.policy->name != newest.policy.name || item.policy->revision != newest.policy.revision)
    differs += std::string(differs.empty() ? "" : " and ") + "policy";
  if (!differs.empty())
    plan.notices.push_back({item.name, "the YAML's " + differs + " is not that of '" +
                                           newest.label() +
                                           "': it takes effect with the next generation"});
}

void plan_certificates(const Workspace& workspace, Plan& plan) {
  for (const auto* item : workspace.hierarchy().in_issuing_order()) {
    const auto generations = workspace.inventory().generations_of(item->name);
    if (std::none_of(generations.begin(), generations.end(),
                     [](const auto& g) { return store::is_live(g.state); })) {
      plan.steps.push_back(
          step_for(*item, Step::Action::issue,
                   generations.empty() ? "not issued yet" : "no generation is in use any more",
                   workspace.inventory().next_number(item->name)));
      continue;
    }
    note_differences(*item, generations.back(), plan);
    const auto due = renewal_due(*item, generations, workspace.now());
    if (due.renew)
      plan.steps.push_back(step_for(*item, Step::Action::renew, due.reason,
                                    workspace.inventory().next_number(item->name)));
    else if (!due.reason.empty())
      plan.notices.push_back({item->name, due.reason});
  }
}

void plan_unmanaged(const Workspace& workspace, Plan& plan) {
  for (const auto& entity : workspace.inventory().entities())
    if (!workspace.hierarchy().item(entity.name) && workspace.inventory().active(entity.name))
      plan.notices.push_back(
          {entity.name, "in the inventory, but not in sealwright.yaml: unmanaged, left as it is"});
}

/// What a saved plan is bound to besides the inventory.
std::string sources_of(const Workspace& workspace) {
  std::string all = read_text(workspace.folder() / hierarchy_file);
  for (const auto* item : workspace.hierarchy().in_issuing_order())
    all += "\n" + item->name + " " + item->policy->fingerprint;
  return to_hex(ossl::hash(ossl::Digest::sha256, view(all)));
}

bool touched(const Plan& plan, const std::vector<std::string>& names) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const Step& step) {
    return std::find(names.begin(), names.end(), step.name) != names.end();
  });
}

void plan_exports(const Workspace& workspace, Plan& plan) {
  for (const auto& wanted : workspace.hierarchy().exports) {
    const auto reason = touched(plan, {wanted.certificate})
                            ? std::optional<std::string>("new certificate")
                            : export_due(workspace, wanted);
    if (reason)
      plan.steps.push_back({Step::Action::export_file, wanted.name,
                            policy::to_text(wanted.format) + " of " + wanted.certificate, *reason,
                            "", wanted.path});
  }
}

void plan_bundles(const Workspace& workspace, Plan& plan) {
  for (const auto& bundle : workspace.hierarchy().bundles) {
    std::vector<std::string> names;
    for (const auto* list :
         {&bundle.root, &bundle.ca, &bundle.trusted_publisher, &bundle.disallowed})
      names.insert(names.end(), list->begin(), list->end());
    std::string formats;
    for (const auto& format : bundle.formats)
      formats += (formats.empty() ? "" : ", ") + format.name;
    std::optional<std::string> reason = bundle_due(workspace, bundle);
    const bool changes = touched(plan, names);
    if (!reason && changes) reason = "its certificates change";
    if (!reason) continue;
    const int version = next_bundle_version(workspace, bundle, changes);
    plan.steps.push_back({Step::Action::write_bundle, bundle.name,
                          fmt::format("version {} ({})", version, formats), *reason, "",
                          bundle_folder(bundle, version)});
  }
}

}  // namespace

std::string_view to_text(Step::Action action) {
  switch (action) {
    case Step::Action::issue:
      return "issue";
    case Step::Action::renew:
      return "renew";
    case Step::Action::export_file:
      return "export";
    case Step::Action::write_bundle:
      return "bundle";
  }
  return "";
}

Plan make_plan(const Workspace& workspace, const PlanOptions& options) {
  const auto wanted = wanted_names(workspace, options.only);
  Plan plan;
  plan.workspace = workspace.hierarchy().name;
  plan.sources = sources_of(workspace);
  plan.only = options.only;
  plan.inventory = workspace.inventory().head();
  plan_certificates(workspace, plan);
  if (!options.only.empty())
    std::erase_if(plan.steps, [&](const Step& step) { return !wanted.contains(step.name); });
  plan_exports(workspace, plan);
  plan_bundles(workspace, plan);
  if (!options.only.empty())
    std::erase_if(plan.steps, [&](const Step& step) { return !wanted.contains(step.name); });
  plan_unmanaged(workspace, plan);
  return plan;
}

}  // namespace sealwright::workspace
