// From sealwright.yaml as written to a Hierarchy.

#include <algorithm>
#include <set>

#include "base/file.h"
#include "base/suggest.h"
#include "policy/hierarchy_check.h"
#include "policy/load.h"
#include "policy/policy_build.h"
#include "policy/supported.h"
#include "x509/oids.h"

namespace sealwright::policy {
namespace fs = std::filesystem;
namespace {

/// Makes values of what was written, one kind of entry after the other.
class Maker {
 public:
  Maker(const WrittenHierarchy& written, PolicySet& policies)
      : written_(written), policies_(policies) {}

  Hierarchy make() {
    made_.name = written_.name;
    made_.place = node_of(*written_.node, "name").place();
    made_.lab = written_.lab;
    made_.organization = written_.organization;
    made_.country = written_.country;
    made_.inventory = written_.inventory;
    made_.targets = written_.targets;
    if (written_.distribution) {
      made_.distribution_http = written_.distribution->http;
      made_.distribution_publish = written_.distribution->publish;
    }
    make_keyrings();
    for (const auto& entry : written_.authorities) made_.authorities.push_back(authority(entry));
    for (const auto& entry : written_.certificates)
      made_.certificates.push_back(certificate(entry));
    for (const auto& entry : written_.timestamping)
      made_.timestamping.push_back(timestamping(entry));
    for (auto& made : made_.certificates) default_timestamps(made);
    for (const auto& entry : written_.exports) made_.exports.push_back(export_of(entry));
    for (const auto& entry : written_.bundles) made_.bundles.push_back(bundle(entry));
    for (const auto& entry : written_.packages) made_.packages.push_back(package(entry));
    for (const auto& entry : written_.matrix) made_.matrices.push_back(matrix(entry));
    for (const auto& entry : written_.moved)
      made_.moved.push_back({entry.from.name, entry.to.name});
    return std::move(made_);
  }

 private:
  static std::vector<std::string> names(const std::vector<Reference>& references) {
    std::vector<std::string> made;
    for (const auto& reference : references) made.push_back(reference.name);
    return made;
  }

  void make_keyrings() {
    if (written_.keyrings) {
      for (const auto& entry : *written_.keyrings) made_.keyrings.push_back(entry.name);
      if (made_.keyrings.empty())
        throw node_of(*written_.node, "keyrings")
            .error("'keyrings' names none", "leave the field out for the usual ones");
    } else if (made_.lab) {
      made_.keyrings = {"default"};
    } else {
      made_.keyrings = {"root", "issuing", "signing", "services"};
    }
  }

  bool has_keyring(const std::string& name) const {
    return std::find(made_.keyrings.begin(), made_.keyrings.end(), name) != made_.keyrings.end();
  }

  std::string keyring(const WrittenItem& item, const Policy& policy, const Node& key) const {
    if (item.key.keyring) {
      if (has_keyring(item.key.keyring->name)) return item.key.keyring->name;
      throw item.key.keyring->node->error("there is no keyring '" + item.key.keyring->name + "'",
                                          did_you_mean(item.key.keyring->name, made_.keyrings));
    }
    // What answers on the network is apart from what signs files (house rule 4).
    const bool answers = policy.has_purpose(x509::oids::time_stamping) ||
                         policy.has_purpose(x509::oids::ocsp_signing);
    const std::string usual = policy.kind == Kind::root           ? "root"
                              : policy.kind == Kind::intermediate ? "issuing"
                              : answers                           ? "services"
                                                                  : "signing";
    if (has_keyring(usual)) return usual;
    if (made_.keyrings.size() == 1) return made_.keyrings.front();
    throw key.error("'" + key.value + "' has no keyring, and there is no keyring '" + usual + "'",
                    "write key: {keyring: NAME}");
  }

  void check_store(const WrittenItem& item, const Policy& policy, KeyStore store) const {
    const auto& allowed = policy.key.stores;
    if (allowed.empty() || std::find(allowed.begin(), allowed.end(), store) != allowed.end())
      return;
    const auto& node = node_of(node_of(*item.node, "key"), "store");
    throw node.error(
        "policy '" + policy.name + "' does not allow keys in store '" + to_text(store) + "'", {},
        Error::Kind::policy);
  }

  Subject subject(const WrittenItem& item, const Policy& policy, const Node& key) const {
    if (item.existing && !item.subject) return {};  // the existing certificate's counts
    Subject made = item.subject.value_or(Subject{{{*x509::attribute_type("CN"), key.value}}});
    made = complete_subject(std::move(made), made_.organization, made_.country, policy);
    try {
      check_subject(expand_subject(made, key.value, 1), policy);
    } catch (const Error& error) {
      throw(item.subject ? node_of(*item.node, "subject") : key)
          .error(error.message, error.hint, error.kind);
    }
    return made;
  }

  static std::vector<x509::GeneralName> san(const WrittenItem& item) {
    auto made = general_names(item.san);
    if (made.empty()) return made;
    try {
      x509::subject_alternative_name_extension(made, false);
    } catch (const Error& error) {
      throw node_of(*item.node, "san").error(error.message, error.hint);
    }
    return made;
  }

  void fill(Item& made, const WrittenItem& item, const Node& key) {
    made.name = key.value;
    made.place = key.place();
    made.policy = policies_.get(item.policy.name, item.policy.node);
    if (made.policy->negative && !made_.lab)
      throw item.policy.node->error(
          "policy '" + made.policy->name + "' is negative: only a lab may use it",
          "write lab: true");
    if (item.issuer && item.issuer->name != "self") made.issuer = item.issuer->name;
    made.subject = subject(item, *made.policy, key);
    made.san = san(item);
    made.key.store = item.key.store.value_or(KeyStore::inventory);
    check_store(item, *made.policy, made.key.store);
    made.key.keyring = keyring(item, *made.policy, key);
    made.key.uri = item.key.uri;
    made.key.label = item.key.label;
    if (const auto& existing = item.existing)
      made.existing = Existing{existing->from, existing->path, existing->certificate, existing->key,
                               existing->password};
    made.renew = item.renew;
    if (!taken_.insert(made.name).second)
      throw key.error("the name '" + made.name + "' is an authority's already");
    if (!is_item_name(made.name))
      throw key.error("'" + made.name + "' has a meaning of its own and cannot be a name");
  }

  Authority authority(const Named<WrittenAuthority>& entry) {
    Authority made;
    fill(made, entry.value, *entry.key);
    const bool offline = made.key.store == KeyStore::offline;
    made.crl.lifetime = entry.value.crl.lifetime.value_or(
        offline ? Duration{12, {}} : Duration{0, std::chrono::days(7)});
    made.crl.overlap = entry.value.crl.overlap.value_or(Duration{0, std::chrono::days(3)});
    made.crl.urls = entry.value.crl.urls;
    made.renewal = entry.value.renewal.value_or(made.policy->renewal);
    return made;
  }

  Certificate certificate(const Named<WrittenCertificate>& entry) {
    Certificate made;
    fill(made, entry.value, *entry.key);
    made.lifetime = entry.value.validity.lifetime;
    made.not_after = entry.value.validity.not_after;
    const auto& sign = entry.value.sign;
    for (const auto& timestamp : sign.timestamp.list) made.sign.timestamp.push_back(timestamp.text);
    made.sign.timestamp_none = sign.timestamp.none;
    made.sign.digest = sign.digest;
    made.sign.description = sign.description;
    made.sign.url = sign.url;
    made.sign.page_hashes = sign.page_hashes;
    made.sign.chain = sign.chain;
    return made;
  }

  void default_timestamps(Certificate& made) const {
    if (made.sign.timestamp_none || !made.sign.timestamp.empty()) return;
    for (const auto& authority : made_.timestamping) made.sign.timestamp.push_back(authority.name);
  }

  static TimestampAuthority timestamping(const Named<WrittenTimestamping>& entry) {
    const auto& from = entry.value;
    return {entry.name, entry.key->place(), from.certificate ? from.certificate->name : "",
            from.url,   from.policy_oid,    from.accuracy};
  }

  static Export export_of(const Named<WrittenExport>& entry) {
    const auto& from = entry.value;
    const PfxPlan pfx{from.profile, static_cast<int>(from.iterations), from.chain,
                      from.friendly_name, from.csp};
    return {entry.name,
            entry.key->place(),
            from.certificate.name,
            from.generation,
            from.format,
            from.path,
            pfx,
            from.password};
  }

  Bundle bundle(const Named<WrittenBundle>& entry) const {
    const auto& from = entry.value;
    Bundle made;
    made.name = entry.name;
    made.place = entry.key->place();
    made.root = names(from.stores.root);
    made.ca = names(from.stores.ca);
    made.trusted_publisher = names(from.stores.trusted_publisher);
    made.disallowed = names(from.stores.disallowed);
    made.root_purposes = from.root_purposes.kind;
    made.purposes = from.root_purposes.list;
    made.wintrust_state = from.settings.wintrust_state.kind;
    made.wintrust_value = from.settings.wintrust_state.value;
    made.users = from.settings.users;
    if (const auto flags = from.settings.authenticode_flags)
      made.authenticode_flags = static_cast<std::uint32_t>(*flags);
    made.formats = from.formats;
    made.output = from.output;
    made.confirm_deployment = from.deployment.confirm.value_or(!made_.lab);
    made.deployment_lead = from.deployment.lead;
    made.keep_versions = static_cast<int>(from.keep_versions);
    return made;
  }

  static Package package(const Named<WrittenPackage>& entry) {
    const auto& from = entry.value;
    return {entry.name,
            entry.key->place(),
            from.path,
            from.os,
            from.signer ? from.signer->name : "",
            from.description,
            from.url,
            from.catalog_version,
            from.ignore};
  }

  static Matrix matrix(const Named<WrittenMatrix>& entry) {
    const auto& from = entry.value;
    return {entry.name,  entry.key->place(), from.package.name, names(from.signers),
            from.faults, names(from.trust),  from.all_pairs};
  }

  const WrittenHierarchy& written_;
  PolicySet& policies_;
  Hierarchy made_;
  std::set<std::string> taken_;
};
}  // namespace

Hierarchy parse_hierarchy(const std::string& text, const std::string& file, PolicySet& policies) {
  const auto document = parse_document(text, file);
  const auto written = read_object(hierarchy_fields(), document->root, "sealwright.yaml");
  refuse_unsupported_hierarchy(document->root);
  if (!written.lab && !written.matrix.empty())
    throw node_of(document->root, "matrix").error("'matrix' is only for labs", "write lab: true");
  auto made = Maker(written, policies).make();
  check_authorities(made, written);
  check_certificates(made, written);
  check_items(made, written);
  check_timestamping(made, written);
  check_exports(made, written);
  check_bundles(made, written);
  check_packages(made, written);
  check_matrix(made, written);
  check_moved(made, written);
  return made;
}

Hierarchy load_hierarchy(const fs::path& workspace, PolicySet& policies) {
  return parse_hierarchy(read_text(workspace / "sealwright.yaml", max_yaml_bytes),
                         "sealwright.yaml", policies);
}

Hierarchy load_hierarchy(const fs::path& workspace) {
  PolicySet policies(workspace / "policies");
  return load_hierarchy(workspace, policies);
}

}  // namespace sealwright::policy
