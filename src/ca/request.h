#pragma once
// Requests: certificates for keys that others hold, and requests for authorities that others run.

#include "ca/issue.h"
#include "x509/request.h"

namespace sealwright::ca {

/// Throws Error::Kind::policy when any generation with this key is revoked or distrusted: whatever
/// the name and the policy, such a key gets no further certificate.
void check_key_is_believed(const store::Inventory& inventory, const std::string& name,
                           const KeyId& key);

/// Throws Error::Kind::crypto when the request's signature is not its key's, Error::Kind::policy
/// when the key is weak (ossl/weak_key.h), of another algorithm or shorter than the policy's, or a
/// certificate or request of another name has the same key; for the same name too, unless the
/// policy says `renewal: {key: reuse}`; and as check_key_is_believed().
void check_request(const store::Inventory& inventory, const std::string& name,
                   const x509::Request& request, const policy::Policy& policy);

/// `order` with what the request brings, field by field as the policy's `requests` says: policy
/// (the request's is ignored), request (must be there), either (the request's where it is there),
/// refuse (it must not be there, or be the same as without it). `number` is that of the generation
/// to be. Throws Error::Kind::policy naming the field.
///
/// Where the policy lists extended key usages, a request may choose among them, and have no other.
/// Never taken from a request: basicConstraints, keyUsage, key identifiers, name constraints,
/// certificate policies and the addresses of lists and issuers; they are the authority's to say.
/// Where other extensions are taken, one that grants something (policy mappings, application
/// policies, certificate templates …), is critical, or is not one DER element is refused by name.
Order with_request(Order order, const x509::Request& request, int number = 1);

/// What the request wishes and `order`, made by with_request(), does not give: "subject O=Evil",
/// "basicConstraints CA:TRUE". Printable.
std::vector<std::string> not_taken(const Order& order, const x509::Request& request,
                                   int number = 1);

/// As ca::prepare(), for a key whose private half stays where it is: `store`, which the policy must
/// allow.
Prepared prepare(const store::Inventory& inventory, const Order& order,
                 const x509::Request& request, const ossl::Random& random,
                 policy::KeyStore store = policy::KeyStore::external);

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
/// The same with a request that somebody brought for a key of theirs, checked before.
store::RequestRecord forward_request(store::Inventory& inventory, const ElsewhereOrder& wanted,
                                     const x509::Request& request);

/// The request that waits for a certificate of this key.
std::optional<store::RequestRecord> waiting_for_key(const store::Inventory& inventory,
                                                    const KeyId& key);

/// Where `certificate` is not what `policy` says under this subject (RFC 4514): usages, limits,
/// lifetime. Reads on from "the certificate ": "lasts until 2036-01-01, longer than the 10y …".
std::vector<std::string> departures(const x509::Certificate& certificate,
                                    const policy::Policy& policy, const std::string& subject);

/// What came back for a waiting request. `issuer`: the generation that signed it, where the
/// inventory has it. Its key must be the request's, its signature the issuer's, and it must be what
/// `policy` says: lint findings that block are refused for a ceremony. A foreign authority's must
/// be good for what was asked (version, usages, error-level findings); its ways otherwise are told.
/// `in_bundle` as in Order. Throws Error::Kind::input for another key's, ::crypto for another
/// signature, ::policy, and ::state for a ceremony without issuer.
struct Accepted {
  store::Generation generation;
  std::vector<lint::Finding> findings;
};
Accepted accept(store::Inventory& inventory, const store::RequestRecord& waiting,
                const x509::Certificate& certificate,
                const std::optional<store::Generation>& issuer, const policy::Policy& policy,
                bool in_bundle = true);

/// Takes over the certificate of an authority whose key is elsewhere, under the same demands as a
/// ceremony's answer. `issuer`: nothing for a root, which must have signed itself.
struct Elsewhere {
  std::string name;
  int number = 1;
  std::string subject;  ///< RFC 4514: what it must be.
  policy::PolicyPtr policy;
  bool in_bundle = true;
  enum class Demand { policy, tell } demand = Demand::policy;  ///< tell: what a foreign one says.
};
Accepted adopt_elsewhere(store::Inventory& inventory, const Elsewhere& wanted,
                         const x509::Certificate& certificate,
                         const std::optional<store::Generation>& issuer);

}  // namespace sealwright::ca
