#pragma once
// sealwright.yaml as values: what should exist. Lists keep the order of the file. Cross-references
// were checked when a Hierarchy was loaded (policy/load.h): every name in it leads somewhere of the
// right kind.

#include <map>

#include "policy/policy.h"

namespace sealwright::policy {

/// What stands instead of a secret in YAML.
struct SecretSource {
  enum class From {
    file,
    environment,
    generate
  };  ///< generate: made at random and written to the file, once.
  From from = From::file;
  std::string value;  ///< Path (relative to the workspace) or variable name.
};

/// A subject whose values may still hold {name} and {generation}; see expand_subject().
struct Subject {
  std::vector<x509::NameAttribute> attributes;  ///< Most specific first, as in RFC 4514 text.
};

struct KeyPlacement {
  KeyStore store = KeyStore::inventory;
  std::string keyring;  ///< Always one of Hierarchy::keyrings.
  std::string uri;      ///< pkcs11 only.
  std::string label;
};

/// A key or certificate that exists already (adopt, never create).
struct Existing {
  std::string from;  ///< "files", "easy-rsa", "openssl-ca"
  std::string path, certificate, key;
  std::optional<SecretSource> password;
};

/// What authorities and certificates have in common.
struct Item {
  std::string name;
  Place place;  ///< Of its name in the file.
  PolicyPtr policy;
  std::string issuer;  ///< An authority; empty: self-signed.
  /// Complete: organization, country and what the policy fixes are in it. Empty with `existing`
  /// where none was written: that of the existing certificate.
  Subject subject;
  std::vector<x509::GeneralName> san;
  KeyPlacement key;
  std::optional<Existing> existing;
  bool renew = true;  ///< False: left alone when it expires.
  bool self_signed() const { return issuer.empty(); }
};

struct CrlPlan {
  Duration lifetime, overlap;
  std::vector<std::string> urls;
};

struct Authority : Item {
  CrlPlan crl;
  RenewalPolicy renewal;  ///< The policy's, or its own.
};

/// How files are signed with a certificate.
struct SignDefaults {
  enum class Chain { no_root, full, leaf };
  /// Names of `timestamping` or URLs, tried in order. Where none was written, all of the
  /// hierarchy's `timestamping`.
  std::vector<std::string> timestamp;
  bool timestamp_none = false;  ///< `timestamp: none` was written.
  ossl::Digest digest = ossl::Digest::sha256;
  std::string description, url;
  bool page_hashes = false;
  Chain chain = Chain::no_root;
};

struct Certificate : Item {
  std::optional<Duration> lifetime;  ///< Shorter than the policy's.
  std::optional<Time> not_after;
  SignDefaults sign;
};

struct TimestampAuthority {
  std::string name;
  Place place;
  std::string certificate;  ///< A certificate of this hierarchy with EKU timeStamping, or empty.
  std::string url;          ///< An RFC 3161 server, or empty. One of the two is given.
  Oid policy_oid;           ///< May be empty.
  std::chrono::milliseconds accuracy{1000};
};

enum class ExportFormat { pem, der, chain, pfx, spc, p7b, pvk, pkcs8, csr, jks_howto };
std::string to_text(ExportFormat format);
std::optional<ExportFormat> export_format(std::string_view name);
std::vector<std::string> export_format_names();
bool holds_private_key(ExportFormat format);  ///< pfx, pvk and pkcs8.
/// The first {word} in the path of an export that is not {name}, {generation} or {ext}; "" if none.
std::string unknown_placeholder(std::string_view path);
enum class ExportProfile { automatic, modern, compatible };

constexpr std::int64_t least_pfx_iterations = 1000, most_pfx_iterations = 1'000'000;

/// How a PFX is made.
struct PfxPlan {
  ExportProfile profile = ExportProfile::automatic;
  int iterations = 2048;  ///< What Windows writes; of each key derivation.
  SignDefaults::Chain chain = SignDefaults::Chain::no_root;
  std::string friendly_name;  ///< Empty: the name of the certificate.
  std::string csp = "auto";   ///< What Windows keeps the key in; "none": nothing is said.
};

struct Export {
  std::string name;
  Place place;
  std::string certificate;  ///< Of this hierarchy: certificate or authority.
  std::string generation;   ///< "active", "next", "previous", "all" or a number.
  ExportFormat format = ExportFormat::pem;
  std::string path;  ///< May hold {name} {generation} {ext}.
  PfxPlan pfx;
  std::optional<SecretSource> password;
};

/// One format of a bundle with its own settings.
struct BundleFormat {
  std::string name;  ///< "reg", "registry-pol", "gpo" …
  Place place;
  std::map<std::string, std::string>
      options;  ///< E.g. flavor, forest, current_user ("true"), of ("reg,gpo"); defaults filled in.
  std::string option(const std::string& key) const;  ///< "" when not given.
};

struct Bundle {
  enum class User { current, standard, system };  ///< standard: the default user (.DEFAULT).
  enum class WintrustState { keep, standard, value };

  std::string name;
  Place place;
  std::vector<std::string> root, ca, trusted_publisher,
      disallowed;  ///< Names of certificates and authorities.
  enum class Purposes { automatic, unrestricted, listed } root_purposes = Purposes::automatic;
  std::vector<Oid> purposes;  ///< With listed.
  WintrustState wintrust_state = WintrustState::keep;
  std::uint32_t wintrust_value = 0;  ///< With value.
  std::vector<User> users;
  std::optional<std::uint32_t> authenticode_flags;
  std::vector<BundleFormat> formats;
  std::string output = "dist/{bundle}/v{version}";
  bool confirm_deployment = true;
  Duration deployment_lead{0, std::chrono::days(45)};
  int keep_versions = 4;
};

struct Package {
  std::string name;
  Place place;
  std::string path;
  std::vector<std::string> os;  ///< As written; see base/windows_version.h.
  std::string signer;           ///< A certificate, or empty.
  std::string description, url;
  int catalog_version = 0;  ///< 1, 2, or 0 = auto.
  std::vector<std::string> ignore;
};

/// Every fault with every state of trust, in a lab.
struct Matrix {
  std::string name;
  Place place;
  std::string package;
  std::vector<std::string> signers, faults, trust;
  bool all_pairs = false;
};

/// A name that changed: what `from` was, `to` is.
struct Move {
  std::string from, to;
};

struct Hierarchy {
  std::string name;
  Place place;
  bool lab = false;
  std::string organization, country;  ///< May be empty.
  std::string inventory = "sqlite:.sealwright/inventory.db";
  std::vector<std::string> targets;
  std::string distribution_http, distribution_publish;
  std::vector<std::string> keyrings;
  std::vector<Authority> authorities;
  std::vector<Certificate> certificates;
  std::vector<TimestampAuthority> timestamping;
  std::vector<Export> exports;
  std::vector<Bundle> bundles;
  std::vector<Package> packages;
  std::vector<Matrix> matrices;
  std::vector<Move> moved;

  const Authority* authority(std::string_view wanted) const;  ///< Null when there is none.
  const Certificate* certificate(std::string_view wanted) const;
  const Item* item(std::string_view wanted) const;  ///< An authority or a certificate.
  const TimestampAuthority* timestamp_authority(std::string_view wanted) const;
  const Bundle* bundle(std::string_view wanted) const;
  const Package* package(std::string_view wanted) const;
  /// Authorities, then certificates, each after its issuer.
  std::vector<const Item*> in_issuing_order() const;
};

}  // namespace sealwright::policy
