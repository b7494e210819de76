#pragma once
// The inventory of a workspace as one that knows who is revoked, before any list tells it.

#include <memory>

#include "trust/revocation.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

class InventorySource : public trust::RevocationSource {
 public:
  explicit InventorySource(std::shared_ptr<const Workspace> workspace)
      : workspace_(std::move(workspace)) {}
  /// Nothing for what neither is in the inventory nor has its issuer there.
  std::optional<trust::RevocationFact> find(const x509::Certificate& certificate,
                                            const x509::Certificate& issuer) const override;

 private:
  std::shared_ptr<const Workspace> workspace_;
};

}  // namespace sealwright::workspace
