#pragma once
// The keys of a workspace: keyrings, opened when work needs them, by key files beside the inventory
// first, by the passphrase else; and tokens, whose PIN is asked for when work needs them.

#include <functional>
#include <optional>

#include "ca/keyring.h"
#include "ossl/pkcs11.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

/// Gets the passphrase from wherever the user keeps it; called at most once, and only where no key
/// file will do.
using AskPassphrase = std::function<ossl::Secret()>;

class Keys {
 public:
  Keys(Workspace& workspace, AskPassphrase ask, ca::KeyringOptions options,
       ossl::TokenOptions tokens = {});
  /// Opens the keyring unless it is open. Throws what ca::open_keyrings() throws.
  const ca::OpenKeyrings& open(const std::string& keyring);
  /// A Signer over the key of a generation; records nothing by itself. Throws Error::Kind::crypto
  /// where the token has another key under the recorded name by now.
  std::unique_ptr<ossl::Signer> signer(const store::Generation& generation);
  /// The key for the next generation of `item`. With `renewal: {key: reuse}` that of the newest
  /// generation in use. Else a new one: sealed for its keyring, or on its token. There a key of the
  /// label that no generation has is taken over, which is how a run that was cut short goes on;
  /// throws Error::Kind::state for one that a generation has, and Error::Kind::policy for one that
  /// is not what the policy says.
  ca::NewKey key_for(const policy::Item& item);

 private:
  ca::NewKey token_key(const policy::Item& item);
  ossl::Tokens& tokens();
  bool open_by_file(const std::string& keyring);
  void take(ca::OpenKeyrings opened);
  Workspace& workspace_;
  AskPassphrase ask_;
  ca::KeyringOptions options_;
  std::optional<ca::Credential> passphrase_;
  std::optional<ca::OpenKeyrings> open_;
  ossl::TokenOptions token_options_;
  std::optional<ossl::Tokens> tokens_;
};

/// What the key of a generation of `item` is called on its token: `label`, else the object of its
/// `uri`, with {name} and {generation} filled in; where neither is written, "NAME@GENERATION".
ossl::TokenUri token_uri(const policy::Item& item, int generation);

/// The key file that opens the keyring `services` outside labs: for the processes that face the
/// network.
constexpr const char* services_key_file = "services.key";

}  // namespace sealwright::workspace
