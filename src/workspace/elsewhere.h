#pragma once
// What this workspace cannot sign itself: its issuer is offline (in the safe) or foreign, or its
// own key is elsewhere. Requests go out, certificates come back; see workspace/ceremony.h for the
// files.

#include <optional>
#include <string>

#include "ca/request.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

/// Where the work on an item is done.
enum class Place {
  here,      ///< Key and issuer's key are in this inventory, or on a token.
  ceremony,  ///< The issuer's key is in the other workspace of this PKI: offline there, or here.
  foreign,   ///< The issuer is somebody else's (store: external).
  request,   ///< Its own key is external: a request must be brought (`issue NAME --csr FILE`).
};
/// In the workspace in the safe (`init --offline`), `offline` keys are here and all others
/// elsewhere.
Place place_of(const Workspace& workspace, const policy::Item& item);

/// What an item that is not made here waits for, in words for plan and status, or nothing when it
/// is there and not due: "waits for the ceremony with 'acme-root' since 2026-11-21".
std::optional<std::string> waiting_for(const Workspace& workspace, const policy::Item& item);

/// Whether its private key is kept in this workspace, or on a token: what it signs is signed here.
bool keeps_key(const Workspace& workspace, const policy::Item& item);
/// Whether the item is this workspace's business: in the safe only what has its key there is.
bool concerns(const Workspace& workspace, const policy::Item& item);

/// Makes the key and records the request for an item of Place::ceremony or ::foreign. An offline
/// root needs none: its certificate is made in the safe. `extra` goes into the request beside what
/// the policy says. Throws Error::Kind::state when one waits already, or none is made here.
store::RequestRecord make_request(Workspace& workspace, Keys& keys, const policy::Item& item,
                                  const std::vector<x509::Extension>& extra = {});

/// What `item` asks of an authority elsewhere: a ceremony's where its issuer is offline.
ca::ElsewhereOrder order_elsewhere(const Workspace& workspace, const policy::Item& item,
                                   store::Origin origin);

}  // namespace sealwright::workspace
