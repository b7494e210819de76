#include "ca/import_known.h"

#include <algorithm>
#include <map>

#include "ca/chain.h"

namespace sealwright::ca {
namespace {

constexpr std::size_t most_of_one_name = 32;  ///< Authorities whose keys are tried.

}  // namespace

bool agrees_with(const store::Inventory& inventory, const std::string& name, store::EntityKind kind,
                 const x509::Certificate& certificate, const ossl::PublicKey* issuer) {
  const auto generations = inventory.generations_of(name);
  return std::any_of(generations.begin(), generations.end(), [&](const auto& generation) {
    if (generation.kind != kind) return false;
    const auto own = certificate_of(generation);
    if (own.public_key() == certificate.public_key()) return true;
    if (!issuer || !generation.issuer || own.subject() != certificate.subject()) return false;
    const auto above = inventory.generation(*generation.issuer);
    return above && certificate_of(*above).public_key() == *issuer;
  });
}

void link_orphans(store::Inventory& inventory, const std::vector<store::Generation>& authorities) {
  std::multimap<Bytes, std::pair<store::GenerationId, x509::Certificate>> by_name;
  for (const auto& authority : authorities) {
    auto above = certificate_of(authority);
    const auto name = above.subject().der();
    by_name.emplace(name, std::pair(authority.id, std::move(above)));
  }
  if (by_name.empty()) return;
  for (const auto& orphan : inventory.without_issuer()) {
    const auto one = certificate_of(orphan);
    if (one.self_signed()) continue;
    const auto [from, to] = by_name.equal_range(one.issuer().der());
    std::size_t tried = 0;
    const auto issuer = std::find_if(from, to, [&](const auto& candidate) {
      const auto& [id, above] = candidate.second;
      return id != orphan.id && ++tried <= most_of_one_name && one.signed_by(above.public_key());
    });
    if (issuer != to) inventory.link_issuer(orphan.id, issuer->second.first);
  }
}

}  // namespace sealwright::ca
