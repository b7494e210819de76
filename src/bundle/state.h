#pragma once
// Store-import bundles: files that put certificates into Windows stores, and take them out again.
// One desired state, many writers.

#include <cstdint>
#include <map>
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
std::optional<Store> store_by_yaml_name(std::string_view name);

/// One certificate in one store.
struct Entry {
  Store store = Store::root;
  x509::Certificate certificate;
  std::string label;  ///< Its name in the hierarchy: "lab-root@1".
  /// Roots only: the extended key usages the root is trusted for (property 9); nothing = all.
  std::optional<std::vector<Oid>> purposes;
  /// Where a newer one took its place: how long it stays beside it. For people; no part of the
  /// content, so that the day on which it changes makes no new version.
  std::string overlap = {};
};

/// A registry value beside the certificates. It concerns all software of the machine, so there is
/// none unless someone asked for it.
struct Setting {
  enum class Kind { wintrust_state, authenticode_flags };
  /// Whose: the machine's (AuthenticodeFlags), or for State the user who is logged on,
  /// HKU\.DEFAULT, or LocalSystem.
  enum class Scope { machine, current_user, default_user, system };
  Kind kind = Kind::wintrust_state;
  Scope scope = Scope::current_user;
  std::uint32_t value = 0;
  bool operator==(const Setting&) const = default;
};

/// A format with what the YAML says about it: flavor, display_name, sign_with, forest, current_user
/// ("true" or not said), of (names with commas between).
struct FormatRequest {
  FormatRequest(const char* format) : name(format) {}
  FormatRequest(std::string format, std::map<std::string, std::string> said = {})
      : name(std::move(format)), options(std::move(said)) {}
  std::string option(const std::string& key) const;  ///< "" when not said.
  std::string name;
  std::map<std::string, std::string> options;
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
  std::vector<Setting> settings;
  std::vector<Setting> reverted;       ///< Were set by an earlier version and are not any more.
  std::vector<FormatRequest> formats;  ///< That the bundle is meant to have; part of its content.
  /// The version that this one brings back; part of its content, so that it is a version of its
  /// own.
  std::optional<int> rolled_back_to = {};
  /// The machines that try this version before all others; empty: all. No part of the content.
  std::string ring = {};
  /// A workspace's own texts, by their names in templates/bundle/, instead of the program's.
  std::map<std::string, std::string> templates = {};
};

/// What administrators see: the display name of the request, else the state's, else the name; with
/// the ring in parentheses.
std::string title(const State& state, const FormatRequest& request);

/// Sorts all lists, those of certificates by store and thumbprint and drops repeats. Refuses
/// (Error::Kind::policy) what does nothing or harm: a CA certificate in TrustedPublisher, a
/// certificate in Root that is not self-signed, one that is in Disallowed and trusted at once.
void settle(State& state);

/// What the state says, without version and time: equal states have equal content.
Json content_of(const State& state);
/// The same with what is no part of the content: the overlaps.
Json description_of(const State& state);

/// A GUID in upper case with braces, derived from the parts (SHA-256, formed as RFC 9562 version
/// 8): same state, same bytes.
std::string derived_guid(const std::vector<std::string>& parts);
/// `kind`, workspace, bundle and ring, as the parts of a GUID: the identity of one object of the
/// bundle through all its versions. That of a ring is another, so that both can be imported.
std::vector<std::string> identity_of(std::string kind, const State& state);

}  // namespace sealwright::bundle
