#pragma once
// Requests: certificates for keys that others hold, and requests for authorities that others run.

#include "ca/issue.h"
#include "x509/request.h"

namespace sealwright::ca {

/// Throws Error::Kind::crypto when the request's signature is not its key's, Error::Kind::policy
/// when the key is weak (ossl/weak_key.h), of another algorithm or shorter than the policy's, or a
/// generation or request of another name has the same key.
void check_request(const store::Inventory& inventory, const std::string& name,
                   const x509::Request& request, const policy::Policy& policy);

/// `order` with what the request brings, field by field as the policy's `requests` says: policy
/// (the request's is ignored), request (must be there), either (the request's where it is there),
/// refuse (it must not be there, or be the same). Throws Error::Kind::policy naming the field.
Order with_request(Order order, const x509::Request& request);

/// As ca::prepare(), for a key whose private half stays where it is.
Prepared prepare(const store::Inventory& inventory, const Order& order,
                 const x509::Request& request, const ossl::Random& random);

/// Makes a request under `order` and records that it waits. `key` is new; it is stored with the
/// record. `extra` goes into it beside what the policy says (certificate template of AD CS).
struct ElsewhereOrder {
  Order order;
  store::EntityKind kind = store::EntityKind::certificate;
  store::RequestKind to = store::RequestKind::ceremony;
  std::string issuer;  ///< Name of the authority, or empty.
  std::vector<x509::Extension> extra;
};
store::RequestRecord request_elsewhere(store::Inventory& inventory, const ElsewhereOrder& wanted,
                                       NewKey key);

/// What came back for a waiting request. `issuer`: the generation that signed it, where the
/// inventory has it. Its key must be the request's, its signature the issuer's, and it must be what
/// `policy` says: lint findings that block are refused for a ceremony, and for a foreign authority
/// only told.
struct Accepted {
  store::Generation generation;
  std::vector<lint::Finding> findings;
};
Accepted accept(store::Inventory& inventory, const store::RequestRecord& waiting,
                const x509::Certificate& certificate,
                const std::optional<store::Generation>& issuer, const policy::Policy& policy);

}  // namespace sealwright::ca
