#pragma once
// Certificates, keys and histories that exist already (YAML: existing), taken into the inventory.

#include <optional>
#include <string>

#include "workspace/keys.h"

namespace sealwright::workspace {

/// What adopting `item.existing` would bring, for the plan: "RSA-2048, until 2031-04-01, with its
/// key, 212 certificates, 3 revoked". Reads the files; throws what reading them throws, but asks
/// for no password. Nothing when the item was adopted before.
std::optional<std::string> adoption_due(const Workspace& workspace, const policy::Item& item);

/// The subject of the next generation of `item`: where the YAML leaves it to what exists, that of
/// its newest certificate. Throws Error::Kind::policy where that cannot be written again.
policy::Subject next_subject(const store::Inventory& inventory, const policy::Item& item);

/// Takes it over: certificate (policy and lint are judged, not enforced), key sealed into the
/// item's keyring, and with from: easy-rsa or openssl-ca the history, revocations and CRL number,
/// all in one transaction. Throws Error::Kind::input when key and certificate do not belong
/// together.
std::string adopt(Workspace& workspace, Keys& keys, const policy::Item& item,
                  const ossl::Random& random);

}  // namespace sealwright::workspace
