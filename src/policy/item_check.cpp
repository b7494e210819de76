// What an authority or a certificate says of its key, of its origin, and of what Windows can
// verify.

#include <algorithm>

#include "base/encoding.h"
#include "policy/hierarchy_check.h"

namespace sealwright::policy {
namespace {

/// A module is code that runs with the keys of whoever makes a plan; a YAML may come from others.
void check_module(const Item& item, const Node& key) {
  std::string uri = ascii_lower(item.key.uri);
  std::erase(uri, ' ');
  for (std::size_t begin = 0, end = 0; begin < uri.size(); begin = end + 1) {
    end = std::min(uri.find_first_of(":;?&", begin), uri.size());
    const auto name = uri.substr(begin, std::min(uri.find('=', begin), end) - begin);
    if (name == "module-path" || name == "module-name")
      throw node_of(key, "uri")
          .error("'uri' may not name the module to load ('" + name + "')",
                 "write PKCS11_MODULE_PATH in the environment, or register it with p11-kit");
  }
}

void check_key(const Item& item, const WrittenItem& written, bool authority) {
  const auto& key = node_of(*written.node, "key");
  const auto store = item.key.store;
  for (const char* field : {"uri", "label"})
    if (key.find(field) && store != KeyStore::pkcs11)
      throw node_of(key, field)
          .error(std::string("'") + field + "' is only for keys on tokens", "write store: pkcs11");
  if (store == KeyStore::pkcs11 && item.key.uri.empty())
    throw node_of(key, "store")
        .error("a key in store 'pkcs11' needs its 'uri'",
               "write uri: \"pkcs11:token=TOKEN;object=NAME\"");
  check_module(item, key);
  if (store == KeyStore::offline && !authority)
    throw node_of(key, "store")
        .error("store 'offline' is for authorities: '" + item.name + "' signs files",
               "write store: pkcs11, or external for a key that stays elsewhere");
}

void check_folder(const Existing& existing, const Node& node, bool authority) {
  if (!authority)
    throw node_of(node, "from")
        .error("'" + existing.from + "' is a whole authority, not a certificate",
               "write {certificate: FILE, key: FILE}");
  if (existing.path.empty()) throw missing_field(node, "path", "a folder of " + existing.from);
  for (const char* field : {"certificate", "key"})
    if (node.find(field))
      throw node_of(node, field)
          .error(std::string("'") + field + "' is only for single files",
                 "write from: files, or leave it out");
}

void check_files(const Item& item, const Existing& existing, const Node& node) {
  if (!existing.path.empty())
    throw node_of(node, "path")
        .error("'path' is only for the folder of another program",
               "write from: easy-rsa or openssl-ca, or certificate: FILE");
  if (existing.certificate.empty()) throw missing_field(node, "certificate", "what exists already");
  if (!existing.key.empty() && item.key.store != KeyStore::inventory)
    throw node_of(node, "key")
        .error("'key' would be taken into the inventory, but '" + item.name +
                   "' keeps it in store '" + to_text(item.key.store) + "'",
               "leave it out, or write store: inventory");
}

void check_existing(const Item& item, const WrittenItem& written, bool authority) {
  if (!item.existing) return;
  const auto& node = node_of(*written.node, "existing");
  if (item.existing->from == "files")
    check_files(item, *item.existing, node);
  else
    check_folder(*item.existing, node, authority);
}

/// Windows verifies neither Ed25519 nor RSASSA-PSS in certificates of code, wherever in the chain.
void check_windows(const Hierarchy& hierarchy, const Item& item, const WrittenItem& written) {
  const auto& own = item.policy->targets;
  if ((own.empty() && hierarchy.targets.empty()) || item.policy->negative) return;
  for (const auto* at = &item; at; at = hierarchy.authority(at->issuer)) {
    const auto& policy = *at->policy;
    if (policy.negative) return;
    const bool ed25519 = policy.key.spec.type == ossl::KeyType::ed25519;
    if (!ed25519 && policy.padding != Padding::pss) continue;
    throw written.policy.node->error(
        "policy '" + policy.name + "' asks for " + (ed25519 ? "Ed25519" : "RSA-PSS") +
            ", and there are Windows 'targets'",
        ed25519 ? "take a policy with rsa or ecdsa, or leave 'targets' out"
                : "take a policy with padding: pkcs1, or leave 'targets' out",
        Error::Kind::policy);
  }
}

/// The padding is the issuer's to make.
void check_padding(const Hierarchy& hierarchy, const Item& item, const WrittenItem& written) {
  if (item.policy->padding != Padding::pss) return;
  const auto* issuer = hierarchy.authority(item.issuer);
  const auto& key = (issuer ? issuer->policy : item.policy)->key.spec;
  if (key.type != ossl::KeyType::rsa)
    throw written.policy.node->error("policy '" + item.policy->name +
                                         "' wants RSA-PSS, but the key that signs '" + item.name +
                                         "' is no RSA key",
                                     {}, Error::Kind::policy);
}

template <class Items, class Entries>
void check_all(const Hierarchy& hierarchy, const Items& items, const Entries& entries,
               bool authority) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& written = entries[i].value;
    check_key(items[i], written, authority);
    check_existing(items[i], written, authority);
    check_windows(hierarchy, items[i], written);
    check_padding(hierarchy, items[i], written);
  }
}
}  // namespace

void check_items(const Hierarchy& hierarchy, const WrittenHierarchy& written) {
  check_all(hierarchy, hierarchy.authorities, written.authorities, true);
  check_all(hierarchy, hierarchy.certificates, written.certificates, false);
}

}  // namespace sealwright::policy
