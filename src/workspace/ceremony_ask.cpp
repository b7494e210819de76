// What the workspace on the network asks of the one in the safe.

#include "base/encoding.h"
#include "ca/crl.h"
#include "workspace/ceremony_partner.h"
#include "workspace/elsewhere.h"
#include "workspace/publishing.h"
#include "workspace/renewal.h"

namespace sealwright::workspace {
namespace {

/// Whether the item, which is certified elsewhere, needs a request that is not made yet.
bool lacks_request(const Workspace& workspace, const policy::Item& item) {
  const Place place = place_of(workspace, item);
  if (!keeps_key(workspace, item) || (place != Place::ceremony && place != Place::foreign))
    return false;
  if (workspace.inventory().waiting_request(item.name)) return false;
  const auto generations = workspace.inventory().generations_of(item.name);
  return !newest_live(generations) ||
         renewal_due(workspace.hierarchy(), item, generations, workspace.now()).renew;
}

CeremonyRequest::Authority authority(const store::Inventory& inventory, const policy::Item& item) {
  CeremonyRequest::Authority asked{item.name, terms_of(item), {}};
  for (const auto& generation : inventory.generations_of(item.name))
    asked.known.push_back(to_hex(generation.sha256));
  return asked;
}

CeremonyRequest::Certificate certificate(const store::RequestRecord& waiting) {
  const auto& intent = waiting.intent;
  const auto& policy = intent.policy.reference;
  return {
      intent.name,
      intent.number,
      intent.issuer,
      {policy.name + "@" + std::to_string(policy.revision), to_hex(policy.sha256), intent.subject},
      x509::Request::from_der(intent.request)};
}

std::vector<store::RevokedSerial> revoked_below(const store::Inventory& inventory,
                                                const store::Generation& issuer) {
  auto revoked = inventory.revoked_below(issuer.id);
  for (auto& entry : revoked) entry.reason = printable(entry.reason, 100);
  return revoked;
}

void ask_for_lists(const Workspace& workspace, const policy::Authority& authority,
                   CeremonyRequest& request) {
  if (!has_lists(workspace, authority)) return;
  const auto& inventory = workspace.inventory();
  const auto terms = crl_terms(authority);
  if (!inventory.active(authority.name)) request.lists.push_back({authority.name, "", {}});
  for (const auto& generation : inventory.generations_of(authority.name))
    if (store::is_live(generation.state) && generation.not_after > workspace.now() &&
        ca::crl_due(inventory, generation, terms))
      request.lists.push_back(
          {authority.name, to_hex(generation.sha256), revoked_below(inventory, generation)});
}

std::string listed(const CeremonyRequest& request) {
  std::string names;
  for (const auto& wanted : request.certificates) names += " " + wanted.name;
  for (const auto& wanted : request.lists) names += " crl:" + wanted.authority;
  return names.empty() ? "" : names.substr(1);
}

}  // namespace

Asked ask(Workspace& workspace, Keys& keys, const std::string& by) {
  auto& inventory = workspace.inventory();
  if (inventory.workspace().offline)
    throw Error(Error::Kind::state,
                "this is the workspace in the safe: it answers, and asks nothing",
                "ask in the workspace on the network");
  for (const auto* item : workspace.hierarchy().in_issuing_order())
    if (lacks_request(workspace, *item)) make_request(workspace, keys, *item);

  Asked asked;
  asked.request.origin = origin_here(workspace, by);
  bool needed = false;
  for (const auto& item : workspace.hierarchy().authorities) {
    if (!is_offline(&item) || place_of(workspace, item) != Place::ceremony) continue;
    asked.request.authorities.push_back(authority(inventory, item));
    needed = needed || !inventory.active(item.name);
    ask_for_lists(workspace, item, asked.request);
  }
  for (const auto& waiting : inventory.waiting_requests()) {
    if (waiting.intent.to == store::RequestKind::foreign)
      asked.foreign.push_back(waiting);
    else
      asked.request.certificates.push_back(certificate(waiting));
  }
  if (!needed && asked.request.certificates.empty() && asked.request.lists.empty()) {
    asked.request.authorities.clear();
    return asked;
  }
  asked.file = write_ceremony(asked.request);
  inventory.record_event("ceremony.asked", to_hex(asked.file.sha256),
                         Json::object()
                             .set("number", asked.file.number)
                             .set("by", asked.request.origin.by)
                             .set("for", listed(asked.request)));
  return asked;
}

}  // namespace sealwright::workspace
