#include "workspace/one_shot.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "ca/chain.h"
#include "workspace/elsewhere.h"
#include "x509/oids.h"

namespace sealwright::workspace {
namespace {

using policy::KeyStore;

constexpr std::size_t max_name = 64;

void check_name(const std::string& name) {
  const bool fits =
      !name.empty() && name.size() <= max_name && name[0] >= 'a' && name[0] <= 'z' &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!fits)
    throw Error(Error::Kind::usage, "'" + printable(name) + "' is not a name",
                "names have small letters, digits and '-', and begin with a letter");
}

/// The one authority that may issue under the policy and issues to no other authority.
std::string only_issuer(const policy::Hierarchy& hierarchy, const policy::Policy& policy,
                        const std::string& name) {
  std::vector<std::string> candidates;
  for (const auto& authority : hierarchy.authorities) {
    const bool above =
        std::any_of(hierarchy.authorities.begin(), hierarchy.authorities.end(),
                    [&](const auto& other) { return other.issuer == authority.name; });
    const bool allowed = policy.issuers.empty() ||
                         std::find(policy.issuers.begin(), policy.issuers.end(), authority.name) !=
                             policy.issuers.end();
    if (allowed && (!above || !policy.issuers.empty())) candidates.push_back(authority.name);
  }
  if (candidates.size() == 1) return candidates.front();
  std::string listed;
  for (const auto& candidate : candidates) listed += (listed.empty() ? "" : ", ") + candidate;
  throw Error(Error::Kind::usage,
              candidates.empty() ? "no authority of the YAML issues '" + name + "'"
                                 : "several authorities could issue '" + name + "': " + listed,
              "name one with --issuer, or 'self'");
}

/// What was said beside a name that the YAML has.
void check_against_yaml(const policy::Item& item, const OneShot& wanted) {
  const auto refuse = [&](const std::string& what) {
    throw Error(Error::Kind::usage,
                "'" + item.name + "' is in the YAML (" + policy::to_text(item.place) +
                    "), which says its " + what,
                "leave it out here, or change the YAML");
  };
  const auto reference = item.policy->name + "@" + std::to_string(item.policy->revision);
  if (!wanted.policy.empty() && wanted.policy != item.policy->name && wanted.policy != reference)
    refuse("policy");
  if (!wanted.issuer.empty() && wanted.issuer != (item.self_signed() ? "self" : item.issuer))
    refuse("issuer");
  if (!wanted.subject.empty()) refuse("subject");
  if (!wanted.san.empty()) refuse("alternative names");
  if (wanted.lifetime) refuse("lifetime");
}

policy::Certificate from_yaml(const policy::Hierarchy& hierarchy, const policy::Item& item) {
  if (const auto* certificate = hierarchy.certificate(item.name)) return *certificate;
  policy::Certificate made;
  static_cast<policy::Item&>(made) = item;
  return made;
}

policy::Certificate made_up(Workspace& workspace, const OneShot& wanted) {
  const auto& hierarchy = workspace.hierarchy();
  check_name(wanted.name);
  if (wanted.policy.empty())
    throw Error(Error::Kind::usage,
                "'" + wanted.name + "' is not in the YAML, so it needs a policy",
                "name one with --policy; 'sealwright policy list' shows them");
  policy::Certificate item;
  item.name = wanted.name;
  item.place = hierarchy.place;
  item.policy = workspace.policies().get(wanted.policy);
  item.subject = wanted.subject.empty()
                     ? policy::Subject{{{*x509::attribute_type("CN"), wanted.name}}}
                     : policy::parse_subject(wanted.subject);
  item.subject = policy::complete_subject(std::move(item.subject), hierarchy.organization,
                                          hierarchy.country, *item.policy);
  item.san = wanted.san;
  item.lifetime = wanted.lifetime;
  item.key.store = wanted.request ? KeyStore::external : KeyStore::inventory;
  if (!wanted.request) item.key.keyring = keyring_for(hierarchy, *item.policy);
  return item;
}

void check_untaken(const Workspace& workspace, const std::string& name) {
  for (const auto& generation : workspace.inventory().generations_of(name))
    if (store::is_live(generation.state))
      throw Error(Error::Kind::state,
                  "'" + name + "' has a certificate: '" + generation.label() + "', until " +
                      to_date(generation.not_after),
                  "choose another name");
}

/// Who issues it: nobody for what signs itself.
std::optional<store::Generation> issuer_here(const Workspace& workspace, const policy::Item& item) {
  if (item.self_signed()) return std::nullopt;
  if (auto active = workspace.inventory().active(item.issuer)) return active;
  std::vector<std::string> names;
  for (const auto& authority : workspace.hierarchy().authorities) names.push_back(authority.name);
  if (workspace.hierarchy().authority(item.issuer))
    throw Error(Error::Kind::state, "'" + item.issuer + "' has no certificate yet",
                "run 'sealwright plan' to see what it waits for");
  throw Error(Error::Kind::state, "there is no authority '" + printable(item.issuer) + "'",
              did_you_mean(item.issuer, names));
}

bool signs_elsewhere(const Workspace& workspace, const policy::Item& item) {
  const auto* issuer = workspace.hierarchy().item(item.issuer);
  if (!issuer) return false;
  const bool offline_here = workspace.inventory().workspace().offline;
  return issuer->key.store == KeyStore::external ||
         (issuer->key.store == KeyStore::offline) != offline_here;
}

/// Only what is certified here, with a key elsewhere, is issued on a person's word.
void check_issuable(const Workspace& workspace, const policy::Item& item, const OneShot& wanted) {
  const Place place = place_of(workspace, item);
  if (place == Place::request && !wanted.request)
    throw Error(
        Error::Kind::usage,
        "the key of '" + item.name + "' is kept elsewhere (" + policy::to_text(item.place) + ")",
        "bring a request for it with --csr FILE");
  if (place != Place::request)
    throw Error(Error::Kind::usage,
                "'" + item.name + "' is in the YAML (" + policy::to_text(item.place) + ")",
                place == Place::here ? "run: sealwright apply --only " + item.name
                                     : *waiting_for(workspace, item));
}

/// Authorities are reviewed where people look for them.
void check_no_authority(const policy::Item& item) {
  if (item.policy->is_authority())
    throw Error(Error::Kind::policy,
                "'" + item.name + "' would be an authority (policy '" + item.policy->name +
                    "'), and is not in sealwright.yaml",
                "write it into sealwright.yaml, and run 'sealwright plan'");
}

}  // namespace

std::string keyring_for(const policy::Hierarchy& hierarchy, const policy::Policy& policy) {
  const std::string usual = policy.kind == policy::Kind::root               ? "root"
                            : policy.kind == policy::Kind::intermediate     ? "issuing"
                            : policy.has_purpose(x509::oids::time_stamping) ? "services"
                                                                            : "signing";
  const auto& keyrings = hierarchy.keyrings;
  if (std::find(keyrings.begin(), keyrings.end(), usual) != keyrings.end()) return usual;
  if (keyrings.size() == 1) return keyrings.front();
  throw Error(Error::Kind::state,
              "there is no keyring '" + usual + "' for policy '" + policy.name + "'",
              "add it to the YAML's keyrings, or put the certificate into the YAML with key: "
              "{keyring: NAME}");
}

OneShotItem item_of(Workspace& workspace, const OneShot& wanted) {
  const auto& hierarchy = workspace.hierarchy();
  if (const auto* item = hierarchy.item(wanted.name)) {
    check_against_yaml(*item, wanted);
    return {from_yaml(hierarchy, *item), store::Origin::hierarchy};
  }
  OneShotItem made{made_up(workspace, wanted), store::Origin::command};
  check_untaken(workspace, wanted.name);
  return made;
}

OneShotResult issue_one(Workspace& workspace, Keys& keys, const OneShot& wanted,
                        const ossl::Random& random) {
  auto [item, origin] = item_of(workspace, wanted);
  if (origin == store::Origin::hierarchy) {
    check_issuable(workspace, item, wanted);
  } else {
    check_no_authority(item);
    if (wanted.issuer.empty())
      item.issuer = only_issuer(workspace.hierarchy(), *item.policy, item.name);
    else if (wanted.issuer != "self")
      item.issuer = wanted.issuer;
  }
  auto& inventory = workspace.inventory();
  if (wanted.request) ca::check_request(inventory, item.name, *wanted.request, *item.policy);
  const int number = inventory.next_number(item.name);
  OneShotResult result;
  result.policy = item.policy->name;
  if (signs_elsewhere(workspace, item)) {
    auto asked = order_elsewhere(workspace, item, origin);
    if (wanted.request) {
      asked.order = ca::with_request(asked.order, *wanted.request, number);
      result.not_taken = ca::not_taken(asked.order, *wanted.request, number);
    }
    result.waiting = wanted.request ? ca::forward_request(inventory, asked, *wanted.request)
                                    : ca::request_elsewhere(inventory, asked, keys.key_for(item));
    return result;
  }
  auto order = ca::order_of(workspace.hierarchy(), item, issuer_here(workspace, item));
  order.lifetime = item.lifetime;
  order.origin = origin;
  if (wanted.request) {
    order = ca::with_request(std::move(order), *wanted.request, number);
    result.not_taken = ca::not_taken(order, *wanted.request, number);
  }
  const auto issuer = order.issuer ? keys.signer(*order.issuer) : nullptr;
  auto prepared = wanted.request ? ca::prepare(inventory, order, *wanted.request, random)
                                 : ca::prepare(inventory, order, keys.key_for(item), random);
  result.findings = prepared.findings();
  result.generation = ca::issue(inventory, std::move(prepared), issuer.get());
  return result;
}

store::RequestRecord request_one(Workspace& workspace, Keys& keys, const OneShot& wanted,
                                 const std::vector<x509::Extension>& extra) {
  auto [item, origin] = item_of(workspace, wanted);
  if (origin == store::Origin::hierarchy) return make_request(workspace, keys, item, extra);
  item.issuer = wanted.issuer;
  auto asked = order_elsewhere(workspace, item, origin);
  asked.extra = extra;
  return ca::request_elsewhere(workspace.inventory(), asked, keys.key_for(item));
}

}  // namespace sealwright::workspace
