// The part of a plan about what follows from certificates: lists, the distribution point, exports,
// bundles.

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "workspace/bundles.h"
#include "workspace/draft.h"
#include "workspace/elsewhere.h"
#include "workspace/exports.h"
#include "workspace/publishing.h"

namespace sealwright::workspace {
namespace {

using Action = Step::Action;

/// RFC 5280, 4.2.1.3.
bool may_sign_lists(const policy::Authority& authority) {
  const auto& usage = authority.policy->extensions.key_usage;
  return !usage || (usage->bits & x509::crl_sign);
}

/// Whether its lists will be due for what this plan does.
bool will_need_list(const Draft& draft, const policy::Authority& authority) {
  return has_lists(draft.workspace, authority) && may_sign_lists(authority);
}

void plan_lists(Draft& draft) {
  const auto& hierarchy = draft.workspace.hierarchy();
  for (const auto& authority : hierarchy.authorities) {
    if (const auto bring = list_to_bring(draft.workspace, authority, draft.workspace.now()))
      draft.note(Notice::Kind::due, authority.name, *bring);
    if (!keeps_key(draft.workspace, authority)) continue;
    std::optional<std::string> reason;
    if (will_need_list(draft, authority) && draft.published.contains(authority.name))
      reason = "it has no list yet";
    if (may_sign_lists(authority) && draft.lists.contains(authority.name))
      reason = "something is revoked";
    if (!reason) reason = crl_due(draft.workspace, authority);
    if (!reason) continue;
    const auto& folder = hierarchy.distribution_publish;
    if (draft.add({Action::crl, authority.name,
                   "revocation list for " + to_text(authority.crl.lifetime), *reason, "",
                   folder.empty() ? "not published here" : folder}))
      draft.lists_are_published = true;
  }
}

void plan_publishing(Draft& draft) {
  const auto& folder = draft.workspace.hierarchy().distribution_publish;
  if (folder.empty() || draft.workspace.inventory().workspace().offline) return;
  if (draft.lists_are_published) return;  // with everything else
  auto reason = publish_due(draft.workspace);
  if (!reason && !draft.published.empty()) reason = "a certificate is new";
  if (reason)
    draft.add({Action::publish, distribution_name, "certificates and lists", *reason, "", folder});
}

/// Whether the file will hold something else after the steps before.
bool changes(const Draft& draft, const policy::Export& wanted) {
  if (wanted.generation == "active") return draft.active.contains(wanted.certificate);
  return draft.in_bundles.contains(wanted.certificate) || draft.active.contains(wanted.certificate);
}

void plan_exports(Draft& draft) {
  for (const auto& wanted : draft.workspace.hierarchy().exports) {
    // What was never written is new, and new is not due.
    if (draft.options.due && !was_written(draft.workspace, wanted)) continue;
    auto reason = export_due(draft.workspace, wanted);
    if (changes(draft, wanted)) reason = "new certificate";
    if (reason)
      draft.add({Action::export_file, wanted.name,
                 policy::to_text(wanted.format) + " of " + wanted.certificate, *reason, "",
                 wanted.path});
  }
}

bool adopts(const Draft& draft, const std::string& name) {
  const auto& steps = draft.plan.steps;
  return std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
    return step.action == Action::adopt && step.name == name;
  });
}

bool changes(const Draft& draft, const policy::Bundle& bundle) {
  for (const auto* list : {&bundle.root, &bundle.ca, &bundle.trusted_publisher, &bundle.disallowed})
    for (const auto& name : *list) {
      if (draft.in_bundles.contains(name)) return true;
      // Issuers join by themselves, each with what it issued: one that is new has not issued yet.
      const auto* item = draft.workspace.hierarchy().item(name);
      for (; item && !item->self_signed(); item = draft.workspace.hierarchy().item(item->issuer))
        if (adopts(draft, item->issuer)) return true;
    }
  return false;
}

void plan_bundles(Draft& draft) {
  if (draft.workspace.inventory().workspace().offline) return;
  for (const auto& bundle : draft.workspace.hierarchy().bundles) {
    for (const auto& said : left_out(bundle)) draft.note(Notice::Kind::differs, bundle.name, said);
    if (cannot_be_written(bundle)) continue;
    const auto held = rolled_back_to(draft.workspace, bundle.name);
    for (const auto& said : bundle_notes(draft.workspace, bundle))
      draft.note(Notice::Kind::differs, bundle.name, said);
    const bool change = !held && changes(draft, bundle);
    std::optional<std::string> reason = bundle_due(draft.workspace, bundle);
    if (draft.options.due && !change && reason && !follows_from_time(draft.workspace, bundle))
      continue;
    if (draft.options.due && !draft.workspace.inventory().latest_bundle_version(bundle.name))
      continue;
    if (!reason && change) reason = "its certificates change";
    if (!reason) continue;
    if (!change && nothing_to_hold(draft.workspace, bundle)) {
      draft.note(Notice::Kind::waiting, bundle.name,
                 "waits for its certificates: none of them exists yet");
      continue;
    }
    std::string formats;
    for (const auto& format : desired_state(draft.workspace, bundle).formats)
      formats += (formats.empty() ? "" : ", ") + format.name;
    const int version = next_bundle_version(draft.workspace, bundle, change);
    draft.add({Action::write_bundle, bundle.name, fmt::format("version {} ({})", version, formats),
               *reason, "", bundle_folder(bundle, version)});
  }
}

}  // namespace

void plan_outputs(Draft& draft) {
  plan_lists(draft);
  plan_publishing(draft);
  plan_exports(draft);
  plan_bundles(draft);
}

}  // namespace sealwright::workspace
