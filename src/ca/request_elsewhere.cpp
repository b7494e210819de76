// Requests to authorities elsewhere, and what comes back.

#include <fmt/format.h>

#include <algorithm>

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

store::RequestRecord record(store::Inventory& inventory, const ElsewhereOrder& wanted,
                            const x509::Request& request, std::optional<store::KeyRecord> new_key) {
  const auto& order = wanted.order;
  store::RequestIntent intent;
  intent.kind = wanted.kind;
  intent.name = order.name;
  intent.number = inventory.next_number(order.name);
  intent.origin = order.origin;
  intent.to = wanted.to;
  intent.issuer = wanted.issuer;
  intent.policy = record_of(*order.policy);
  intent.subject = policy::expand_subject(order.subject, order.name, intent.number).text();
  intent.request = request.der();
  intent.key = request.public_key().id();
  intent.new_key = std::move(new_key);
  inventory.add_request(intent);
  return *inventory.waiting_request(order.name);
}

/// The two must agree octet for octet, as Windows compares issuers (CertCompareCertificateName).
void check_signature(const x509::Certificate& certificate, const std::string& name,
                     const std::optional<store::Generation>& issuer) {
  if (!issuer) return;
  const auto above = certificate_of(*issuer);
  if (certificate.issuer() == above.subject() && certificate.signed_by(above.public_key())) return;
  throw Error(Error::Kind::crypto,
              "the certificate for '" + name + "' is not signed by '" + issuer->label() + "'",
              "it names '" + printable(certificate.issuer().text()) + "' as its issuer");
}

void add(std::vector<std::string>& to, bool differs, const std::string& text) {
  if (differs) to.push_back(text);
}

std::string names_of(const std::optional<std::vector<Oid>>& purposes) {
  std::string text;
  for (const auto& purpose : purposes.value_or(std::vector<Oid>{}))
    text += (text.empty() ? "" : ", ") + x509::key_purpose_name(purpose);
  return text.empty() ? "none" : text;
}

std::vector<Oid> sorted(std::vector<Oid> list) {
  std::sort(list.begin(), list.end());
  return list;
}

void compare_usages(const x509::Certificate& certificate, const policy::Policy& policy,
                    std::vector<std::string>& found) {
  const auto& wanted = policy.extensions;
  const auto usage = certificate.key_usage();
  add(found, usage != (wanted.key_usage ? std::optional(wanted.key_usage->bits) : std::nullopt),
      "has another key usage than its policy says");
  const auto purposes = certificate.extended_key_usage();
  const auto listed =
      wanted.extended_key_usage ? std::optional(wanted.extended_key_usage->purposes) : std::nullopt;
  const bool chosen = policy.requests.extended_key_usage == policy::FieldSource::request ||
                      policy.requests.extended_key_usage == policy::FieldSource::either;
  const bool same = purposes && listed ? sorted(*purposes) == sorted(*listed)
                                       : purposes.has_value() == listed.has_value();
  add(found, !same && !chosen,
      "has the extended key usages " + names_of(purposes) + ", and its policy says " +
          names_of(listed));
  const auto constraints = certificate.basic_constraints();
  const bool authority = constraints && constraints->ca;
  add(found, authority != policy.is_authority(),
      authority ? "is an authority's, and its policy's are not"
                : "is no authority's, and its policy's are");
  const auto path = constraints ? constraints->path_length : std::nullopt;
  const auto allowed =
      wanted.basic_constraints ? wanted.basic_constraints->path_length : std::nullopt;
  add(found, authority && path != allowed, "has another path length than its policy says");
  const auto* names = certificate.extension(x509::oids::name_constraints);
  const bool agree =
      wanted.name_constraints
          ? names &&
                names->value == x509::name_constraints_extension(*wanted.name_constraints).value
          : !names;
  add(found, !agree, "has other name constraints than its policy says");
}

std::vector<lint::Finding> judged(const x509::Certificate& certificate,
                                  const policy::Policy& policy, const std::string& subject,
                                  const std::optional<store::Generation>& issuer, Time now) {
  auto judged = lint::Subject::of(certificate);
  judged.policy = &policy;
  const auto above = issuer ? std::optional(certificate_of(*issuer)) : std::nullopt;
  judged.issuer_certificate = above ? &*above : nullptr;
  judged.targets = policy.targets;
  judged.now = now;
  auto findings = lint::check(judged);
  for (const auto& text : departures(certificate, policy, subject)) {
    lint::Finding finding;
    finding.rule = "as-its-policy";
    finding.message = "the certificate " + text;
    finding.remedy = "have it issued again, or change the policy";
    findings.push_back(std::move(finding));
  }
  return findings;
}

void demand(const std::string& name, const std::vector<lint::Finding>& findings,
            const policy::Policy& policy) {
  if (!lint::blocks(findings, &policy)) return;
  std::string said, remedy;
  for (const auto& finding : findings) {
    if (!lint::blocks({finding}, &policy)) continue;
    said += (said.empty() ? "" : "; ") + finding.rule + ": " + finding.message;
    if (remedy.empty()) remedy = finding.remedy;
  }
  throw Error(Error::Kind::policy, "the certificate for '" + name + "' is not accepted: " + said,
              remedy);
}

/// How another authority works, and not what its certificate is good for.
bool is_practice(const std::string& rule) {
  constexpr std::string_view all[] = {"serial-entropy",
                                      "serial-length",
                                      "country-code",
                                      "name-length",
                                      "time-encoding",
                                      "outlives-issuer",
                                      "validity-in-the-future",
                                      "authority-key-identifier",
                                      "subject-key-identifier",
                                      "code-signing-eku-alone",
                                      "alternative-name-critical",
                                      "policy-repeated",
                                      "as-its-policy"};
  return std::find(std::begin(all), std::end(all), rule) != std::end(all);
}

/// The purposes that were asked for: the request's own, else the policy's.
std::vector<Oid> asked_purposes(const store::RequestIntent& intent, const policy::Policy& policy) {
  const auto request = x509::Request::from_der(intent.request);
  if (const auto* asked = request.extension(x509::oids::extended_key_usage))
    return x509::read_extended_key_usage(asked->value);
  const auto& listed = policy.extensions.extended_key_usage;
  return listed ? listed->purposes : std::vector<Oid>{};
}

/// What keeps a certificate from doing what it was asked for, each with its place in a sentence:
/// "it …".
std::vector<std::string> obstacles(const x509::Certificate& certificate,
                                   const store::RequestIntent& intent,
                                   const policy::Policy& policy) {
  std::vector<std::string> found;
  add(found, certificate.version() != 3,
      "it is of version " + std::to_string(certificate.version()) + ", which has no usages");
  if (certificate.version() != 3) return found;
  add(found, certificate.is_ca() != policy.is_authority(),
      certificate.is_ca() ? "it is an authority's" : "it is no authority's");
  const auto purposes = certificate.extended_key_usage();
  if (purposes)
    for (const auto& purpose : asked_purposes(intent, policy))
      add(found, std::find(purposes->begin(), purposes->end(), purpose) == purposes->end(),
          "its extended key usage lacks " + x509::key_purpose_name(purpose));
  const auto usage = certificate.key_usage();
  const auto& wanted = policy.extensions.key_usage;
  add(found, usage && wanted && (wanted->bits & ~*usage & x509::digital_signature),
      "its key usage lacks digitalSignature");
  return found;
}

/// A foreign authority's answer must be of use; how it works otherwise is told.
void demand_useful(const x509::Certificate& certificate, const store::RequestIntent& intent,
                   const policy::Policy& policy, const std::vector<lint::Finding>& findings) {
  auto reasons = obstacles(certificate, intent, policy);
  if (reasons.empty())
    for (const auto& finding : findings)
      add(reasons, finding.severity == lint::Severity::error && !is_practice(finding.rule),
          finding.rule + ": " + finding.message);
  if (reasons.empty()) return;
  std::string said;
  for (const auto& reason : reasons) said += (said.empty() ? "" : "; ") + reason;
  throw Error(Error::Kind::policy,
              "the certificate for '" + intent.name + "' is not what policy '" + policy.name +
                  "' needs: " + said,
              "the request goes on waiting: have it issued again, or give up with: sealwright "
              "request --cancel " +
                  intent.name);
}

store::AdoptedCertificate as_adopted(const x509::Certificate& certificate,
                                     const std::optional<store::Generation>& issuer,
                                     store::GenerationState state) {
  store::AdoptedCertificate adopted;
  adopted.serial = certificate.serial();
  adopted.issuer_name = sha256(certificate.issuer().der());
  if (issuer) adopted.issuer = issuer->id;
  adopted.to_be_signed = sha256(certificate.tbs());
  adopted.key = certificate.public_key().id();
  adopted.issued = {certificate.der(),
                    certificate.thumbprint(),
                    certificate.sha256(),
                    certificate.subject().text(),
                    certificate.not_before(),
                    certificate.not_after(),
                    state};
  return adopted;
}

}  // namespace

store::RequestRecord request_elsewhere(store::Inventory& inventory, const ElsewhereOrder& wanted,
                                       NewKey key) {
  const auto& order = wanted.order;
  const int number = inventory.next_number(order.name);
  x509::RequestContents contents;
  contents.subject = policy::expand_subject(order.subject, order.name, number);
  policy::check_subject(contents.subject, *order.policy);
  contents.extensions = Preparation::usages(order);
  if (!order.san.empty())
    contents.extensions.push_back(
        x509::subject_alternative_name_extension(order.san, contents.subject.empty()));
  contents.extensions.insert(contents.extensions.end(), wanted.extra.begin(), wanted.extra.end());
  const auto request = x509::make_request(contents, order.policy->digest, *key.signer);
  // One that is used again is stored already.
  if (inventory.key(key.record.id)) return record(inventory, wanted, request, std::nullopt);
  return record(inventory, wanted, request, std::move(key.record));
}

store::RequestRecord forward_request(store::Inventory& inventory, const ElsewhereOrder& wanted,
                                     const x509::Request& request) {
  return record(inventory, wanted, request, std::nullopt);
}

std::optional<store::RequestRecord> waiting_for_key(const store::Inventory& inventory,
                                                    const KeyId& key) {
  for (auto& waiting : inventory.waiting_requests())
    if (waiting.intent.key == key) return std::move(waiting);
  return std::nullopt;
}

std::vector<std::string> departures(const x509::Certificate& certificate,
                                    const policy::Policy& policy, const std::string& subject) {
  std::vector<std::string> found;
  add(found, certificate.subject().text() != subject,
      "names '" + printable(certificate.subject().text()) + "', not '" + printable(subject) + "'");
  // As the issuer counted: from when it signed, which is a little after the beginning.
  const Time signed_at = add(certificate.not_before(), policy.validity.backdate);
  const Time longest = add(signed_at, policy.validity.max_lifetime);
  add(found, certificate.not_after() > longest,
      "lasts until " + to_date(certificate.not_after()) + ", longer than the " +
          to_text(policy.validity.max_lifetime) + " that its policy allows");
  compare_usages(certificate, policy, found);
  return found;
}

Accepted accept(store::Inventory& inventory, const store::RequestRecord& waiting,
                const x509::Certificate& certificate,
                const std::optional<store::Generation>& issuer, const policy::Policy& policy,
                bool in_bundle) {
  const auto& intent = waiting.intent;
  if (certificate.public_key().id() != intent.key)
    throw Error(Error::Kind::input,
                "the certificate is not for the key of the request for '" + intent.name + "'");
  if (!issuer && intent.to == store::RequestKind::ceremony)
    throw Error(Error::Kind::state,
                "the issuer of '" + intent.name + "' is not known here, so nothing can be checked",
                "accept the certificate of '" + intent.issuer + "' first");
  check_signature(certificate, intent.name, issuer);
  Accepted accepted;
  accepted.findings = judged(certificate, policy, intent.subject, issuer, inventory.now());
  if (intent.to == store::RequestKind::ceremony)
    demand(intent.name, accepted.findings, policy);
  else
    demand_useful(certificate, intent, policy, accepted.findings);
  auto adopted = as_adopted(certificate, issuer,
                            Preparation::first_state(inventory, intent.name, policy, in_bundle));
  adopted.kind = intent.kind;
  adopted.name = intent.name;
  adopted.number = intent.number;
  adopted.origin = intent.origin;
  adopted.policy = intent.policy;
  accepted.generation = inventory.accept_request(waiting.id, adopted);
  return accepted;
}

Accepted adopt_elsewhere(store::Inventory& inventory, const Elsewhere& wanted,
                         const x509::Certificate& certificate,
                         const std::optional<store::Generation>& issuer) {
  if (!issuer && wanted.demand == Elsewhere::Demand::policy && !certificate.self_signed())
    throw Error(Error::Kind::crypto,
                "the certificate of '" + wanted.name + "' is not signed with its own key");
  check_signature(certificate, wanted.name, issuer);
  Accepted accepted;
  accepted.findings = judged(certificate, *wanted.policy, wanted.subject, issuer, inventory.now());
  if (wanted.demand == Elsewhere::Demand::policy)
    demand(wanted.name, accepted.findings, *wanted.policy);
  auto adopted = as_adopted(
      certificate, issuer,
      Preparation::first_state(inventory, wanted.name, *wanted.policy, wanted.in_bundle));
  adopted.kind =
      wanted.policy->is_authority() ? store::EntityKind::authority : store::EntityKind::certificate;
  adopted.name = wanted.name;
  adopted.number = wanted.number;
  adopted.origin = store::Origin::hierarchy;
  adopted.policy = record_of(*wanted.policy);
  accepted.generation = inventory.adopt(adopted);
  return accepted;
}

}  // namespace sealwright::ca
