#pragma once
// One certificate on a person's or a script's word (`issue`, `request`), outside the YAML, or for a
// name that the YAML has with a key elsewhere. Reads nothing that grows with the inventory: no plan
// is made.

#include <optional>
#include <string>
#include <vector>

#include "ca/request.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

/// What was said. Where the YAML has the name, policy, issuer, subject and names are its own.
struct OneShot {
  std::string name;
  std::string policy;   ///< NAME or NAME@REVISION
  std::string issuer;   ///< An authority; "self"; empty: the only one that may.
  std::string subject;  ///< RFC 4514; empty: CN=NAME.
  std::vector<x509::GeneralName> san;
  std::optional<Duration> lifetime;
  std::optional<x509::Request> request;  ///< Nothing: a key is made.
};

/// The item that it stands for: the YAML's, or one that is made up here, with the keyring that its
/// purpose has. Throws Error::Kind::usage for words that are missing or contradict the YAML, and
/// Error::Kind::state for a name that is taken.
struct OneShotItem {
  policy::Certificate item;
  store::Origin origin = store::Origin::command;
};
OneShotItem item_of(Workspace& workspace, const OneShot& wanted);

/// Where a key of this policy goes, as for the items of the YAML. Throws Error::Kind::state when
/// the hierarchy has no such keyring.
std::string keyring_for(const policy::Hierarchy& hierarchy, const policy::Policy& policy);

/// A certificate; or, where the issuer's key is elsewhere, the request that now waits.
struct OneShotResult {
  std::optional<store::Generation> generation;
  std::optional<store::RequestRecord> waiting;
  std::vector<lint::Finding> findings;
  /// Why a wish of the request was not taken, each once; see ca::not_taken().
  std::vector<std::string> not_taken;
  std::string policy;  ///< Its name.
};
OneShotResult issue_one(Workspace& workspace, Keys& keys, const OneShot& wanted,
                        const ossl::Random& random);

/// Makes a key and a request for an authority that is not ours, and records that it waits.
store::RequestRecord request_one(Workspace& workspace, Keys& keys, const OneShot& wanted,
                                 const std::vector<x509::Extension>& extra);

}  // namespace sealwright::workspace
