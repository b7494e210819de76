#include "policy/policy_build.h"

#include <algorithm>
#include <set>

#include "x509/oids.h"

namespace sealwright::policy {
namespace {
namespace oids = x509::oids;

/// The node of a field that is known to have been written.
const Node& written_at(const Node& object, std::string_view field) {
  const auto* found = object.find(field);
  return found ? *found : object;
}

KeyPolicy make_key(const WrittenKeyPolicy& written, bool authority) {
  KeyPolicy key;
  key.spec.type = written.algorithm == KeyAlgorithm::rsa     ? ossl::KeyType::rsa
                  : written.algorithm == KeyAlgorithm::ecdsa ? ossl::KeyType::ec
                                                             : ossl::KeyType::ed25519;
  if (written.size && written.algorithm != KeyAlgorithm::rsa)
    throw written_at(*written.node, "size")
        .error("'size' is only for rsa keys", "an ecdsa key has a 'curve'");
  if (written.curve && written.algorithm != KeyAlgorithm::ecdsa)
    throw written_at(*written.node, "curve")
        .error("'curve' is only for ecdsa keys", "write algorithm: ecdsa");
  key.spec.bits = static_cast<int>(written.size.value_or(authority ? 4096 : 3072));
  key.spec.curve = written.curve.value_or(ossl::Curve::p256);
  key.stores = written.store;
  key.key_export = written.key_export.value_or(authority ? KeyExport::never : KeyExport::ask);
  return key;
}

ValidityPolicy make_validity(const WrittenValidityPolicy& written, bool negative) {
  ValidityPolicy validity;
  const auto& node = *written.node;
  for (const char* field : {"not_before", "not_after"})
    if (node.find(field) && !negative)
      throw written_at(node, field)
          .error(std::string("'") + field + "' is only for negative policies",
                 "write a 'lifetime'");
  if (written.not_before.has_value() != written.not_after.has_value())
    throw node.error("'not_before' and 'not_after' go together");
  if (written.not_before && *written.not_before >= *written.not_after)
    throw written_at(node, "not_after").error("'not_after' is not behind 'not_before'");
  if (!written.lifetime && !written.not_before) throw missing_field(node, "lifetime", "validity");
  validity.not_before = written.not_before;
  validity.not_after = written.not_after;
  validity.lifetime = written.lifetime.value_or(Duration{});
  validity.max_lifetime = written.max_lifetime.value_or(validity.lifetime);
  validity.backdate = written.backdate;
  if (nominal(validity.lifetime) > nominal(validity.max_lifetime))
    throw written_at(node, "lifetime")
        .error("'lifetime' is longer than 'max_lifetime' (" + to_text(validity.max_lifetime) + ")");
  return validity;
}

void check_subject_policy(const SubjectPolicy& subject, const Node& policy) {
  const auto check = [&](const std::string& attribute, const char* field) {
    const auto& allowed = subject.allowed;
    if (std::find(allowed.begin(), allowed.end(), attribute) != allowed.end()) return;
    const auto& node = written_at(policy, "subject");
    throw written_at(node, field)
        .error("'" + attribute + "' is not among the attributes 'allowed'");
  };
  for (const auto& attribute : subject.required) check(attribute, "required");
  for (const auto& entry : subject.fixed) check(entry.first, "fixed");
}

std::optional<x509::BasicConstraints> make_basic_constraints(const WrittenPolicy& written,
                                                             bool authority) {
  const auto& given = written.extensions.basic_constraints;
  if (!given) return authority ? std::optional(x509::BasicConstraints{true, {}}) : std::nullopt;
  const bool ca = given->constraints && given->constraints->ca;
  if (ca != authority && !written.negative)
    throw given->node->error(
        authority ? "an authority needs {ca: true}" : "an end-entity is no authority",
        "see 'kind' (" + to_text(written.kind) + ")");
  if (!given->constraints) return std::nullopt;
  x509::BasicConstraints made{ca, {}};
  if (const auto length = given->constraints->path_length) {
    if (!ca)
      throw given->node->error("'path_length' is only for authorities");  // RFC 5280, 4.2.1.9
    made.path_length = static_cast<int>(*length);
  }
  return made;
}

/// Extensions that have a field of their own.
bool has_field(const Oid& oid) {
  const auto all = {oids::key_usage,
                    oids::extended_key_usage,
                    oids::basic_constraints,
                    oids::name_constraints,
                    oids::certificate_policies,
                    oids::crl_distribution_points,
                    oids::authority_information_access,
                    oids::subject_key_identifier,
                    oids::authority_key_identifier,
                    oids::subject_alternative_name};
  return std::find(all.begin(), all.end(), oid) != all.end();
}

std::vector<x509::Extension> make_other(const std::vector<WrittenExtension>& written) {
  std::vector<x509::Extension> made;
  std::set<Oid> seen;
  for (const auto& extension : written) {
    const auto& node = written_at(*extension.node, "oid");
    if (has_field(extension.oid))
      throw node.error("extension " + x509::name_of(extension.oid) + " has a field of its own");
    if (!seen.insert(extension.oid).second)
      throw node.error("extension " + extension.oid.text() + " is given twice");
    made.push_back({extension.oid, extension.critical, extension.der});
  }
  return made;
}

ExtensionPolicy make_extensions(const WrittenPolicy& written, bool authority) {
  const auto& from = written.extensions;
  const auto& node = written_at(*written.node, "extensions");
  ExtensionPolicy made;
  made.key_usage = KeyUsagePolicy{
      true, authority ? x509::key_cert_sign | x509::crl_sign : x509::digital_signature};
  if (from.key_usage) {
    made.key_usage = KeyUsagePolicy{from.key_usage->critical, 0};
    for (const auto bit : from.key_usage->values) made.key_usage->bits |= bit;
    if (made.key_usage->bits == 0)  // RFC 5280, 4.2.1.3: at least one bit
      throw written_at(node, "key_usage").error("'key_usage' names no usage");
  }
  made.extended_key_usage = from.extended_key_usage;
  if (made.extended_key_usage && made.extended_key_usage->purposes.empty())
    throw written_at(node, "extended_key_usage").error("'extended_key_usage' names no purpose");
  made.basic_constraints = make_basic_constraints(written, authority);
  if (from.name_constraints) {
    if (!authority && !written.negative)  // RFC 5280, 4.2.1.10
      throw from.name_constraints->node->error("'name_constraints' are only for authorities");
    made.name_constraints = x509::NameConstraints{general_names(from.name_constraints->permitted),
                                                  general_names(from.name_constraints->excluded)};
    if (made.name_constraints->permitted.empty() && made.name_constraints->excluded.empty())
      throw from.name_constraints->node->error("'name_constraints' name nothing");
    try {
      x509::name_constraints_extension(*made.name_constraints);
    } catch (const Error& error) {
      throw from.name_constraints->node->error(error.message, error.hint);
    }
  }
  made.certificate_policies = from.certificate_policies;
  made.crl_distribution_points = from.crl_distribution_points;
  made.authority_information_access = from.authority_information_access;
  made.subject_key_identifier = from.subject_key_identifier;
  made.authority_key_identifier = from.authority_key_identifier;
  made.other = make_other(from.other);
  return made;
}

/// What no version of Windows verifies. Negative policies may be wrong in this, too.
void check_windows(const WrittenPolicy& written) {
  if (written.targets.empty() || written.negative) return;
  if (written.key.algorithm == KeyAlgorithm::ed25519)
    throw written_at(*written.key.node, "algorithm")
        .error("'ed25519' is not for Windows, which is among the 'targets'",
               "write algorithm: rsa or ecdsa, or leave 'targets' out");
  if (written.signature.padding == Padding::pss)
    throw written_at(*written.signature.node, "padding")
        .error("'pss' is not for Windows, which is among the 'targets'",
               "write padding: pkcs1, or leave 'targets' out");
}
}  // namespace

std::chrono::seconds nominal(const Duration& duration) {
  constexpr Time start = std::chrono::sys_days(std::chrono::year(2025) / 1 / 1);
  return add(start, duration) - start;
}

std::vector<x509::GeneralName> general_names(const WrittenNames& names) {
  using Form = x509::GeneralName::Kind;
  std::vector<x509::GeneralName> made;
  for (const auto& value : names.dns) made.push_back({Form::dns, value});
  for (const auto& value : names.email) made.push_back({Form::email, value});
  for (const auto& value : names.uri) made.push_back({Form::uri, value});
  for (const auto& value : names.ip) made.push_back({Form::ip, value});
  for (const auto& value : names.directory) made.push_back({Form::directory, value});
  return made;
}

Policy make_policy(const WrittenPolicy& written) {
  Policy policy;
  policy.name = written.name.name;
  policy.place = written.name.node->place();
  policy.revision = static_cast<int>(written.revision);
  policy.kind = written.kind;
  policy.description = written.description;
  policy.targets = written.targets;
  const bool authority = policy.is_authority();
  policy.key = make_key(written.key, authority);
  policy.digest = written.signature.digest;
  policy.padding = written.signature.padding;
  check_windows(written);
  policy.validity = make_validity(written.validity, written.negative.has_value());
  policy.subject = written.subject;
  check_subject_policy(policy.subject, *written.node);
  policy.extensions = make_extensions(written, authority);
  policy.requests = written.requests;
  policy.renewal = written.renewal;
  policy.issuers = written.issuance.issuers;
  policy.max_active = static_cast<int>(written.issuance.max_active);
  policy.timestamp_required = written.signing.timestamp_required;
  policy.allow = written.signing.allow;
  policy.lint = written.lint;
  policy.negative = written.negative;
  return policy;
}

}  // namespace sealwright::policy
