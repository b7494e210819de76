#pragma once
// policies/NAME.yaml as it was written: every field as it stands, nothing filled in or compared.
// Policy is what becomes of it.

#include "policy/scalar.h"

namespace sealwright::policy {

enum class KeyAlgorithm { rsa, ecdsa, ed25519 };

struct WrittenKeyPolicy {
  const Node* node = nullptr;
  KeyAlgorithm algorithm = KeyAlgorithm::rsa;
  std::optional<std::int64_t> size;
  std::optional<ossl::Curve> curve;
  std::vector<KeyStore> store;
  std::optional<KeyExport> key_export;
};

struct WrittenSignature {
  const Node* node = nullptr;
  ossl::Digest digest = ossl::Digest::sha256;
  Padding padding = Padding::pkcs1;
};

struct WrittenValidityPolicy {
  const Node* node = nullptr;
  std::optional<Duration> lifetime, max_lifetime;
  Duration backdate;
  std::optional<Time> not_before, not_after;
};

struct WrittenUsage {
  bool critical = false;
  std::vector<std::uint32_t> values;
};

struct WrittenNames {
  std::vector<std::string> dns, email, uri, ip, directory;
};

struct WrittenNameConstraints {
  const Node* node = nullptr;
  WrittenNames permitted, excluded;
};

struct WrittenBasicConstraints {
  bool ca = false;
  std::optional<std::int64_t> path_length;
};
/// The object, or nothing inside for `none`.
struct WrittenBasicConstraintsOrNone {
  const Node* node = nullptr;
  std::optional<WrittenBasicConstraints> constraints;
};

struct WrittenExtension {
  const Node* node = nullptr;
  Oid oid;
  bool critical = false;
  Bytes der;
};

struct WrittenExtensions {
  std::optional<WrittenUsage> key_usage;
  std::optional<ExtendedKeyUsagePolicy> extended_key_usage;
  std::optional<WrittenBasicConstraintsOrNone> basic_constraints;
  std::optional<WrittenNameConstraints> name_constraints;
  std::vector<x509::CertificatePolicy> certificate_policies;
  UrlSource crl_distribution_points, authority_information_access;
  bool subject_key_identifier = true, authority_key_identifier = true;
  std::vector<WrittenExtension> other;
};

struct WrittenIssuance {
  std::vector<std::string> issuers;
  std::int64_t max_active = 1;
};

struct WrittenSigning {
  bool timestamp_required = true;
  std::vector<std::string> allow;
};

struct WrittenPolicy {
  const Node* node = nullptr;
  std::int64_t version = 1, revision = 0;
  Reference name;
  Kind kind = Kind::end_entity;
  std::optional<Reference> extends;
  std::string description;
  std::vector<std::string> targets;
  WrittenKeyPolicy key;
  WrittenSignature signature;
  WrittenValidityPolicy validity;
  SubjectPolicy subject;
  WrittenExtensions extensions;
  RequestPolicy requests;
  RenewalPolicy renewal;
  WrittenIssuance issuance;
  WrittenSigning signing;
  LintPolicy lint;
  std::optional<Negative> negative;
};

const Fields<WrittenPolicy>& policy_fields();
const Fields<WrittenExtensions>& extension_fields();
const Fields<RenewalPolicy>& renewal_fields();
Type<ossl::Digest> digest();
Type<KeyStore> key_store();

}  // namespace sealwright::policy
