// Names of the values, and look-ups in a Hierarchy.

#include <algorithm>
#include <set>

#include "policy/hierarchy.h"

namespace sealwright::policy {
namespace {
struct FormatName {
  ExportFormat format;
  std::string_view name;
};
constexpr FormatName format_names[] = {
    {ExportFormat::pem, "pem"},     {ExportFormat::der, "der"},
    {ExportFormat::chain, "chain"}, {ExportFormat::pfx, "pfx"},
    {ExportFormat::spc, "spc"},     {ExportFormat::p7b, "p7b"},
    {ExportFormat::pvk, "pvk"},     {ExportFormat::pkcs8, "pkcs8"},
    {ExportFormat::csr, "csr"},     {ExportFormat::jks_howto, "jks-howto"},
};

template <class List>
auto find(const List& list, std::string_view name) -> decltype(list.data()) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
  return found == list.end() ? nullptr : &*found;
}
}  // namespace

std::string to_text(Kind kind) {
  return kind == Kind::root ? "root" : kind == Kind::intermediate ? "intermediate" : "end-entity";
}

std::string to_text(KeyStore store) {
  switch (store) {
    case KeyStore::inventory:
      return "inventory";
    case KeyStore::pkcs11:
      return "pkcs11";
    case KeyStore::offline:
      return "offline";
    case KeyStore::external:
      return "external";
  }
  return {};
}

std::string to_text(KeyExport key_export) {
  return key_export == KeyExport::never ? "never"
         : key_export == KeyExport::ask ? "ask"
                                        : "allowed";
}

std::string to_text(Padding padding) { return padding == Padding::pss ? "pss" : "pkcs1"; }

std::string to_text(ExportFormat format) {
  for (const auto& known : format_names)
    if (known.format == format) return std::string(known.name);
  return {};
}

std::optional<ExportFormat> export_format(std::string_view name) {
  for (const auto& known : format_names)
    if (known.name == name) return known.format;
  return std::nullopt;
}

std::vector<std::string> export_format_names() {
  std::vector<std::string> names;
  for (const auto& known : format_names) names.emplace_back(known.name);
  return names;
}

bool holds_private_key(ExportFormat format) {
  return format == ExportFormat::pfx || format == ExportFormat::pkcs8 ||
         format == ExportFormat::pvk;
}

std::string unknown_placeholder(std::string_view path) {
  for (auto at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1)) {
    const auto end = std::min(path.find('}', at), path.size() - 1);
    const auto word = path.substr(at, end - at + 1);
    if (word != "{name}" && word != "{generation}" && word != "{ext}") return std::string(word);
  }
  return {};
}

ossl::SignatureAlgorithm Policy::signature_algorithm(const ossl::PublicKey& issuer) const {
  auto algorithm = issuer.algorithm(digest);
  if (algorithm.scheme == ossl::Scheme::rsa_pkcs1 && padding == Padding::pss)
    algorithm.scheme = ossl::Scheme::rsa_pss;
  return algorithm;
}

bool Policy::has_purpose(const Oid& purpose) const {
  if (!extensions.extended_key_usage) return false;
  const auto& purposes = extensions.extended_key_usage->purposes;
  return std::find(purposes.begin(), purposes.end(), purpose) != purposes.end();
}

std::string BundleFormat::option(const std::string& key) const {
  const auto found = options.find(key);
  return found == options.end() ? std::string() : found->second;
}

const Authority* Hierarchy::authority(std::string_view wanted) const {
  return find(authorities, wanted);
}
const Certificate* Hierarchy::certificate(std::string_view wanted) const {
  return find(certificates, wanted);
}
const TimestampAuthority* Hierarchy::timestamp_authority(std::string_view wanted) const {
  return find(timestamping, wanted);
}
const Bundle* Hierarchy::bundle(std::string_view wanted) const { return find(bundles, wanted); }
const Package* Hierarchy::package(std::string_view wanted) const { return find(packages, wanted); }

const Item* Hierarchy::item(std::string_view wanted) const {
  if (const auto* found = authority(wanted)) return found;
  return certificate(wanted);
}

std::vector<const Item*> Hierarchy::in_issuing_order() const {
  std::vector<const Item*> ordered;
  std::set<std::string_view> done;
  const auto add = [&](const Item& item) {
    std::vector<const Item*> line;  // the item, its issuer, …
    for (const Item* at = &item; at && !done.contains(at->name);
         at = at->issuer.empty() ? nullptr : authority(at->issuer)) {
      line.push_back(at);
      done.insert(at->name);
    }
    ordered.insert(ordered.end(), line.rbegin(), line.rend());
  };
  for (const auto& item : authorities) add(item);
  for (const auto& item : certificates) add(item);
  return ordered;
}

}  // namespace sealwright::policy
