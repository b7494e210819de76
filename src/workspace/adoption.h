#pragma once
// Certificates, keys and histories that exist already (YAML: existing), taken into the inventory.

#include <optional>
#include <string>

#include "workspace/keys.h"

namespace sealwright::workspace {

struct Adoption {
  std::string brings;  ///< "RSA-2048, until 2031-04-01, with its key, 212 certificates, 3 revoked"
  /// The file or folder, with thumbprint and SHA-256 of the certificate; of a folder SHA-256 of all
  /// that it says of certificates. Of a file under a password, its own SHA-256.
  std::string marks;
};

/// What adopting `item.existing` would bring, for the plan. Reads the files; throws what reading
/// them throws, but asks for no password. Nothing when the item was adopted before.
std::optional<Adoption> adoption_due(const Workspace& workspace, const policy::Item& item);

/// Throws Error::Kind::state: what is there is not what the plan showed.
[[noreturn]] void refuse_changed(const policy::Item& item);

/// The subject of the next generation of `item`: where the YAML leaves it to what exists, that of
/// its newest certificate. Throws Error::Kind::policy where that cannot be written again.
policy::Subject next_subject(const store::Inventory& inventory, const policy::Item& item);

/// Takes it over: certificate (policy and lint are judged, not enforced), key sealed into the
/// item's keyring, and with from: easy-rsa or openssl-ca the history, revocations and CRL number,
/// all in one transaction. `marks` is what the plan showed. Throws Error::Kind::input when key and
/// certificate do not belong together, and Error::Kind::state when the files changed.
std::string adopt(Workspace& workspace, Keys& keys, const policy::Item& item,
                  const std::string& marks, const ossl::Random& random);

}  // namespace sealwright::workspace
