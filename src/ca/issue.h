#pragma once
// ca knows how certificates come to be and how their keys are kept. Prepare, then issue (house rule
// 1): prepare() checks, draws and lints; issue() makes the intent durable, signs exactly what was
// prepared, and makes the result durable.

#include <string>
#include <vector>

#include "ca/keyring.h"
#include "lint/lint.h"
#include "policy/hierarchy.h"

namespace sealwright::ca {

/// A certificate that is to be issued.
struct Order {
  std::string name;  ///< Of the authority or certificate; the next generation of it is made.
  policy::PolicyPtr policy;
  policy::Subject subject;  ///< Complete; may hold {name} and {generation}.
  std::vector<x509::GeneralName> san;
  std::optional<store::Generation> issuer;  ///< Nothing: signed with its own key.
  std::string keyring;                      ///< Where its key goes.
  std::optional<Duration> lifetime;         ///< Shorter than the policy's.
  std::optional<Time> not_after;
  std::optional<Time> not_before;  ///< Nothing: now, less the policy's backdate.
  std::optional<Serial> serial;    ///< Nothing: a random one.
  /// For policies that take these from the issuer; the extension is left out where there are none.
  std::vector<std::string> crl_urls, issuer_urls;
  /// What a request brings and the policy lets it have (ca/request.h): instead of the policy's
  /// extended key usage, and beside its extensions.
  std::optional<std::vector<Oid>> purposes;
  std::vector<x509::Extension> extensions;
  std::vector<std::string> targets;  ///< Windows versions, for lint.
  /// Machines must know it before it signs: it stands in a bundle. Else `activate: when-deployed`
  /// has nothing to wait for.
  bool in_bundle = true;
  /// Nothing new reaches the machines for now, so that the next generation waits, whatever its
  /// policy says.
  bool held_back = false;
  store::Origin origin = store::Origin::hierarchy;  ///< Where the name comes from.
};

/// The order that `item` of `hierarchy` stands for, issued by its issuer's active generation.
/// Throws Error::Kind::state when the issuer has none yet.
Order order_of(const policy::Hierarchy& hierarchy, const policy::Item& item,
               const store::Inventory& inventory);
/// The same with this issuer, which may be one that is only planned.
Order order_of(const policy::Hierarchy& hierarchy, const policy::Item& item,
               const std::optional<store::Generation>& issuer);

/// Where the CRL of an authority's generation, and its certificate, are published below
/// `distribution: {http}`; nothing without it.
std::vector<std::string> crl_urls_of(const policy::Hierarchy& hierarchy,
                                     const std::string& authority, int generation);
std::vector<std::string> issuer_urls_of(const policy::Hierarchy& hierarchy,
                                        const std::string& authority, int generation);

/// When a certificate ordered at `now` begins and ends. Throws Error::Kind::policy when it would
/// last longer than its policy allows, end before it begins, or outlive its issuer.
struct Validity {
  Time not_before{}, not_after{};
};
Validity validity_of(const Order& order, Time now);

/// A certificate that passed every check and waits for its signature; move-only.
class Prepared {
 public:
  Prepared(Prepared&&) = default;
  Prepared& operator=(Prepared&&) = default;

  const std::string& name() const { return intent_.name; }
  int number() const { return intent_.number; }
  const x509::ToBeSigned& contents() const { return contents_; }
  store::GenerationState state() const { return state_; }      ///< What it will be once issued.
  const Bytes& to_be_signed() const { return to_be_signed_; }  ///< Exactly what will be signed.
  const std::vector<lint::Finding>& findings() const {
    return findings_;
  }  ///< What lint has to say; nothing that blocks.

 private:
  friend class Preparation;  // ca/preparation.h
  friend store::Generation issue(store::Inventory&, Prepared, ossl::Signer*);
  Prepared() = default;
  store::IssuanceIntent intent_;
  x509::ToBeSigned contents_;
  Bytes to_be_signed_;
  std::vector<lint::Finding> findings_;
  std::unique_ptr<ossl::Signer> own_key_;
  std::optional<ossl::PublicKey> issuer_key_;
  store::GenerationState state_ = store::GenerationState::next;
};

/// Checks `order` against its policy, draws the serial number, and lints. Nothing is written.
/// Throws Error::Kind::policy when the policy refuses it or lint finds an error (the message names
/// the rules), Error::Kind::state when the issuer is not active.
Prepared prepare(const store::Inventory& inventory, const Order& order, NewKey key,
                 const ossl::Random& random);
/// The same for a key that somebody else holds.
Prepared prepare(const store::Inventory& inventory, const Order& order,
                 const ossl::PublicKey& certified, const ossl::Random& random);

/// Issues it: intent and new key durable, signature made and checked, certificate durable. `issuer`
/// signs; null for a certificate signed with its own key. When signing fails the intent is settled,
/// and the error goes on.
///
/// Active at once are the first generation, one whose policy says `activate: immediately`, and one
/// that no machine has to know; what was active is then retiring. Any other is next.
store::Generation issue(store::Inventory& inventory, Prepared prepared, ossl::Signer* issuer);

/// The policy as the inventory keeps it.
store::PolicyRecord record_of(const policy::Policy& policy);

/// Settles what runs that are no longer alive left unfinished: the intents are recorded as
/// abandoned, their keys destroyed. Returns them, so that they can be reported. To be called before
/// a plan is made.
std::vector<store::UnfinishedIssuance> settle_unfinished(store::Inventory& inventory);

}  // namespace sealwright::ca
