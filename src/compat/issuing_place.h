#pragma once
// Where a tool issues: in the workspace, or, for files alone, in an inventory in memory that ends
// with the run. So there is one way in which certificates come to be.

#include "ca/keyring.h"
#include "compat/tool.h"
#include "policy/load.h"
#include "x509/certificate.h"

namespace sealwright::compat {

class IssuingPlace {
 public:
  static IssuingPlace in_memory(World& world);
  static IssuingPlace in_workspace(World& world);

  /// Null in memory.
  workspace::Workspace* workspace() { return opened_ ? &opened_->workspace : nullptr; }
  store::Inventory& inventory();
  policy::PolicySet& policies();
  /// The keyring for keys of this policy, opened.
  const ca::OpenKeyrings& open_for(const policy::Policy& policy);
  std::string keyring_for(const policy::Policy& policy);
  std::unique_ptr<ossl::Signer> signer(const store::Generation& generation);
  /// The generation of an authority that is not in the inventory yet: adopted under a name of its
  /// own, without its key.
  store::Generation adopt_authority(const x509::Certificate& certificate);

 private:
  IssuingPlace() = default;
  std::string free_name(const std::string& wanted);
  std::optional<OpenWorkspace> opened_;
  std::optional<workspace::Keys> keys_;
  std::optional<store::Inventory> own_;
  std::optional<ca::OpenKeyrings> own_keys_;
  policy::PolicySet own_policies_;
};

}  // namespace sealwright::compat
