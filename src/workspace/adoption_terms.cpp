#include "workspace/adoption_terms.h"

#include <algorithm>

#include "base/error.h"
#include "base/file.h"

namespace sealwright::workspace {
namespace {

store::EntityKind kind_of(const policy::Hierarchy& hierarchy, const policy::Item& item) {
  return hierarchy.authority(item.name) ? store::EntityKind::authority
                                        : store::EntityKind::certificate;
}

bool says_ca(const x509::Certificate& certificate) {
  try {
    return certificate.is_ca();
  } catch (const Error&) {
    return false;
  }
}

/// The certificate that a file with several is named for.
std::size_t chosen(const ca::Found& found, const policy::Item& item, store::EntityKind kind) {
  const auto& all = found.certificates;
  std::vector<std::size_t> with_key, of_kind;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].key) with_key.push_back(i);
    if (says_ca(all[i].certificate) == (kind == store::EntityKind::authority)) of_kind.push_back(i);
  }
  if (all.size() == 1) return 0;
  if (with_key.size() == 1) return with_key.front();
  if (of_kind.size() == 1) return of_kind.front();
  if (all.empty())
    throw Error(Error::Kind::input, "'" + item.existing->certificate + "' holds no certificate");
  throw Error(Error::Kind::input,
              "'" + item.existing->certificate + "' holds " + std::to_string(all.size()) +
                  " certificates, and it is not clear which is '" + item.name + "'",
              "write it to a file of its own");
}

/// A certificate of version 1 cannot say so.
void check_kind(const x509::Certificate& certificate, const policy::Item& item,
                store::EntityKind kind) {
  if (kind != store::EntityKind::authority || certificate.version() == 1 || says_ca(certificate))
    return;
  throw Error(Error::Kind::input,
              "'" + item.existing->certificate + "' is no authority's certificate, and '" +
                  item.name + "' is an authority",
              "put it under certificates");
}

void keep_only(ca::Found& found, std::size_t index) {
  auto kept = std::move(found.certificates[index]);
  found.certificates.clear();
  found.certificates.push_back(std::move(kept));
  found.crls.clear();
}

void drop_key(ca::Found& found, const x509::Certificate& certificate) {
  for (auto& one : found.certificates)
    if (one.certificate.public_key() == certificate.public_key()) one.key.reset();
}

/// Reads the certificate of another item of files; nothing where that does not work without a
/// password: its own adoption will say why.
std::optional<x509::Certificate> certificate_of_item(const Workspace& workspace,
                                                     const policy::Item& item) {
  try {
    return find_item(workspace, item, {}).certificates.front().certificate;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

bool takes_key(const Workspace& workspace, const policy::Item& item) {
  return item.key.store == policy::KeyStore::inventory ||
         (item.key.store == policy::KeyStore::offline && workspace.inventory().workspace().offline);
}

ca::Found find_item(const Workspace& workspace, const policy::Item& item,
                    const ca::AskFilePassword& ask) {
  const auto& existing = *item.existing;
  const auto from = ca::import_from(existing.from).value_or(ca::ImportFrom::files);
  if (from != ca::ImportFrom::files) {
    auto found = ca::find_existing(from, {workspace.resolve(existing.path).string()}, ask);
    if (!takes_key(workspace, item))
      drop_key(found, found.certificates[*found.authority].certificate);
    return found;
  }
  std::vector<std::string> paths = {workspace.resolve(existing.certificate).string()};
  if (!existing.key.empty() && existing.key != existing.certificate)
    paths.push_back(workspace.resolve(existing.key).string());
  auto found = ca::find_in_files(paths, ask);
  if (found.certificates.empty() && !found.locked.empty()) return found;
  const auto kind = kind_of(workspace.hierarchy(), item);
  keep_only(found, chosen(found, item, kind));
  check_kind(found.certificates.front().certificate, item, kind);
  if (!takes_key(workspace, item)) {
    drop_key(found, found.certificates.front().certificate);
    found.keys.clear();
  }
  return found;
}

ca::ImportTerms terms_of(const Workspace& workspace, const policy::Item* item,
                         const ca::Found& found) {
  const auto& hierarchy = workspace.hierarchy();
  ca::ImportTerms terms;
  terms.now = workspace.now();
  terms.keyrings = hierarchy.keyrings;
  const auto claim = [&](const policy::Item& of, const x509::Certificate& certificate) {
    terms.claims.emplace(certificate.sha256(), ca::ImportClaim{of.name, kind_of(hierarchy, of),
                                                               of.policy, of.key.keyring});
  };
  if (item && !found.certificates.empty())
    claim(*item, found.certificates[found.authority.value_or(0)].certificate);
  for (const auto* other : hierarchy.in_issuing_order()) {
    terms.reserved.insert(other->name);
    if (!other->existing || other->existing->certificate.empty() || other == item) continue;
    if (const auto certificate = certificate_of_item(workspace, *other))
      claim(*other, *certificate);
  }
  for (const auto& move : hierarchy.moved) {
    terms.renamed.emplace(move.from, move.to);
    const auto* to = hierarchy.item(move.to);
    if (to && !to->existing) terms.reserved.erase(move.to);
  }
  return terms;
}

}  // namespace sealwright::workspace
