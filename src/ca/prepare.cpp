// The first half of house rule 1: everything that can be known before a signature is made.

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "ca/preparation.h"
#include "ca/request.h"
#include "ca/sha256.h"
#include "policy/load.h"
#include "x509/oids.h"

namespace sealwright::ca {
namespace {

using policy::Kind;
using policy::UrlSource;

[[noreturn]] void refuse(const Order& order, const std::string& message, std::string hint = {}) {
  throw Error(Error::Kind::policy, "'" + order.name + "' " + message, std::move(hint));
}

void check_issuer(const Order& order, Time now) {
  const auto& policy = *order.policy;
  if (!order.issuer) {
    if (policy.kind == Kind::intermediate)
      refuse(order, "needs an issuer: policy '" + policy.name + "' is for intermediates");
    return;
  }
  const auto& issuer = *order.issuer;
  if (policy.kind == Kind::root)
    refuse(order, "signs itself and has no issuer: policy '" + policy.name + "' is for roots");
  if (!policy.issuers.empty() &&
      std::find(policy.issuers.begin(), policy.issuers.end(), issuer.name) == policy.issuers.end())
    refuse(order, "may not be issued by '" + issuer.name + "' (policy '" + policy.name + "')");
  if (issuer.kind != store::EntityKind::authority)
    refuse(order, "may not be issued by '" + issuer.name + "', which is no authority");
  if (issuer.state != store::GenerationState::active)
    throw Error(Error::Kind::state, "'" + issuer.label() + "' is " +
                                        std::string(to_text(issuer.state)) + " and issues nothing");
  // Under an authority that is over on purpose only what is wrong on purpose is issued.
  if (!policy.negative && (now < issuer.not_before || now > issuer.not_after))
    throw Error(Error::Kind::state, "'" + issuer.label() + "' is valid from " +
                                        to_date(issuer.not_before) + " to " +
                                        to_date(issuer.not_after) + " and issues nothing now");
}

/// Nothing that hangs below a revoked authority is believed, wherever in the chain it stands.
void check_authorities_above(const store::Inventory& inventory, const Order& order) {
  if (!order.issuer || order.policy->negative) return;
  std::set<store::GenerationId> seen;
  for (auto id = order.issuer->issuer; id && seen.insert(*id).second;) {
    const auto above = inventory.generation(*id);
    if (!above) return;
    if (above->state == store::GenerationState::revoked || above->distrusted)
      throw Error(Error::Kind::state,
                  "'" + above->label() + "', above '" + order.issuer->label() + "', is " +
                      (above->distrusted ? "distrusted" : "revoked") +
                      ": nothing is issued below it",
                  "issue '" + order.issuer->name + "' anew below an authority that is believed");
    id = above->issuer;
  }
}

/// RFC 5280, 6.1.4 (k): version 1 has no basic constraints, so verifiers must refuse what hangs
/// below such a certificate unless somebody told them otherwise.
void check_issuer_version(const Order& order, const x509::Certificate& issuer) {
  if (issuer.version() != 1 || order.policy->negative) return;
  refuse(order,
         "may not be issued by '" + order.issuer->label() +
             "': a certificate of version 1 cannot say that it is an authority",
         "issue it by an authority of version 3");
}

bool is_marked(const policy::Subject& subject) {
  return std::any_of(subject.attributes.begin(), subject.attributes.end(), [](const auto& one) {
    return one.value.find(policy::negative_mark) != std::string::npos;
  });
}

void check_policy(const store::Inventory& inventory, const Order& order, policy::KeyStore store) {
  const auto& policy = *order.policy;
  if (policy.negative && !inventory.workspace().lab)
    refuse(order, "would be wrong on purpose (policy '" + policy.name + "'), and this is no lab");
  if (policy.negative && !is_marked(order.subject))
    refuse(order, "is wrong on purpose, and its subject does not say so",
           std::string("let its CN or O say ") + policy::negative_mark);
  const auto& stores = policy.key.stores;
  if (stores.empty() || std::find(stores.begin(), stores.end(), store) != stores.end()) return;
  refuse(
      order,
      (store == policy::KeyStore::external ? "may not have a key that somebody else holds (policy '"
       : store == policy::KeyStore::pkcs11 ? "may not keep its key on a token (policy '"
       : store == policy::KeyStore::offline ? "may not keep its key in the safe (policy '"
                                            : "may not keep its key in the inventory (policy '") +
          policy.name + "')");
}

/// What AuthorityKeyIdentifier must say to match the issuer's SubjectKeyIdentifier (RFC
/// 5280, 4.2.1.1).
Bytes issuer_key_identifier(const std::optional<x509::Certificate>& issuer,
                            const ossl::PublicKey& own) {
  if (!issuer) return own.key_identifier();
  if (auto identifier = issuer->subject_key_identifier()) return *identifier;
  return issuer->public_key().key_identifier();
}

const std::vector<std::string>& urls(const UrlSource& source,
                                     const std::vector<std::string>& issuers) {
  static const std::vector<std::string> none;
  if (source.from == UrlSource::From::listed) return source.urls;
  return source.from == UrlSource::From::issuer ? issuers : none;
}

/// In the order that Windows and OpenSSL show them: what it may do, whose key it is, what holds for
/// it, where to ask.
std::vector<x509::Extension> extensions_of(const Order& order, const ossl::PublicKey& key,
                                           const x509::Name& subject,
                                           const std::optional<x509::Certificate>& issuer) {
  const auto& wanted = order.policy->extensions;
  auto made = Preparation::usages(order);
  if (wanted.subject_key_identifier)
    made.push_back(x509::subject_key_identifier_extension(key.key_identifier()));
  if (wanted.authority_key_identifier)
    made.push_back(x509::authority_key_identifier_extension(issuer_key_identifier(issuer, key)));
  if (!wanted.certificate_policies.empty())
    made.push_back(x509::certificate_policies_extension(wanted.certificate_policies));
  if (wanted.name_constraints)
    made.push_back(x509::name_constraints_extension(*wanted.name_constraints));
  // RFC 5280, 4.1.2.6: critical where the subject is empty.
  if (!order.san.empty())
    made.push_back(x509::subject_alternative_name_extension(order.san, subject.empty()));
  if (const auto& at = urls(wanted.crl_distribution_points, order.crl_urls); !at.empty())
    made.push_back(x509::crl_distribution_points_extension(at));
  if (const auto& at = urls(wanted.authority_information_access, order.issuer_urls); !at.empty())
    made.push_back(x509::authority_information_access_extension(at, {}));
  made.insert(made.end(), wanted.other.begin(), wanted.other.end());
  made.insert(made.end(), order.extensions.begin(), order.extensions.end());
  return made;
}

/// What a new root's name must differ from; of other certificates nothing is compared, so that
/// issuing costs the same in a large inventory.
std::vector<x509::Certificate> other_roots(const store::Inventory& inventory, const Order& order) {
  std::vector<x509::Certificate> roots;
  if (order.policy->kind != policy::Kind::root) return roots;
  for (const auto& generation : inventory.generations())
    if (generation.kind == store::EntityKind::authority && !generation.issuer &&
        is_live(generation.state))
      roots.push_back(certificate_of(generation));
  return roots;
}

std::vector<lint::Finding> linted(const store::Inventory& inventory, const Order& order,
                                  const x509::ToBeSigned& contents,
                                  const std::optional<x509::Certificate>& issuer, Time now) {
  auto subject = lint::Subject::of(contents);
  subject.policy = order.policy.get();
  subject.issuer_certificate = issuer ? &*issuer : nullptr;
  subject.targets = order.targets;
  subject.now = now;
  subject.known = other_roots(inventory, order);
  auto findings = lint::check(subject);
  if (!lint::blocks(findings, order.policy.get())) return findings;
  std::string rules;
  std::string remedy;
  for (const auto& finding : findings) {
    if (!lint::blocks({finding}, order.policy.get())) continue;
    rules += (rules.empty() ? "" : "; ") + finding.rule + ": " + finding.message;
    if (remedy.empty()) remedy = finding.remedy;
  }
  refuse(order, "may not be issued: " + rules, remedy);
}

}  // namespace

store::PolicyRecord record_of(const policy::Policy& policy) {
  const auto fingerprint = from_hex(policy.fingerprint);
  store::PolicyRecord record{{policy.name, policy.revision, {}}, policy.text, {}};
  if (!fingerprint || fingerprint->size() != record.reference.sha256.size())
    throw Error(Error::Kind::internal, "policy '" + policy.name + "' has no fingerprint");
  std::copy(fingerprint->begin(), fingerprint->end(), record.reference.sha256.begin());
  return record;
}

/// YAML.md, Generations: nothing signs with a certificate that the machines cannot know yet.
store::GenerationState Preparation::first_state(const store::Inventory& inventory,
                                                const std::string& name,
                                                const policy::Policy& policy, bool in_bundle,
                                                bool held_back) {
  using Activate = policy::RenewalPolicy::Activate;
  const auto before = inventory.generations_of(name);
  const bool first =
      std::none_of(before.begin(), before.end(), [](const auto& g) { return is_live(g.state); });
  const auto activate = policy.renewal.activate;
  const bool at_once =
      first || (!held_back && (activate == Activate::immediately ||
                               (activate == Activate::when_deployed && !in_bundle)));
  return at_once ? store::GenerationState::active : store::GenerationState::next;
}

std::vector<x509::Extension> Preparation::usages(const Order& order) {
  const auto& wanted = order.policy->extensions;
  std::vector<x509::Extension> made;
  if (const auto& constraints = wanted.basic_constraints)
    made.push_back(x509::basic_constraints_extension(*constraints, constraints->ca));
  if (const auto& usage = wanted.key_usage)
    made.push_back(x509::key_usage_extension(usage->bits, usage->critical));
  const auto& usage = wanted.extended_key_usage;
  if (order.purposes)
    made.push_back(x509::extended_key_usage_extension(*order.purposes, usage && usage->critical));
  else if (usage)
    made.push_back(x509::extended_key_usage_extension(usage->purposes, usage->critical));
  return made;
}

Prepared Preparation::of(const store::Inventory& inventory, const Order& order,
                         const ossl::PublicKey& own_key, policy::KeyStore store,
                         const ossl::Random& random) {
  const Time now = inventory.now();
  check_policy(inventory, order, store);
  check_issuer(order, now);
  check_authorities_above(inventory, order);
  check_key_is_believed(inventory, order.name, own_key.id());
  const auto issuer = order.issuer ? std::optional(certificate_of(*order.issuer)) : std::nullopt;
  if (issuer) check_issuer_version(order, *issuer);
  const int number = inventory.next_number(order.name);

  x509::ToBeSigned contents;
  contents.serial = order.serial ? *order.serial : x509::random_serial(random);
  contents.subject = policy::expand_subject(order.subject, order.name, number);
  policy::check_subject(contents.subject, *order.policy);
  contents.issuer = issuer ? issuer->subject() : contents.subject;
  contents.algorithm = order.policy->signature_algorithm(issuer ? issuer->public_key() : own_key);
  const Validity validity = validity_of(order, now);
  contents.not_before = validity.not_before;
  contents.not_after = validity.not_after;
  contents.public_key = own_key;
  contents.extensions = extensions_of(order, own_key, contents.subject, issuer);

  Prepared prepared;
  prepared.findings_ = linted(inventory, order, contents, issuer, now);
  prepared.to_be_signed_ = x509::encode(contents);
  prepared.state_ =
      first_state(inventory, order.name, *order.policy, order.in_bundle, order.held_back);
  if (issuer) prepared.issuer_key_ = issuer->public_key();
  auto& intent = prepared.intent_;
  intent.kind =
      order.policy->is_authority() ? store::EntityKind::authority : store::EntityKind::certificate;
  intent.name = order.name;
  intent.origin = order.origin;
  intent.number = number;
  intent.policy = record_of(*order.policy);
  intent.serial = contents.serial;
  intent.issuer_name = sha256(contents.issuer.der());
  if (order.issuer) intent.issuer = order.issuer->id;
  intent.to_be_signed = sha256(prepared.to_be_signed_);
  intent.subject = contents.subject.text();
  intent.key = own_key.id();
  prepared.contents_ = std::move(contents);
  return prepared;
}

Prepared prepare(const store::Inventory& inventory, const Order& order, NewKey key,
                 const ossl::Random& random) {
  return Preparation::with_key(inventory, order, std::move(key), random);
}

Prepared prepare(const store::Inventory& inventory, const Order& order,
                 const ossl::PublicKey& certified, const ossl::Random& random) {
  return Preparation::of(inventory, order, certified, policy::KeyStore::external, random);
}

Prepared Preparation::with_key(const store::Inventory& inventory, const Order& order, NewKey key,
                               const ossl::Random& random) {
  const auto store = !key.record.uri.empty() ? policy::KeyStore::pkcs11
                     : inventory.workspace().offline
                         ? policy::KeyStore::offline  // all that the safe holds
                         : policy::KeyStore::inventory;
  auto prepared = of(inventory, order, key.signer->public_key(), store, random);
  // One that is used again is stored already.
  if (!inventory.key(key.record.id)) prepared.intent_.new_key = std::move(key.record);
  prepared.own_key_ = std::move(key.signer);
  return prepared;
}

}  // namespace sealwright::ca
