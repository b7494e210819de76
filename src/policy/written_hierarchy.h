#pragma once
// sealwright.yaml as it was written: every field as it stands, no name looked up. Hierarchy is what
// becomes of it.

#include "policy/written_policy.h"

namespace sealwright::policy {

struct WrittenKey {
  std::optional<KeyStore> store;
  std::optional<Reference> keyring;
  std::string uri, label;
};

struct WrittenExisting {
  std::string from = "files", path, certificate, key;
  std::optional<SecretSource> password;
};

struct WrittenCrl {
  std::optional<Duration> lifetime, overlap;
  std::vector<std::string> urls;
};

/// A name or a URL.
struct NameOrUrl {
  std::string text;
  bool is_url = false;
  const Node* node = nullptr;
};
struct WrittenTimestamps {
  bool none = false;
  std::vector<NameOrUrl> list;
};

struct WrittenSign {
  WrittenTimestamps timestamp;
  ossl::Digest digest = ossl::Digest::sha256;
  std::string description, url;
  bool page_hashes = false;
  SignDefaults::Chain chain = SignDefaults::Chain::no_root;
};

struct WrittenValidity {
  const Node* node = nullptr;
  std::optional<Duration> lifetime;
  std::optional<Time> not_after;
};

struct WrittenItem {
  const Node* node = nullptr;
  Reference policy;
  std::optional<Reference> issuer;
  std::optional<Subject> subject;
  WrittenNames san;
  WrittenKey key;
  std::optional<WrittenExisting> existing;
  bool renew = true;
};

struct WrittenAuthority : WrittenItem {
  WrittenCrl crl;
  std::optional<RenewalPolicy> renewal;
};

struct WrittenCertificate : WrittenItem {
  WrittenValidity validity;
  WrittenSign sign;
};

struct WrittenTimestamping {
  const Node* node = nullptr;
  std::optional<Reference> certificate;
  std::string url;
  Oid policy_oid;
  std::chrono::milliseconds accuracy{1000};
};

struct WrittenExport {
  const Node* node = nullptr;
  Reference certificate;
  std::string generation;
  ExportFormat format = ExportFormat::pem;
  std::string path;
  ExportProfile profile = ExportProfile::automatic;
  std::int64_t iterations = 0;
  SignDefaults::Chain chain = SignDefaults::Chain::no_root;
  std::string friendly_name, csp;
  std::optional<SecretSource> password;
};

struct WrittenStores {
  const Node* node = nullptr;
  std::vector<Reference> root, ca, trusted_publisher, disallowed;
};

struct WrittenPurposes {
  Bundle::Purposes kind = Bundle::Purposes::automatic;
  std::vector<Oid> list;
};

struct WrittenState {
  Bundle::WintrustState kind = Bundle::WintrustState::keep;
  std::uint32_t value = 0;
};

struct WrittenSettings {
  WrittenState wintrust_state;
  std::vector<Bundle::User> users;
  std::optional<std::int64_t> authenticode_flags;
};

struct WrittenDeployment {
  std::optional<bool> confirm;
  Duration lead;
};

struct WrittenBundle {
  const Node* node = nullptr;
  WrittenStores stores;
  WrittenPurposes root_purposes;
  WrittenSettings settings;
  std::vector<BundleFormat> formats;
  std::string output;
  WrittenDeployment deployment;
  std::int64_t keep_versions = 4;
};

struct WrittenPackage {
  const Node* node = nullptr;
  std::string path;
  std::vector<std::string> os;
  std::optional<Reference> signer;
  std::string description, url;
  int catalog_version = 0;
  std::vector<std::string> ignore;
};

struct WrittenMatrix {
  const Node* node = nullptr;
  Reference package;
  std::vector<Reference> signers, trust;
  std::vector<std::string> faults;
  bool all_pairs = false;
};

struct WrittenMove {
  Reference from, to;
};

struct WrittenDistribution {
  std::string http, publish;
};

struct WrittenKeyring {};

struct WrittenHierarchy {
  const Node* node = nullptr;
  std::int64_t version = 1;
  std::string name;
  bool lab = false;
  std::string organization, country, inventory;
  std::vector<std::string> targets;
  std::optional<WrittenDistribution> distribution;
  std::optional<std::vector<Named<WrittenKeyring>>> keyrings;
  std::vector<Named<WrittenAuthority>> authorities;
  std::vector<Named<WrittenCertificate>> certificates;
  std::vector<Named<WrittenTimestamping>> timestamping;
  std::vector<Named<WrittenExport>> exports;
  std::vector<Named<WrittenBundle>> bundles;
  std::vector<Named<WrittenPackage>> packages;
  std::vector<Named<WrittenMatrix>> matrix;
  std::vector<WrittenMove> moved;
};

const Fields<WrittenHierarchy>& hierarchy_fields();
Type<WrittenBundle> bundle_type();

}  // namespace sealwright::policy
