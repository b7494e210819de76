#pragma once
// What the tests of ca share: a small PKI whose policies are values, and keys that cost no time to
// make.

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "ca/export.h"
#include "ca/issue.h"
#include "ca/recording.h"
#include "support.h"
#include "x509/oids.h"

namespace sealwright::test {

/// The Error that `work` throws; fails the test when it does not.
template <class Work>
Error error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  throw std::logic_error("unreachable");
}

/// scrypt that costs nothing.
inline ca::KeyringOptions cheap() { return {ossl::system_random(), {1 << 10, 8, 1}}; }

inline ca::Credential passphrase(const std::string& text = "correct horse") {
  return ca::Credential::passphrase(ossl::Secret(text));
}

policy::Policy root_policy();
policy::Policy issuing_policy();
policy::Policy signing_policy();
policy::PolicyPtr shared(policy::Policy policy);

/// An order for NAME under `policy`; subject CN=NAME.
ca::Order order_for(const std::string& name, const policy::Policy& policy,
                    const std::optional<store::Generation>& issuer);

/// An inventory with open keyrings root, issuing and signing.
struct Lab {
  explicit Lab(const std::filesystem::path& path = ":memory:", bool lab = true);
  /// Another handle of an inventory that a Lab made.
  static Lab reopen(const std::filesystem::path& path, Time now);

  store::Generation issue(const ca::Order& order);
  store::Generation issue(const std::string& name, const policy::Policy& policy,
                          const std::optional<store::Generation>& issuer);
  ca::NewKey key(const policy::Policy& policy, const std::string& keyring) const;
  std::unique_ptr<ossl::Signer> signer(const store::Generation& generation) const;
  /// Root and issuing authority, both active.
  store::Generation issuing();

  std::shared_ptr<Time> now = std::make_shared<Time>(*parse_time("2026-01-02T12:00:00Z"));
  store::Inventory inventory;
  ca::OpenKeyrings keys;

 private:
  Lab(std::shared_ptr<Time> now, store::Inventory inventory, ca::OpenKeyrings keys);
};

}  // namespace sealwright::test
