#pragma once
// For ca alone: what prepare() does, whoever holds the key that is to be certified.

#include "ca/issue.h"

namespace sealwright::ca {

class Preparation {
 public:
  /// Every check, serial number, contents, lint. `store` is where the private key is.
  static Prepared of(const store::Inventory& inventory, const Order& order,
                     const ossl::PublicKey& own_key, policy::KeyStore store,
                     const ossl::Random& random);
  static Prepared with_key(const store::Inventory& inventory, const Order& order, NewKey key,
                           const ossl::Random& random);
  /// The extensions that say what a certificate may do: basicConstraints, keyUsage, extKeyUsage.
  static std::vector<x509::Extension> usages(const Order& order);
  /// Whether the next generation of `name` is active at once. `held_back` as in Order.
  static store::GenerationState first_state(const store::Inventory& inventory,
                                            const std::string& name, const policy::Policy& policy,
                                            bool in_bundle, bool held_back = false);
};

}  // namespace sealwright::ca
