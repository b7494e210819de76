// What uses the authorities and certificates of a hierarchy: exports, bundles, packages, matrices,
// moves.

#include <map>
#include <set>

#include "base/suggest.h"
#include "policy/hierarchy_check.h"
#include "x509/oids.h"

namespace sealwright::policy {
namespace {

std::vector<std::string> bundle_names(const Hierarchy& hierarchy) {
  std::vector<std::string> names;
  for (const auto& bundle : hierarchy.bundles) names.push_back(bundle.name);
  return names;
}

std::vector<std::string> package_names(const Hierarchy& hierarchy) {
  std::vector<std::string> names;
  for (const auto& package : hierarchy.packages) names.push_back(package.name);
  return names;
}

void check_path(const Hierarchy& hierarchy, const WrittenExport& from, const std::string& name) {
  const auto& path = node_of(*from.node, "path");
  if (const auto word = unknown_placeholder(path.value); !word.empty())
    throw path.error("unknown placeholder '" + word + "'",
                     "there are {name}, {generation} and {ext}");
  if (from.generation == "all" && path.value.find("{generation}") == std::string::npos)
    throw path.error("'path' is the same for all generations", "put {generation} into it");
  for (const auto& other : hierarchy.exports) {
    if (other.name == name) return;  // those behind it are held against this one
    if (other.path == from.path && other.certificate == from.certificate.name &&
        (other.format == from.format || from.path.find("{ext}") == std::string::npos))
      throw path.error("export '" + other.name + "' writes the same file", "choose another path");
  }
}

/// What only a PFX has.
void check_pfx_fields(const WrittenExport& from) {
  if (from.format == ExportFormat::pfx) return;
  for (const char* name : {"profile", "iterations", "chain", "friendly_name", "csp"})
    if (const auto* node = from.node->find(name))
      throw node->error("'" + std::string(name) + "' is of a PFX, and this is '" +
                        to_text(from.format) + "'");
}

/// The key must be here, or on a token where it only signs.
void check_key_is_at_hand(const Item& item, const WrittenExport& from) {
  const bool signs = from.format == ExportFormat::csr;
  if (item.key.store == KeyStore::inventory || (signs && item.key.store == KeyStore::pkcs11))
    return;
  throw node_of(*from.node, "format")
      .error("the key of '" + item.name + "' is in store '" + to_text(item.key.store) +
                 (signs ? "' and signs no request here" : "' and cannot be exported"),
             "export the certificate alone: pem, der, chain, spc or p7b");
}

void check_private_export(const Item& item, const WrittenExport& from) {
  const auto format = to_text(from.format);
  const auto& format_node = node_of(*from.node, "format");
  if (!from.password)
    throw format_node.error("format '" + format + "' needs a password",
                            "write password: {file: F}");
  if (item.policy->key.key_export == KeyExport::never)
    throw format_node.error("policy '" + item.policy->name + "' never lets the private key out", {},
                            Error::Kind::policy);
  check_key_is_at_hand(item, from);
  if (from.format == ExportFormat::pvk && item.policy->key.spec.type != ossl::KeyType::rsa)
    throw format_node.error("format 'pvk' holds RSA keys only", "write format: pkcs8 or pfx");
}

void check_stores(const Hierarchy& hierarchy, const WrittenStores& stores) {
  for (const auto& reference : stores.root)
    if (!item_of(hierarchy, reference).self_signed())
      throw reference.node->error("'" + reference.name + "' is no root",
                                  "put it into 'ca', or name its root");
  for (const auto& reference : stores.ca) {
    item_of(hierarchy, reference);
    if (!hierarchy.authority(reference.name))
      throw reference.node->error("'" + reference.name + "' is no authority",
                                  "certificates that sign go into 'trusted_publisher'");
  }
  for (const auto& reference : stores.trusted_publisher) {
    item_of(hierarchy, reference);
    if (hierarchy.authority(
            reference.name))  // TrustedPublisher holds end-entity certificates, each by itself
      throw reference.node->error(
          "'" + reference.name + "' is an authority: in 'trusted_publisher' it trusts nothing",
          "name the certificates that sign");
  }
  for (const auto& reference : stores.disallowed) item_of(hierarchy, reference);
  if (stores.root.empty() && stores.ca.empty() && stores.trusted_publisher.empty() &&
      stores.disallowed.empty())
    throw stores.node->error("'stores' names no certificate");
}

/// The certificate that signs a bundle's script.
void check_sign_with(const Hierarchy& hierarchy, const Node& formats) {
  const auto* script = formats.find("powershell");
  const auto* node = script ? script->find("sign_with") : nullptr;
  if (!node) return;
  const auto& certificate = certificate_of(hierarchy, {node->value, node});
  if (!certificate.policy->has_purpose(x509::oids::code_signing) && !certificate.policy->negative)
    throw node->error("'" + certificate.name + "' cannot sign code: policy '" +
                      certificate.policy->name + "' lacks codeSigning");
}

void check_matrix_entry(const Hierarchy& hierarchy, const WrittenMatrix& from) {
  if (!hierarchy.package(from.package.name))
    throw from.package.node->error("there is no package '" + from.package.name + "'",
                                   did_you_mean(from.package.name, package_names(hierarchy)));
  for (const auto& signer : from.signers) certificate_of(hierarchy, signer);
  for (const auto& trust : from.trust)
    if (!hierarchy.bundle(trust.name))
      throw trust.node->error("there is no bundle '" + trust.name + "'",
                              did_you_mean(trust.name, bundle_names(hierarchy)));
  for (const char* list : {"signers", "faults", "trust"}) {
    const auto& node = node_of(*from.node, list);
    std::set<std::string> seen;
    for (const auto& entry : node.items)
      if (!seen.insert(entry.value).second)
        throw entry.error("'" + entry.value + "' is given twice");
    if (seen.empty()) throw node.error(std::string("'") + list + "' names none");
  }
}

}  // namespace

void check_exports(const Hierarchy& hierarchy, const WrittenHierarchy& written) {
  for (const auto& entry : written.exports) {
    const auto& from = entry.value;
    const auto& item = item_of(hierarchy, from.certificate);
    check_path(hierarchy, from, entry.name);
    check_pfx_fields(from);
    if (holds_private_key(from.format)) {
      check_private_export(item, from);
    } else if (from.password) {
      throw node_of(*from.node, "password")
          .error("format '" + to_text(from.format) + "' has no password");
    } else if (from.format == ExportFormat::csr) {
      check_key_is_at_hand(item, from);
    }
  }
}

void check_bundles(const Hierarchy& hierarchy, const WrittenHierarchy& written) {
  for (const auto& entry : written.bundles) {
    check_stores(hierarchy, entry.value.stores);
    check_sign_with(hierarchy, node_of(*entry.value.node, "formats"));
  }
}

void check_packages(const Hierarchy& hierarchy, const WrittenHierarchy& written) {
  for (const auto& entry : written.packages) {
    const auto& from = entry.value;
    if (from.os.empty())
      throw node_of(*from.node, "os")
          .error("'os' names no Windows version", "write e.g. [win11-24h2]");
    if (!from.signer) continue;
    const auto& signer = certificate_of(hierarchy, *from.signer);
    if (!signer.policy->has_purpose(x509::oids::code_signing) && !signer.policy->negative)
      throw from.signer->node->error("'" + signer.name + "' cannot sign code: policy '" +
                                     signer.policy->name + "' lacks codeSigning");
  }
}

void check_matrix(const Hierarchy& hierarchy, const WrittenHierarchy& written) {
  for (const auto& entry : written.matrix) check_matrix_entry(hierarchy, entry.value);
}

void check_moved(const Hierarchy& hierarchy, const WrittenHierarchy& written) {
  std::map<std::string, std::string> to_of;
  std::set<std::string> taken;
  for (const auto& move : written.moved)
    if (!to_of.emplace(move.from.name, move.to.name).second)
      throw move.from.node->error("'" + move.from.name + "' is moved twice");
  for (const auto& move : written.moved) {
    if (hierarchy.item(move.from.name))
      throw move.from.node->error("'" + move.from.name + "' is still in this file",
                                  "a move is from a name that is gone to one that is there");
    if (const auto on = to_of.find(move.to.name); on != to_of.end())
      throw move.to.node->error("'" + move.to.name + "' is moved on to '" + on->second + "'",
                                "write {from: " + move.from.name + ", to: " + on->second + "}");
    item_of(hierarchy, move.to);
    if (!taken.insert(move.to.name).second)
      throw move.to.node->error("two names are moved to '" + move.to.name + "'");
  }
}

}  // namespace sealwright::policy
