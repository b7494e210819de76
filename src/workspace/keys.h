#pragma once
// The keyrings of a workspace, opened when work needs them: by key files beside the inventory
// first, by the passphrase else.

#include <functional>
#include <optional>

#include "ca/keyring.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

/// Gets the passphrase from wherever the user keeps it; called at most once, and only where no key
/// file will do.
using AskPassphrase = std::function<ossl::Secret()>;

class Keys {
 public:
  Keys(Workspace& workspace, AskPassphrase ask, ca::KeyringOptions options);
  /// Opens the keyring unless it is open. Throws what ca::open_keyrings() throws.
  const ca::OpenKeyrings& open(const std::string& keyring);
  /// A Signer over the key of a generation; records nothing by itself.
  std::unique_ptr<ossl::Signer> signer(const store::Generation& generation);

 private:
  bool open_by_file(const std::string& keyring);
  void take(ca::OpenKeyrings opened);
  Workspace& workspace_;
  AskPassphrase ask_;
  ca::KeyringOptions options_;
  std::optional<ca::Credential> passphrase_;
  std::optional<ca::OpenKeyrings> open_;
};

/// The key file that opens the keyring `services` outside labs: for the processes that face the
/// network.
constexpr const char* services_key_file = "services.key";

}  // namespace sealwright::workspace
