// What a request is allowed to bring: its key, and field by field what its policy says.

#include "ca/request.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/preparation.h"
#include "ossl/der.h"
#include "ossl/weak_key.h"
#include "policy/load.h"
#include "x509/oids.h"

namespace sealwright::ca {
namespace {

using policy::FieldSource;

/// One field of `requests:`, for errors.
struct Field {
  const char* key;   ///< In the policy.
  const char* what;  ///< "a subject"
  FieldSource source;
};

[[noreturn]] void refuse_key(const std::string& name, const std::string& message,
                             std::string hint) {
  throw Error(Error::Kind::policy, "the key of the request for '" + name + "' " + message,
              std::move(hint));
}

bool strong_enough(const ossl::PublicKey& key, const ossl::KeySpec& spec) {
  if (key.type() != spec.type) return false;
  if (spec.type == ossl::KeyType::rsa) return key.bits() >= spec.bits;
  if (spec.type == ossl::KeyType::ec) return key.curve() && *key.curve() >= spec.curve;
  return true;
}

void check_strength(const std::string& name, const ossl::PublicKey& key,
                    const policy::Policy& policy) {
  if (const auto weakness = ossl::weakness_of(key))
    refuse_key(name, weakness->message, "make a new key, and the request with it");
  if (!strong_enough(key, policy.key.spec))
    refuse_key(name,
               "is " + key.description() + ", and policy '" + policy.name + "' asks for " +
                   ossl::to_text(policy.key.spec) +
                   (policy.key.spec.type == ossl::KeyType::ed25519 ? "" : " or longer"),
               "make a new key, and the request with it");
}

[[noreturn]] void refuse_missing(const Order& order, const Field& field) {
  throw Error(Error::Kind::policy,
              fmt::format("the request for '{}' has no {}, and policy '{}' takes it from there",
                          order.name, field.what, order.policy->name),
              fmt::format("make the request with one, or write requests: {{{}: either}} in the "
                          "policy",
                          field.key));
}

[[noreturn]] void refuse_brought(const Order& order, const Field& field, const std::string& value) {
  throw Error(
      Error::Kind::policy,
      fmt::format("the request for '{}' brings the {} '{}', which policy '{}' refuses", order.name,
                  field.what, printable(value), order.policy->name),
      fmt::format("leave it out of the request, or write requests: {{{}: policy}} to ignore it",
                  field.key));
}

[[noreturn]] void refuse_value(const Order& order, const Field& field, const std::string& reason) {
  throw Error(
      Error::Kind::policy,
      fmt::format("the {} of the request for '{}' {}", field.what, order.name, reason),
      fmt::format("change the request, or write requests: {{{}: policy}} to ignore it", field.key));
}

/// Whether the request's value takes the place of the policy's. `present`: it has one; `same`: the
/// certificate would be the same without it.
bool taken(const Order& order, const Field& field, bool present, bool same,
           const std::string& shown) {
  switch (field.source) {
    case FieldSource::policy:
      return false;
    case FieldSource::request:
      if (!present) refuse_missing(order, field);
      return true;
    case FieldSource::either:
      return present;
    case FieldSource::refuse:
      if (present && !same) refuse_brought(order, field, shown);
      return false;
  }
  return false;
}

void take_subject(Order& order, const x509::Request& request, int number) {
  const Field field{"subject", "subject", order.policy->requests.subject};
  const auto& brought = request.subject();
  const auto without = policy::expand_subject(order.subject, order.name, number);
  const bool same = brought.attributes() == without.attributes();
  if (!taken(order, field, !brought.empty(), same, brought.text())) return;
  policy::Subject subject;
  subject.attributes.assign(brought.attributes().rbegin(), brought.attributes().rend());
  for (const auto& attribute : subject.attributes)
    if (attribute.value.find_first_of("{}") != std::string::npos)
      refuse_value(order, field, "holds a brace, which would be a placeholder here");
  // A relative name of several attributes, or a value that is no text, would change on the way.
  if (x509::Name::of(subject.attributes).text() != brought.text())
    refuse_value(order, field, "'" + printable(brought.text()) + "' cannot be issued as it stands");
  order.subject = std::move(subject);
}

std::string shown(const std::vector<x509::GeneralName>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name.value;
  return text;
}

void take_names(Order& order, const x509::Request& request) {
  const Field field{"san", "alternative name", order.policy->requests.san};
  const auto* brought = request.extension(x509::oids::subject_alternative_name);
  std::vector<x509::GeneralName> names;
  if (brought) names = x509::read_general_names(brought->value);
  const auto value = [](const std::vector<x509::GeneralName>& list) {
    return x509::subject_alternative_name_extension(list, false).value;
  };
  const bool whole = brought && !names.empty() && value(names) == brought->value;
  const bool same = whole && !order.san.empty() && value(order.san) == brought->value;
  if (!taken(order, field, brought, same, shown(names))) return;
  // otherName, x400Address and the like are not read: leaving them out would issue something else.
  if (!whole) refuse_value(order, field, "is of a kind that is not issued here");
  order.san = std::move(names);
}

std::string shown(const std::vector<Oid>& purposes) {
  std::string text;
  for (const auto& purpose : purposes)
    text += (text.empty() ? "" : ", ") + x509::key_purpose_name(purpose);
  return text;
}

void take_purposes(Order& order, const x509::Request& request) {
  const Field field{"extended_key_usage", "extended key usage",
                    order.policy->requests.extended_key_usage};
  const auto* brought = request.extension(x509::oids::extended_key_usage);
  const auto& listed = order.policy->extensions.extended_key_usage;
  std::vector<Oid> purposes;
  if (brought) purposes = x509::read_extended_key_usage(brought->value);
  auto sorted = [](std::vector<Oid> list) {
    std::sort(list.begin(), list.end());
    return list;
  };
  const bool same = listed && sorted(purposes) == sorted(listed->purposes);
  if (!taken(order, field, brought, same, shown(purposes))) return;
  for (const auto& purpose : purposes) {
    const bool allowed = !listed || std::find(listed->purposes.begin(), listed->purposes.end(),
                                              purpose) != listed->purposes.end();
    if (!allowed)
      refuse_value(order, field,
                   "holds " + x509::key_purpose_name(purpose) + ", which policy '" +
                       order.policy->name + "' does not list");
  }
  order.purposes = std::move(purposes);
}

/// What an authority says of a certificate, never the one who asks.
bool is_authoritys(const Oid& oid) {
  using namespace x509::oids;
  for (const auto* own : {&subject_key_identifier, &key_usage, &basic_constraints,
                          &name_constraints, &crl_distribution_points, &certificate_policies,
                          &authority_key_identifier, &authority_information_access})
    if (oid == *own) return true;
  return false;
}

/// Arcs and extensions that say how much an authority or a verifier grants. None of them is taken
/// from a request, and leaving one out silently would hide what was tried.
constexpr std::string_view granted_arcs[] = {
    "2.5.29.",                 // RFC 5280, 4.2.1: policies, mappings, constraints, freshestCRL …
    "1.3.6.1.4.1.311.",        // Microsoft: templates, application policies, user's SID …
    "2.16.840.1.113730.1.",    // Netscape: netscapeCertType …
    "1.3.6.1.4.1.11129.2.4.",  // RFC 6962: precertificates, their timestamps
    "1.3.6.1.5.5.7.48.",       // RFC 6960, 4.2.2.2.1: ocsp-nocheck
};
constexpr std::string_view granted[] = {
    "1.3.6.1.5.5.7.1.2",   // biometricInfo
    "1.3.6.1.5.5.7.1.3",   // qcStatements (RFC 3739)
    "1.3.6.1.5.5.7.1.7",   // RFC 3779: addresses
    "1.3.6.1.5.5.7.1.8",   // RFC 3779: autonomous systems
    "1.3.6.1.5.5.7.1.11",  // subjectInfoAccess (RFC 5280, 4.2.2.2)
    "1.3.6.1.5.5.7.1.14",  // proxyCertInfo (RFC 3820)
};

std::string_view known_name(const std::string& oid) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"2.5.29.18", "issuerAltName"},
      {"2.5.29.33", "policyMappings"},
      {"2.5.29.36", "policyConstraints"},
      {"2.5.29.46", "freshestCRL"},
      {"2.5.29.54", "inhibitAnyPolicy"},
      {"1.3.6.1.4.1.311.20.2", "certificate template name"},
      {"1.3.6.1.4.1.311.21.7", "certificate template"},
      {"1.3.6.1.4.1.311.21.10", "application policies"},
      {"1.3.6.1.4.1.311.25.2", "security identifier"},
      {"1.3.6.1.5.5.7.48.1.5", "ocsp-nocheck"},
      {"2.16.840.1.113730.1.1", "netscapeCertType"},
  };
  for (const auto& [known, name] : names)
    if (oid == known) return name;
  return {};
}

std::string described(const Oid& oid) {
  const auto name = known_name(oid.text());
  return name.empty() ? "'" + x509::name_of(oid) + "'" : fmt::format("'{}' ({})", name, oid.text());
}

bool is_one_element(BytesView value) {
  try {
    ossl::der::Reader reader(value, "the extension");
    reader.next();
    return reader.at_end();
  } catch (const Error&) {
    return false;
  }
}

/// What `requests: {other: …}` may take as it stands: it grants nothing, and every reader of the
/// certificate may pass over it.
void check_other(const Order& order, const x509::Extension& brought) {
  const std::string oid = brought.oid.text();
  const bool grants = std::any_of(std::begin(granted_arcs), std::end(granted_arcs),
                                  [&](std::string_view arc) { return oid.starts_with(arc); }) ||
                      std::find(std::begin(granted), std::end(granted), oid) != std::end(granted);
  const char* reason = grants                           ? "which is the authority's to say"
                       : brought.critical               ? "which is critical and not known here"
                       : !is_one_element(brought.value) ? "whose value is not one DER element"
                                                        : nullptr;
  if (!reason) return;
  throw Error(Error::Kind::policy,
              fmt::format("the request for '{}' brings the extension {}, {}", order.name,
                          described(brought.oid), reason),
              "leave it out of the request, or write requests: {other: policy} to ignore it");
}

bool made_anyway(const Order& order, const x509::Request& request, const x509::Extension& brought) {
  if (brought.oid == x509::oids::subject_key_identifier)
    return brought.value ==
           x509::subject_key_identifier_extension(request.public_key().key_identifier()).value;
  auto made = Preparation::usages(order);
  const auto& other = order.policy->extensions.other;
  made.insert(made.end(), other.begin(), other.end());
  // openssl req writes CA:FALSE into requests; a certificate without basicConstraints says the
  // same.
  const bool no_ca = brought.oid == x509::oids::basic_constraints &&
                     !order.policy->is_authority() &&
                     !x509::read_basic_constraints(brought.value).ca;
  return no_ca || std::any_of(made.begin(), made.end(), [&](const auto& extension) {
           return extension.oid == brought.oid && extension.value == brought.value;
         });
}

void take_others(Order& order, const x509::Request& request) {
  const Field field{"other", "other extension", order.policy->requests.other};
  std::vector<x509::Extension> brought;
  for (const auto& extension : request.extensions()) {
    if (extension.oid == x509::oids::subject_alternative_name ||
        extension.oid == x509::oids::extended_key_usage)
      continue;
    if (field.source == FieldSource::refuse && !made_anyway(order, request, extension))
      refuse_brought(order, field, x509::name_of(extension.oid));
    const auto& own = order.policy->extensions.other;
    const bool policys = std::any_of(own.begin(), own.end(), [&](const auto& extension_of_policy) {
      return extension_of_policy.oid == extension.oid;
    });
    if (is_authoritys(extension.oid) || policys) continue;
    if (field.source == FieldSource::request || field.source == FieldSource::either)
      check_other(order, extension);
    brought.push_back(extension);
  }
  if (taken(order, field, !brought.empty(), true, ""))
    order.extensions.insert(order.extensions.end(), brought.begin(), brought.end());
}

}  // namespace

void check_key_is_believed(const store::Inventory& inventory, const std::string& name,
                           const KeyId& key) {
  for (const auto& generation : inventory.find(key)) {
    const bool revoked = generation.state == store::GenerationState::revoked;
    if (!revoked && !generation.distrusted) continue;
    throw Error(
        Error::Kind::policy,
        fmt::format("the key for '{}' is that of '{}', which is {}{}", name, generation.label(),
                    revoked ? "revoked" : "distrusted",
                    generation.reason.empty() ? "" : " (" + printable(generation.reason) + ")"),
        "what nobody believes any more is not certified again: make a new key");
  }
}

void check_request(const store::Inventory& inventory, const std::string& name,
                   const x509::Request& request, const policy::Policy& policy) {
  if (!request.verified())
    throw Error(Error::Kind::crypto,
                "the request for '" + name + "' is not signed with its own key",
                "make the request again with the program that holds the key");
  check_strength(name, request.public_key(), policy);
  const KeyId key = request.public_key().id();
  if (const auto waiting = waiting_for_key(inventory, key); waiting && waiting->intent.name != name)
    refuse_key(name, "is that of the request for '" + waiting->intent.name + "'",
               "one key, one name: make a new key");
  check_key_is_believed(inventory, name, key);
  for (const auto& generation : inventory.find(key)) {
    if (generation.name != name)
      refuse_key(name, "is that of '" + generation.label() + "'",
                 "one key, one name: make a new key");
    if (!policy.renewal.reuse_key)
      refuse_key(name, "was certified before, as '" + generation.label() + "'",
                 "make a new key, or write renewal: {key: reuse} in the policy");
  }
}

Order with_request(Order order, const x509::Request& request, int number) {
  take_subject(order, request, number);
  take_names(order, request);
  take_purposes(order, request);
  take_others(order, request);
  return order;
}

Prepared prepare(const store::Inventory& inventory, const Order& order,
                 const x509::Request& request, const ossl::Random& random, policy::KeyStore store) {
  if (!order.issuer)
    throw Error(Error::Kind::policy,
                "'" + order.name + "' would sign itself, and its key is not here",
                "name an issuer, or leave the request out");
  return Preparation::of(inventory, order, request.public_key(), store, random);
}

}  // namespace sealwright::ca
