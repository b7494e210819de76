#include "workspace/elsewhere.h"

#include <algorithm>

#include "base/error.h"
#include "ca/request.h"
#include "workspace/adoption.h"
#include "workspace/renewal.h"

namespace sealwright::workspace {
namespace {

using policy::KeyStore;

const policy::Item& issuer_of(const Workspace& workspace, const policy::Item& item) {
  return item.self_signed() ? item : *workspace.hierarchy().item(item.issuer);
}

bool any_live(const std::vector<store::Generation>& generations) {
  return std::any_of(generations.begin(), generations.end(),
                     [](const auto& generation) { return store::is_live(generation.state); });
}

std::string since(const store::RequestRecord& waiting) {
  return " since " + to_date(waiting.created);
}

/// What is to be done for an item for which nothing is under way.
std::string next_step(const Workspace& workspace, const policy::Item& item) {
  switch (place_of(workspace, item)) {
    case Place::here:
      break;
    case Place::ceremony:
      return "waits for a ceremony with '" + issuer_of(workspace, item).name +
             "': sealwright ceremony request -o FILE";
    case Place::foreign:
      if (item.key.store == KeyStore::external)
        return "waits for its certificate, made elsewhere: sealwright ceremony accept FILE";
      return "waits for a request to '" + item.issuer + "': sealwright request " + item.name +
             " -o FILE";
    case Place::request:
      return "waits for a request for its key: sealwright issue " + item.name + " --csr FILE";
  }
  return {};
}

}  // namespace

Place place_of(const Workspace& workspace, const policy::Item& item) {
  const KeyStore own = item.key.store;
  const KeyStore issuers = issuer_of(workspace, item).key.store;
  if (workspace.inventory().workspace().offline) {
    if (own != KeyStore::offline) return Place::ceremony;
    return issuers == KeyStore::offline ? Place::here : Place::foreign;
  }
  if (own == KeyStore::external)
    return issuers == KeyStore::external ? Place::foreign : Place::request;
  if (own == KeyStore::offline)
    return issuers == KeyStore::offline ? Place::ceremony : Place::request;
  if (issuers == KeyStore::offline) return Place::ceremony;
  return issuers == KeyStore::external ? Place::foreign : Place::here;
}

bool keeps_key(const Workspace& workspace, const policy::Item& item) {
  if (workspace.inventory().workspace().offline) return item.key.store == KeyStore::offline;
  return item.key.store == KeyStore::inventory || item.key.store == KeyStore::pkcs11;
}

bool concerns(const Workspace& workspace, const policy::Item& item) {
  return !workspace.inventory().workspace().offline || item.key.store == KeyStore::offline;
}

std::optional<std::string> waiting_for(const Workspace& workspace, const policy::Item& item) {
  if (place_of(workspace, item) == Place::here || !concerns(workspace, item)) return std::nullopt;
  if (const auto waiting = workspace.inventory().waiting_request(item.name)) {
    if (waiting->intent.to == store::RequestKind::ceremony)
      return "waits for the ceremony with '" + waiting->intent.issuer + "'" + since(*waiting);
    return "waits for the certificate" +
           (waiting->intent.issuer.empty() ? "" : " by '" + waiting->intent.issuer + "'") +
           since(*waiting) + ": sealwright ceremony accept FILE";
  }
  const auto generations = workspace.inventory().generations_of(item.name);
  const auto due = renewal_due(workspace.hierarchy(), item, generations, workspace.now());
  if (any_live(generations) && !due.renew) return std::nullopt;
  return next_step(workspace, item);
}

ca::ElsewhereOrder order_elsewhere(const Workspace& workspace, const policy::Item& item,
                                   store::Origin origin) {
  ca::ElsewhereOrder wanted;
  auto& order = wanted.order;
  order.name = item.name;
  order.policy = item.policy;
  order.subject = next_subject(workspace.inventory(), item);
  order.san = item.san;
  order.keyring = item.key.keyring;
  order.origin = origin;
  wanted.kind =
      item.policy->is_authority() ? store::EntityKind::authority : store::EntityKind::certificate;
  wanted.issuer = item.issuer;
  const auto* issuer = workspace.hierarchy().item(item.issuer);
  wanted.to = issuer && issuer->key.store == KeyStore::offline ? store::RequestKind::ceremony
                                                               : store::RequestKind::foreign;
  return wanted;
}

store::RequestRecord make_request(Workspace& workspace, Keys& keys, const policy::Item& item,
                                  const std::vector<x509::Extension>& extra) {
  const Place place = place_of(workspace, item);
  if (place == Place::here || !keeps_key(workspace, item))
    throw Error(Error::Kind::state, "'" + item.name + "' needs no request made here",
                place == Place::here ? "run 'sealwright apply'" : next_step(workspace, item));
  if (workspace.inventory().waiting_request(item.name))
    throw Error(Error::Kind::state, "a request for '" + item.name + "' is waiting already",
                "accept what comes back: sealwright ceremony accept FILE; or cancel it: sealwright "
                "request --cancel " +
                    item.name);
  auto wanted = order_elsewhere(workspace, item, store::Origin::hierarchy);
  wanted.extra = extra;
  return ca::request_elsewhere(workspace.inventory(), wanted, keys.key_for(item));
}

}  // namespace sealwright::workspace
