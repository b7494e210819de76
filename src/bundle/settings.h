#pragma once
// Where the settings beside the certificates stand in the registry, and what undoes them.

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "bundle/state.h"

namespace sealwright::bundle {

std::string_view value_name(Setting::Kind kind);    ///< "State" "AuthenticodeFlags"
std::string_view scope_name(Setting::Scope scope);  ///< "machine" "current" "default" "system"
/// From a recorded state. Throws Error::Kind::input.
Setting setting_from_json(const Json& json);

/// "HKEY_LOCAL_MACHINE" "HKEY_CURRENT_USER" "HKEY_USERS"
std::string_view hive_of(Setting::Scope scope);
/// Below the hive; where a policy has a place of its own, `policy` gives that.
enum class Place { local, policy };
std::string key_of(const Setting& setting, Place place = Place::local);

/// What Windows has when nobody set anything; nothing where that is no value at all.
std::optional<std::uint32_t> windows_default(Setting::Kind kind);

/// The key of a certificate below HKEY_LOCAL_MACHINE, and below HKEY_CURRENT_USER.
std::string key_of(const Entry& entry);

}  // namespace sealwright::bundle
