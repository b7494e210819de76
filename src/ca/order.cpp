// What a hierarchy's item asks for, as an order; and when its certificate begins and ends.

#include <algorithm>

#include "base/error.h"
#include "ca/issue.h"

namespace sealwright::ca {
namespace {

std::string published(const policy::Hierarchy& hierarchy, const std::string& authority,
                      int generation, const char* extension) {
  std::string base = hierarchy.distribution_http;
  while (base.ends_with('/')) base.pop_back();
  return base + "/" + authority + "-" + std::to_string(generation) + extension;
}

bool names(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool in_any_bundle(const policy::Hierarchy& hierarchy, const std::string& name) {
  return std::any_of(hierarchy.bundles.begin(), hierarchy.bundles.end(), [&](const auto& bundle) {
    return names(bundle.root, name) || names(bundle.ca, name) ||
           names(bundle.trusted_publisher, name);
  });
}

[[noreturn]] void refuse(const Order& order, const std::string& message, std::string hint = {}) {
  throw Error(Error::Kind::policy, "'" + order.name + "' " + message, std::move(hint));
}

void check_length(const Order& order, Time now, Time not_after) {
  const auto& allowed = order.policy->validity;
  if (not_after <= now) refuse(order, "would end on " + to_date(not_after) + ", which is past");
  if (not_after > add(now, allowed.max_lifetime))
    refuse(order,
           "would last until " + to_date(not_after) + ", longer than the " +
               to_text(allowed.max_lifetime) + " that policy '" + order.policy->name + "' allows",
           "shorten its validity, or raise max_lifetime in the policy");
  // RFC 5280 lets a path validate only while all of it is valid; a longer leaf promises what it
  // cannot keep.
  const auto& negative = order.policy->negative;
  const bool on_purpose = negative && negative->breaks == "issuer-expired";
  if (order.issuer && !on_purpose && not_after > order.issuer->not_after)
    refuse(order,
           "would outlive its issuer '" + order.issuer->label() + "', which ends on " +
               to_date(order.issuer->not_after),
           "end it by then, or rotate '" + order.issuer->name + "' first");
}

}  // namespace

std::vector<std::string> crl_urls_of(const policy::Hierarchy& hierarchy,
                                     const std::string& authority, int generation) {
  const auto* found = hierarchy.authority(authority);
  if (found && !found->crl.urls.empty()) return found->crl.urls;
  if (hierarchy.distribution_http.empty()) return {};
  return {published(hierarchy, authority, generation, ".crl")};
}

std::vector<std::string> issuer_urls_of(const policy::Hierarchy& hierarchy,
                                        const std::string& authority, int generation) {
  if (hierarchy.distribution_http.empty()) return {};
  return {published(hierarchy, authority, generation, ".crt")};
}

Order order_of(const policy::Hierarchy& hierarchy, const policy::Item& item,
               const store::Inventory& inventory) {
  return order_of(hierarchy, item,
                  item.self_signed() ? std::nullopt : inventory.active(item.issuer));
}

Order order_of(const policy::Hierarchy& hierarchy, const policy::Item& item,
               const std::optional<store::Generation>& issuer) {
  Order order;
  order.name = item.name;
  order.policy = item.policy;
  order.subject = item.subject;
  order.san = item.san;
  order.keyring = item.key.keyring;
  order.targets = item.policy->targets.empty() ? hierarchy.targets : item.policy->targets;
  order.in_bundle = in_any_bundle(hierarchy, item.name);
  if (const auto* certificate = hierarchy.certificate(item.name)) {
    order.lifetime = certificate->lifetime;
    order.not_after = certificate->not_after;
  }
  if (item.self_signed()) return order;
  order.issuer = issuer;
  if (!order.issuer)
    throw Error(
        Error::Kind::state,
        "'" + item.issuer + "' has no active certificate that could issue '" + item.name + "'",
        "issue '" + item.issuer + "' first");
  order.crl_urls = crl_urls_of(hierarchy, item.issuer, order.issuer->number);
  order.issuer_urls = issuer_urls_of(hierarchy, item.issuer, order.issuer->number);
  return order;
}

Validity validity_of(const Order& order, Time now) {
  const auto& policy = order.policy->validity;
  // Wrong on purpose: such dates are only in policies for labs.
  if (policy.not_before && policy.not_after) return {*policy.not_before, *policy.not_after};
  Validity validity;
  validity.not_before = order.not_before.value_or(subtract(now, policy.backdate));
  if (order.issuer && !order.not_before)
    validity.not_before = std::max(validity.not_before, order.issuer->not_before);
  validity.not_after =
      order.not_after ? *order.not_after : add(now, order.lifetime.value_or(policy.lifetime));
  check_length(order, now, validity.not_after);
  if (validity.not_after < validity.not_before)
    refuse(order, "would end on " + to_date(validity.not_after) + ", before it begins on " +
                      to_date(validity.not_before));
  return validity;
}

}  // namespace sealwright::ca
