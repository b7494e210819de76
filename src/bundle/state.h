#pragma once
// Store-import bundles: files that put certificates into Windows stores, and take them out again.
// One desired state, many writers.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "x509/certificate.h"

namespace sealwright::bundle {

/// A system store of LocalMachine.
enum class Store { root, ca, trusted_publisher, disallowed };
std::string_view registry_name(Store store);  ///< "Root" "CA" "TrustedPublisher" "Disallowed"
std::string_view yaml_name(Store store);      ///< "root" "ca" "trusted_publisher" "disallowed"
std::optional<Store> store_by_registry_name(std::string_view name);  ///< Any case.

/// One certificate in one store.
struct Entry {
  Store store = Store::root;
  x509::Certificate certificate;
  std::string label;  ///< Its name in the hierarchy: "lab-root@1".
  /// Roots only: the extended key usages the root is trusted for (property 9); nothing = all.
  std::optional<std::vector<Oid>> purposes;
};

/// What the machines shall have, and what they shall lose.
struct State {
  std::string name;  ///< Of the bundle.
  int version = 1;
  std::string display_name;  ///< What administrators see; the name where empty.
  std::string workspace_id;  ///< Makes derived GUIDs unique.
  Time made{};  ///< When this version was made; from the inventory, so that output is repeatable.
  std::vector<Entry> present;
  std::vector<Entry> removed;  ///< Were in an earlier version and are not any more.
};

/// Sorts both lists by store and thumbprint and drops repeats. Refuses (Error::Kind::policy) what
/// does nothing or harm: a CA certificate in TrustedPublisher, a certificate in Root that is not
/// self-signed, one that is in Disallowed and trusted at once.
void settle(State& state);

/// What the state says, without version and time: equal states have equal content.
Json content_of(const State& state);

/// A GUID in upper case with braces, derived from the parts (SHA-256, formed as RFC 9562 version
/// 8): same state, same bytes.
std::string derived_guid(const std::vector<std::string>& parts);

}  // namespace sealwright::bundle
