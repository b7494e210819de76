// The part of a plan about authorities and certificates.

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "workspace/adoption.h"
#include "workspace/differences.h"
#include "workspace/draft.h"
#include "workspace/elsewhere.h"
#include "workspace/rename.h"
#include "workspace/renewal.h"
#include "workspace/unmanaged.h"

namespace sealwright::workspace {
namespace {

using Action = Step::Action;
using Kind = Notice::Kind;
using store::GenerationState;

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

/// How long it is asked for: "2y", or "until 2028-01-01".
std::string lifetime_text(const policy::Hierarchy& hierarchy, const policy::Item& item) {
  const auto* certificate = hierarchy.certificate(item.name);
  if (certificate && certificate->not_after) return "until " + to_date(*certificate->not_after);
  const auto shorter = certificate ? certificate->lifetime : std::nullopt;
  return to_text(shorter.value_or(item.policy->validity.lifetime));
}

std::string what_of(const policy::Hierarchy& hierarchy, const policy::Item& item) {
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
                     key_text(policy.key.spec), lifetime_text(hierarchy, item));
}

/// Plans one item.
class ItemPlanner {
 public:
  ItemPlanner(Draft& draft, const policy::Item& item)
      : draft_(draft),
        workspace_(draft.workspace),
        inventory_(draft.workspace.inventory()),
        item_(item),
        place_(place_of(draft.workspace, item)),
        generations_(inventory_.generations_of(item.name)),
        newest_(newest_live(generations_)) {}

  void plan() {
    if (!concerns(workspace_, item_)) return;
    const bool meant = draft_.wanted.all || draft_.wanted.asked.contains(item_.name);
    if (meant && !draft_.options.due && refuses_policy()) return;
    if (adopts()) return;
    if (!newest_) return missing();
    differences();
    renewal();
    if (place_ == Place::here && to_be_revoked(item_)) revoke(newest_->label());
    generations();
  }

 private:
  bool adopts() {
    if (!item_.existing || draft_.options.due) return false;
    const auto due = adoption_due(workspace_, item_);
    if (!due) return false;
    if (draft_.add(
            {Action::adopt, item_.name, due->brings, "it exists already", reference(), due->marks}))
      made(true);
    return true;
  }

  /// It was edited without a new revision: said at once, not when the next generation is due.
  bool refuses_policy() {
    const auto refusal = changed_policy(inventory_, *item_.policy);
    if (!refusal.empty()) draft_.note(Kind::lint, item_.name, refusal);
    return !refusal.empty();
  }

  /// Nothing is in use.
  void missing() {
    // What is adopted is never created: its certificate was revoked or has ended, and that is all.
    if (item_.existing && !generations_.empty() && !draft_.options.due)
      return draft_.note(Kind::due, item_.name,
                         "no generation is in use any more, and what exists is adopted, not "
                         "issued: leave existing out to have a new one issued");
    if (place_ != Place::here) return elsewhere("not issued yet", true);
    if (draft_.options.due || is_revoked_as_meant()) return;
    if (!generations_.empty() && !item_.renew)
      return draft_.note(Kind::due, item_.name,
                         "no generation is in use any more, and its YAML says renew: false");
    if (generations_.empty() && item_.existing) return;
    if (generations_.empty()) suggest_rename();
    issue(Action::issue,
          generations_.empty() ? "not issued yet" : "no generation is in use any more");
    if (to_be_revoked(item_)) revoke(fmt::format("{}@{}", item_.name, next_number()));
  }

  /// A negative certificate that was revoked is as its YAML wants it until it ends.
  bool is_revoked_as_meant() const {
    return to_be_revoked(item_) && !generations_.empty() &&
           generations_.back().state == GenerationState::revoked &&
           workspace_.now() <= generations_.back().not_after;
  }

  void suggest_rename() {
    const auto guess = guess_rename(workspace_, item_);
    if (!guess) return;
    draft_.note(Kind::suggestion, item_.name,
                fmt::format("'{0}' left the YAML and has {2}: if '{1}' is '{0}' renamed, write "
                            "moved: [{{from: {0}, to: {1}}}]",
                            guess->from, item_.name, guess->because));
  }

  void differences() {
    if (draft_.options.due) return;
    for (auto& text : differences_of(workspace_, item_, *newest_))
      draft_.note(Kind::differs, item_.name, std::move(text));
  }

  void renewal() {
    const auto due = renewal_due(workspace_.hierarchy(), item_, generations_, workspace_.now());
    const auto revoked = revocation_above(workspace_, item_, generations_);
    if (!revoked.reason.empty() && (!revoked.renew || draft_.options.due))
      return draft_.note(Kind::due, item_.name, revoked.reason);
    std::string reason = revoked.renew ? revoked.reason : due.renew ? due.reason : "";
    if (reason.empty() && !draft_.options.due)
      reason = policy_change(workspace_.hierarchy(), item_, *newest_);
    if (place_ != Place::here) return elsewhere(reason, !reason.empty());
    if (!reason.empty())
      issue(Action::renew, reason);
    else if (!due.reason.empty())
      draft_.note(Kind::due, item_.name, due.reason);
  }

  void issue(Action action, const std::string& why) {
    Step step = step_for(action, why);
    if (refuses_policy() || !preview()) return;
    if (!draft_.add(std::move(step))) return;
    const auto found = draft_.previews.find(item_.name);
    made(found == draft_.previews.end() || found->second.state == GenerationState::active);
  }

  /// Whether the certificate may be issued, as far as can be known now.
  bool preview() {
    std::optional<store::Generation> issuer;
    if (!item_.self_signed()) {
      const auto planned = draft_.previews.find(item_.issuer);
      issuer = planned != draft_.previews.end() ? std::optional(planned->second)
                                                : inventory_.active(item_.issuer);
      if (!issuer) return has_planned_issuer();
    }
    try {
      auto order = ca::order_of(workspace_.hierarchy(), item_, issuer);
      order.subject = next_subject(inventory_, item_);
      order.held_back = in_rolled_back_bundle(workspace_, item_.name);
      const auto store = item_.key.store == policy::KeyStore::pkcs11 ? item_.key.store
                                                                     : policy::KeyStore::inventory;
      auto made = ca::preview(inventory_, order, store).generation;
      draft_.previews.insert_or_assign(item_.name, std::move(made));
      return true;
    } catch (const Error& error) {
      if (error.kind != Error::Kind::policy && error.kind != Error::Kind::state) throw;
      draft_.note(Kind::lint, item_.name,
                  error.message + (error.hint.empty() ? "" : " (" + error.hint + ")"));
      return false;
    }
  }

  /// One that is adopted first cannot be previewed; one that is not there yet makes this wait.
  bool has_planned_issuer() {
    const auto& steps = draft_.plan.steps;
    if (std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
          return step.name == item_.issuer && step.action == Action::adopt;
        }))
      return true;
    draft_.note(Kind::waiting, item_.name, "waits for its issuer '" + item_.issuer + "'");
    return false;
  }

  /// The issuer, or the key, is not here.
  void elsewhere(const std::string& why, bool needed) {
    const auto store = item_.key.store;
    const bool key_here = store != policy::KeyStore::external &&
                          (store != policy::KeyStore::offline || inventory_.workspace().offline);
    const bool can_request = key_here && !item_.self_signed() && !draft_.options.due &&
                             !inventory_.waiting_request(item_.name);
    if (needed && can_request) {
      draft_.add(step_for(Action::request, why));
      return;
    }
    if (const auto waits = waiting_for(workspace_, item_))
      draft_.note(Kind::waiting, item_.name, *waits);
    else if (needed && !newest_)
      draft_.note(Kind::waiting, item_.name, "is not made here, and is not there yet");
    else if (needed)
      draft_.note(Kind::due, item_.name, why);
  }

  void revoke(const std::string& generation) {
    if (draft_.options.due) return;
    if (!draft_.add({Action::revoke, item_.name, "so that it is wrong as its policy says",
                     "negative: {breaks: revoked}", "", generation}))
      return;
    draft_.lists.insert(item_.issuer);
    draft_.in_bundles.insert(item_.name);
  }

  /// What waits to sign, and what has signed.
  void generations() {
    for (const auto& generation : generations_) {
      if (generation.state == GenerationState::next && generation.number == newest_->number)
        activation(generation);
      if (generation.state == GenerationState::retiring)
        if (const auto reason = retirement_due(workspace_, item_, generation))
          if (draft_.add({Action::retire, item_.name, "leaves the bundles", *reason, "",
                          generation.label()}))
            draft_.in_bundles.insert(item_.name);
    }
  }

  void activation(const store::Generation& next) {
    const auto answer = activation_due(workspace_, item_, next);
    if (!answer.activate)
      draft_.note(Kind::waiting, item_.name, answer.reason);
    else if (draft_.add({Action::activate, item_.name, "signs from now on", answer.reason, "",
                         next.label()}))
      draft_.active.insert(item_.name);
  }

  /// A certificate will be there that was not.
  void made(bool is_active) {
    draft_.in_bundles.insert(item_.name);
    if (is_active) draft_.active.insert(item_.name);
    if (item_.policy->is_authority()) draft_.published.insert(item_.name);
  }

  int next_number() const { return inventory_.next_number(item_.name); }
  std::string reference() const {
    return fmt::format("{}@{}", item_.policy->name, item_.policy->revision);
  }
  Step step_for(Action action, const std::string& why) const {
    return {action,
            item_.name,
            what_of(workspace_.hierarchy(), item_),
            why,
            reference(),
            item_.existing && item_.subject.attributes.empty() && !generations_.empty()
                ? generations_.back().subject
                : policy::expand_subject(item_.subject, item_.name, next_number()).text()};
  }

  Draft& draft_;
  const Workspace& workspace_;
  const store::Inventory& inventory_;
  const policy::Item& item_;
  const Place place_;
  const std::vector<store::Generation> generations_;
  const store::Generation* newest_;
};

}  // namespace

std::vector<store::Inventory::Rename> plan_renames(Draft& draft) {
  std::vector<store::Inventory::Rename> renames;
  if (draft.options.due) return renames;
  const auto& inventory = draft.workspace.inventory();
  for (const auto& move : draft.workspace.hierarchy().moved) {
    if (!inventory.entity(move.from) || inventory.entity(move.to)) continue;
    const auto* item = draft.workspace.hierarchy().item(move.to);
    if (const auto refusal =
            item ? rename_refusal(draft.workspace, move.from, *item) : std::nullopt) {
      draft.note(Kind::lint, move.to, refusal->text);
      continue;
    }
    if (draft.add({Action::rename, move.to, known_as(draft.workspace, move.from),
                   "moved in sealwright.yaml", "", move.from}))
      renames.push_back({move.from, move.to});
  }
  return renames;
}

void plan_items(Draft& draft) {
  for (const auto* item : draft.workspace.hierarchy().in_issuing_order())
    ItemPlanner(draft, *item).plan();
}

}  // namespace sealwright::workspace
