#include "workspace/inventory_source.h"

namespace sealwright::workspace {
namespace {

trust::RevocationFact revoked(const std::string& source, Time since, const std::string& reason,
                              const std::optional<Time>& invalidity) {
  auto known = x509::revocation_reason(reason);
  if (known == x509::RevocationReason::unspecified) known.reset();
  return {true, source, since, known, invalidity, std::nullopt};
}

}  // namespace

std::optional<trust::RevocationFact> InventorySource::find(const x509::Certificate& certificate,
                                                           const x509::Certificate& issuer) const {
  const auto& inventory = workspace_->inventory();
  const std::string source = "the inventory of '" + workspace_->hierarchy().name + "'";
  if (const auto own = inventory.find_sha256(certificate.sha256())) {
    if (own->state != store::GenerationState::revoked) return trust::RevocationFact{false, source};
    return revoked(source, own->revoked.value_or(Time{}), own->reason, own->invalidity);
  }
  const auto above = inventory.find_sha256(issuer.sha256());
  if (!above) return std::nullopt;
  const auto entry = inventory.revoked_serial(above->id, certificate.serial());
  if (!entry) return trust::RevocationFact{false, source};
  return revoked(source, entry->revoked, entry->reason, entry->invalidity);
}

}  // namespace sealwright::workspace
