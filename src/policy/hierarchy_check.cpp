#include "policy/hierarchy_check.h"

#include <algorithm>

#include "base/suggest.h"
#include "policy/load.h"
#include "policy/policy_build.h"
#include "x509/oids.h"

namespace sealwright::policy {
namespace {

std::vector<std::string> authority_names(const Hierarchy& hierarchy) {
  std::vector<std::string> names;
  for (const auto& item : hierarchy.authorities) names.push_back(item.name);
  return names;
}

std::vector<std::string> certificate_names(const Hierarchy& hierarchy) {
  std::vector<std::string> names;
  for (const auto& item : hierarchy.certificates) names.push_back(item.name);
  return names;
}

std::vector<std::string> item_names(const Hierarchy& hierarchy) {
  auto names = authority_names(hierarchy);
  for (auto& name : certificate_names(hierarchy)) names.push_back(std::move(name));
  return names;
}

std::vector<std::string> timestamp_names(const Hierarchy& hierarchy) {
  std::vector<std::string> names;
  for (const auto& item : hierarchy.timestamping) names.push_back(item.name);
  return names;
}

const Authority& issuer_of(const Hierarchy& hierarchy, const Item& item, const Node& at) {
  if (const auto* found = hierarchy.authority(item.issuer)) return *found;
  if (hierarchy.certificate(item.issuer))
    throw at.error("'" + item.issuer + "' is a certificate and cannot issue");
  throw at.error("there is no authority '" + item.issuer + "'",
                 did_you_mean(item.issuer, authority_names(hierarchy)));
}

Duration lifetime_of(const Item& item, const std::optional<Duration>& own) {
  return own.value_or(item.policy->validity.lifetime);
}

/// On Windows purposes nest along the chain: 0x800B0110 otherwise.
void check_purposes(const Item& item, const Authority& issuer, const Node& issuer_node) {
  const auto& own = item.policy->extensions.extended_key_usage;
  if (!own || !issuer.policy->extensions.extended_key_usage) return;
  if (item.policy->negative || issuer.policy->negative) return;
  if (issuer.policy->has_purpose(x509::oids::any_extended_key_usage)) return;
  // What only says how code-signing signatures are to be taken needs no leave of its own.
  const auto follows = [&](const Oid& purpose) {
    return purpose == x509::oids::lifetime_signing &&
           issuer.policy->has_purpose(x509::oids::code_signing);
  };
  for (const auto& purpose : own->purposes)
    if (!issuer.policy->has_purpose(purpose) && !follows(purpose))
      throw issuer_node.error(
          "'" + issuer.name + "' cannot issue for " + x509::key_purpose_name(purpose) +
              ": policy '" + issuer.policy->name + "' lacks it",
          "add it to its extended_key_usage, or take another issuer", Error::Kind::policy);
}

/// What one item is to its issuer: allowed, not outliving it, and not called the same.
void check_against_issuer(const Item& item, const Authority& issuer,
                          const std::optional<Duration>& own_lifetime, bool has_own_end,
                          const Node& key, const Node& issuer_node) {
  const auto& allowed = item.policy->issuers;
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), issuer.name) == allowed.end())
    throw issuer_node.error(
        "policy '" + item.policy->name + "' does not let '" + issuer.name + "' issue", {},
        Error::Kind::policy);
  check_purposes(item, issuer, issuer_node);
  const auto lifetime = lifetime_of(item, own_lifetime);
  // Of an existing certificate the dates are known when it is read, not here.
  const bool fixed_dates = has_own_end || item.policy->negative || lifetime == Duration{} ||
                           issuer.policy->negative || item.existing || issuer.existing;
  if (!fixed_dates && nominal(lifetime) >= nominal(issuer.policy->validity.lifetime))
    throw key.error("'" + item.name + "' (" + to_text(lifetime) + ") would outlive its issuer '" +
                        issuer.name + "' (" + to_text(issuer.policy->validity.lifetime) + ")",
                    "a certificate past its issuer's end is worthless: shorten its lifetime",
                    Error::Kind::policy);
  if (item.subject.attributes.empty() || issuer.subject.attributes.empty()) return;
  if (expand_subject(item.subject, item.name, 1) == expand_subject(issuer.subject, issuer.name, 1))
    throw key.error("'" + item.name + "' has the same subject as its issuer '" + issuer.name + "'",
                    "give it a subject of its own");
}

/// An authority may issue authorities only as deep as each path length above it allows (RFC
/// 5280, 4.2.1.9).
void check_path_lengths(const Hierarchy& hierarchy, const Authority& authority, const Node& key) {
  if (authority.policy->negative) return;
  int depth = 1;
  for (const auto* above = hierarchy.authority(authority.issuer); above;
       above = hierarchy.authority(above->issuer)) {
    const auto& constraints = above->policy->extensions.basic_constraints;
    if (constraints && constraints->path_length && *constraints->path_length < depth)
      throw key.error("'" + authority.name + "' is too deep below '" + above->name +
                          "', whose path length is " + std::to_string(*constraints->path_length),
                      {}, Error::Kind::policy);
    ++depth;
  }
}

void check_no_cycle(const Hierarchy& hierarchy, const Authority& authority,
                    const Node& issuer_node) {
  std::string through;
  const auto* above = hierarchy.authority(authority.issuer);
  for (std::size_t steps = 0; above && steps <= hierarchy.authorities.size(); ++steps) {
    if (above->name == authority.name)
      throw issuer_node.error("'" + authority.name + "' would be issued by itself" +
                                  (through.empty() ? "" : " (through " + through + ")"),
                              "one authority must be a root");
    through += (through.empty() ? "" : ", ") + above->name;
    above = hierarchy.authority(above->issuer);
  }
}

void check_kind(const Authority& authority, const WrittenAuthority& written, const Node& key) {
  const auto kind = authority.policy->kind;
  if (kind == Kind::end_entity)
    throw written.policy.node->error("policy '" + authority.policy->name +
                                     "' is for end-entities, not for authorities");
  if (kind == Kind::root && !authority.self_signed())
    throw written.issuer->node->error(
        "policy '" + authority.policy->name + "' is for roots, which issue themselves",
        "write issuer: self, or take a policy of kind intermediate");
  if (kind == Kind::intermediate && authority.self_signed())
    throw(written.issuer ? *written.issuer->node : key)
        .error("'" + authority.name + "' needs an authority as its issuer",
               "policy '" + authority.policy->name + "' is of kind intermediate");
}

void check_own_validity(const Certificate& certificate, const WrittenValidity& written) {
  if (written.lifetime && written.not_after)
    throw written.node->error("'lifetime' and 'not_after' exclude each other");
  const auto& longest = certificate.policy->validity.max_lifetime;
  if (written.lifetime && nominal(*written.lifetime) > nominal(longest))
    throw node_of(*written.node, "lifetime")
        .error("'lifetime' is longer than policy '" + certificate.policy->name + "' allows (" +
                   to_text(longest) + ")",
               {}, Error::Kind::policy);
}

void check_sign(const Hierarchy& hierarchy, const Certificate& certificate,
                const WrittenSign& written, const Node& item) {
  for (const auto& timestamp : written.timestamp.list)
    if (!timestamp.is_url && !hierarchy.timestamp_authority(timestamp.text))
      throw timestamp.node->error("there is no timestamping '" + timestamp.text + "'",
                                  did_you_mean(timestamp.text, timestamp_names(hierarchy)));
  if (written.timestamp.none && certificate.policy->timestamp_required)
    throw node_of(node_of(item, "sign"), "timestamp")
        .error("policy '" + certificate.policy->name + "' requires timestamps",
               "write timestamp: [NAME or URL], or signing: {timestamp: optional} in the policy",
               Error::Kind::policy);
}
}  // namespace

const Item& item_of(const Hierarchy& hierarchy, const Reference& reference) {
  if (const auto* found = hierarchy.item(reference.name)) return *found;
  throw reference.node->error("there is no certificate or authority '" + reference.name + "'",
                              did_you_mean(reference.name, item_names(hierarchy)));
}

const Certificate& certificate_of(const Hierarchy& hierarchy, const Reference& reference) {
  if (const auto* found = hierarchy.certificate(reference.name)) return *found;
  if (hierarchy.authority(reference.name))
    throw reference.node->error("'" + reference.name +
                                "' is an authority; a certificate is needed here");
  throw reference.node->error("there is no certificate '" + reference.name + "'",
                              did_you_mean(reference.name, certificate_names(hierarchy)));
}

const Node& node_of(const Node& object, std::string_view field) {
  const auto* found = object.find(field);
  return found ? *found : object;
}

void check_authorities(const Hierarchy& hierarchy, const WrittenHierarchy& written) {
  for (std::size_t i = 0; i < written.authorities.size(); ++i) {
    const auto& authority = hierarchy.authorities[i];
    const auto& entry = written.authorities[i];
    check_kind(authority, entry.value, *entry.key);
    if (authority.self_signed()) continue;
    const auto& issuer_node = *entry.value.issuer->node;
    const auto& issuer = issuer_of(hierarchy, authority, issuer_node);
    check_no_cycle(hierarchy, authority, issuer_node);
    check_against_issuer(authority, issuer, {}, false, *entry.key, issuer_node);
  }
  // Only now is it known that every chain ends.
  for (std::size_t i = 0; i < written.authorities.size(); ++i)
    check_path_lengths(hierarchy, hierarchy.authorities[i], *written.authorities[i].key);
}

void check_certificates(const Hierarchy& hierarchy, const WrittenHierarchy& written) {
  for (std::size_t i = 0; i < written.certificates.size(); ++i) {
    const auto& certificate = hierarchy.certificates[i];
    const auto& entry = written.certificates[i];
    if (certificate.policy->is_authority())
      throw entry.value.policy.node->error(
          "policy '" + certificate.policy->name + "' is for authorities",
          "define '" + certificate.name + "' under 'authorities'");
    if (entry.value.validity.node) check_own_validity(certificate, entry.value.validity);
    if (!certificate.self_signed()) {
      const auto& issuer_node = *entry.value.issuer->node;
      const auto& issuer = issuer_of(hierarchy, certificate, issuer_node);
      check_against_issuer(certificate, issuer, certificate.lifetime,
                           certificate.not_after.has_value(), *entry.key, issuer_node);
    }
    check_sign(hierarchy, certificate, entry.value.sign, *entry.value.node);
  }
}

void check_timestamping(const Hierarchy& hierarchy, const WrittenHierarchy& written) {
  for (const auto& entry : written.timestamping) {
    const auto& from = entry.value;
    if (!from.certificate && from.url.empty())
      throw entry.key->error("'" + entry.name + "' needs a certificate or a URL",
                             "write {certificate: NAME} or {url: URL}");
    if (entry.name == "none")
      throw entry.key->error("'none' has a meaning of its own and cannot be a name");
    if (!from.certificate) continue;
    const auto& certificate = certificate_of(hierarchy, *from.certificate);
    if (!certificate.policy->has_purpose(x509::oids::time_stamping) &&
        !certificate.policy->negative)
      throw from.certificate->node->error("'" + certificate.name +
                                              "' cannot make timestamps: policy '" +
                                              certificate.policy->name + "' lacks timeStamping",
                                          "take a certificate of a policy like timestamping");
    if (certificate.key.store == KeyStore::external && from.url.empty())
      throw from.certificate->node->error(
          "'" + certificate.name + "' cannot make timestamps: its key is in store 'external'",
          "write url: URL of the server that has the key");
  }
}

}  // namespace sealwright::policy
