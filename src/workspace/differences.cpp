#include "workspace/differences.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "ca/chain.h"
#include "workspace/elsewhere.h"
#include "workspace/renewal.h"
#include "x509/oids.h"

namespace sealwright::workspace {
namespace {

using OnChange = policy::RenewalPolicy::OnPolicyChange;

/// "policy driver-signing is now revision 2", or "" where it is the same.
std::string policy_text(const policy::Item& item, const store::Generation& newest) {
  const auto& policy = *item.policy;
  if (policy.name != newest.policy.name)
    return fmt::format("policy {}@{} replaces {}@{}", policy.name, policy.revision,
                       newest.policy.name, newest.policy.revision);
  if (policy.revision != newest.policy.revision)
    return fmt::format("policy {} is now revision {}", policy.name, policy.revision);
  return {};
}

std::string issuer_text(const Workspace& workspace, const policy::Item& item,
                        const store::Generation& newest) {
  std::string was = "itself";
  if (newest.issuer) {
    const auto issuer = workspace.inventory().generation(*newest.issuer);
    was = issuer ? issuer->name : "";
  } else if (!ca::certificate_of(newest).self_signed()) {
    return {};  // signed by someone outside
  }
  const std::string now = item.self_signed() ? "itself" : item.issuer;
  if (was == now) return {};
  const auto quoted = [](const std::string& name) {
    return name == "itself" ? name : "'" + name + "'";
  };
  return fmt::format("its issuer is {} in the YAML, and '{}' was issued by {}", quoted(now),
                     newest.label(), quoted(was));
}

std::string subject_text(const policy::Item& item, const store::Generation& newest) {
  if (item.subject.attributes.empty()) return {};
  const auto now = policy::expand_subject(item.subject, item.name, newest.number).text();
  if (now == newest.subject) return {};
  return fmt::format("its subject is '{}' in the YAML, and '{}' in '{}'", printable(now),
                     printable(newest.subject), newest.label());
}

std::string names_text(const policy::Item& item, const store::Generation& newest) {
  if (item.existing) return {};
  const auto certificate = ca::certificate_of(newest);
  const auto* has = certificate.extension(x509::oids::subject_alternative_name);
  const bool same =
      has ? !item.san.empty() &&
                x509::subject_alternative_name_extension(item.san, has->critical).value ==
                    has->value
          : item.san.empty();
  if (same) return {};
  return fmt::format("its alternative names in the YAML are not those of '{}'", newest.label());
}

}  // namespace

std::vector<std::string> differences_of(const Workspace& workspace, const policy::Item& item,
                                        const store::Generation& newest) {
  std::vector<std::string> texts = {subject_text(item, newest), names_text(item, newest),
                                    issuer_text(workspace, item, newest)};
  const auto& renewal = renewal_of(workspace.hierarchy(), item);
  const bool authority = item.policy->is_authority();
  if (renewal.on_policy_change != OnChange::never &&
      (authority || renewal.on_policy_change == OnChange::at_renewal))
    texts.push_back(policy_text(item, newest));
  std::erase(texts, "");
  for (auto& text : texts)
    text += authority ? ": the authority is kept as it is; to replace it: rotate"
                      : ": takes effect with the next generation";
  return texts;
}

std::string policy_change(const policy::Hierarchy& hierarchy, const policy::Item& item,
                          const store::Generation& newest) {
  if (item.policy->is_authority() || !item.renew ||
      renewal_of(hierarchy, item).on_policy_change != OnChange::now)
    return {};
  return policy_text(item, newest);
}

std::string changed_policy(const store::Inventory& inventory, const policy::Policy& policy) {
  const auto used = inventory.policy(policy.name, policy.revision);
  if (!used || to_hex(used->reference.sha256) == policy.fingerprint) return {};
  return fmt::format(
      "policy '{}' says something else than when revision {} was first used: raise its revision",
      policy.name, policy.revision);
}

}  // namespace sealwright::workspace
