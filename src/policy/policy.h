#pragma once
// The folder policy turns the two kinds of YAML files into plain values, and nothing else:
// policies/NAME.yaml into a Policy (what a kind of certificate must look like), sealwright.yaml
// into a Hierarchy (what should exist). Every mistake in a file is an Error with file:line:column,
// the line with a caret, and a hint.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "ossl/key.h"
#include "x509/extension.h"
#include "x509/name.h"

namespace sealwright::policy {

/// Where in a file something stands; counted from 1, columns in characters.
struct Place {
  std::string file;
  int line = 0, column = 0;
};
std::string to_text(const Place& place);  ///< "sealwright.yaml:14:15"

enum class Kind { root, intermediate, end_entity };
enum class KeyStore { inventory, pkcs11, offline, external };
enum class KeyExport { never, ask, allowed };
enum class Padding { pkcs1, pss };    ///< Of RSA signatures.
std::string to_text(Kind kind);       ///< "end-entity"
std::string to_text(KeyStore store);  ///< "inventory"
std::string to_text(KeyExport key_export);
std::string to_text(Padding padding);

struct KeyPolicy {
  ossl::KeySpec spec;            ///< Default RSA, 3072 bits, 4096 for authorities.
  std::vector<KeyStore> stores;  ///< Empty: any.
  KeyExport key_export = KeyExport::ask;
};

struct ValidityPolicy {
  Duration lifetime;
  Duration max_lifetime;  ///< Default: lifetime.
  Duration backdate{0, std::chrono::minutes(10)};
  std::optional<Time> not_before, not_after;  ///< Only where `negative` is given.
};

struct SubjectPolicy {
  std::vector<std::string> required;  ///< Attribute short names, default CN.
  std::vector<std::string> allowed;   ///< Default CN O OU C L ST.
  std::vector<std::pair<std::string, std::string>>
      fixed;  ///< Attribute → the only value it may have.
  std::vector<std::pair<std::string, std::string>>
      pattern;  ///< Attribute → ECMAScript regex for the whole value.
};

/// Where URLs in a certificate come from.
struct UrlSource {
  enum class From {
    none,
    issuer,
    listed
  } from = From::issuer;          ///< issuer: what the hierarchy says of it, if anything.
  std::vector<std::string> urls;  ///< With listed.
};

struct KeyUsagePolicy {
  bool critical = true;
  std::uint32_t bits = 0;  ///< x509::KeyUsage
};

struct ExtendedKeyUsagePolicy {
  bool critical = false;
  std::vector<Oid> purposes;
};

struct ExtensionPolicy {
  std::optional<KeyUsagePolicy> key_usage;
  std::optional<ExtendedKeyUsagePolicy> extended_key_usage;
  std::optional<x509::BasicConstraints> basic_constraints;  ///< Critical where ca.
  std::optional<x509::NameConstraints> name_constraints;
  std::vector<x509::CertificatePolicy> certificate_policies;
  UrlSource crl_distribution_points, authority_information_access;
  bool subject_key_identifier = true, authority_key_identifier = true;
  std::vector<x509::Extension> other;
};

struct RenewalPolicy {
  enum class Activate { when_deployed, immediately, by_hand };
  enum class OnPolicyChange { at_renewal, now, never };
  std::optional<Duration> window;  ///< How long before its end a certificate is due; nothing: a
                                   ///< quarter of its lifetime.
  bool reuse_key = false;
  Activate activate = Activate::when_deployed;
  std::optional<Duration> overlap;  ///< Nothing: until-safe.
  OnPolicyChange on_policy_change = OnPolicyChange::at_renewal;
};

enum class FieldSource { policy, request, either, refuse };
struct RequestPolicy {
  FieldSource key = FieldSource::request;  ///< A request always brings its key.
  FieldSource subject = FieldSource::policy, san = FieldSource::policy,
              extended_key_usage = FieldSource::policy, other = FieldSource::policy;
};

struct Relaxed {
  std::string rule, because;
};
struct LintPolicy {
  std::vector<Relaxed> relax;
  bool fail_on_warning = false;
};

/// What the subject of a negative certificate carries, so that nobody takes it for a real one.
constexpr const char* negative_mark = "NEGATIVE TEST";

/// A certificate that is wrong on purpose (labs only).
struct Negative {
  std::string breaks;        ///< A lint rule.
  std::uint32_t expect = 0;  ///< The Windows error code.
};

/// policies/NAME.yaml with what it extends merged in and every default filled in.
struct Policy {
  std::string name;
  int revision = 0;
  Kind kind = Kind::end_entity;
  std::string description;
  std::vector<std::string> targets;
  KeyPolicy key;
  ossl::Digest digest = ossl::Digest::sha256;
  Padding padding = Padding::pkcs1;
  ValidityPolicy validity;
  SubjectPolicy subject;
  ExtensionPolicy extensions;
  RequestPolicy requests;
  RenewalPolicy renewal;
  std::vector<std::string> issuers;  ///< Authorities that may issue under it; empty: all.
  int max_active = 1;
  bool timestamp_required = true;
  std::vector<std::string> allow;  ///< Globs of file names that may be signed; empty: all.
  LintPolicy lint;
  std::optional<Negative> negative;

  std::vector<std::string> extends;  ///< "driver-signing@1", nearest first.
  Place place;                       ///< The file (its `name` field).
  std::string text;                  ///< The file as it was read.
  /// SHA-256 (lower hex) over what takes effect: changes iff the policy says something else,
  /// however it is written. Description and revision do not count. See policy/effective.h.
  std::string fingerprint;

  bool is_authority() const { return kind != Kind::end_entity; }
  /// How an issuer with this key signs under the policy. Throws Error::Kind::crypto for a key of an
  /// unknown kind.
  ossl::SignatureAlgorithm signature_algorithm(const ossl::PublicKey& issuer) const;
  bool has_purpose(
      const Oid& purpose) const;  ///< Its extended_key_usage lists exactly this purpose.
};
using PolicyPtr = std::shared_ptr<const Policy>;

}  // namespace sealwright::policy
