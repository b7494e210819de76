#pragma once
// What issuing would make or refuse, found out without a key: for plans.

#include "ca/issue.h"

namespace sealwright::ca {

/// A certificate as it would be. Its key is a stand-in of the policy's algorithm and size, its
/// signature zeros; what hangs below it can be previewed with it as `issuer`.
struct Preview {
  store::Generation generation;
  std::vector<lint::Finding> findings;  ///< Nothing that blocks.
};

/// Throws what prepare() throws for the order, so that a plan can say what apply would refuse.
/// Nothing is written, and no key is made. `store` is where its key will be.
Preview preview(const store::Inventory& inventory, const Order& order, policy::KeyStore store);

}  // namespace sealwright::ca
