#pragma once
// Inside bundle only: what .reg files, Registry.pol, Registry.xml and LGPO texts have in common: a
// list of changes to the registry, and what those mean for trust.

#include <string>
#include <vector>

#include "bundle/contents.h"

namespace sealwright::bundle {

struct RegistryChange {
  enum class Action { create_key, set_value, delete_value, delete_all_values, delete_key };
  Action action = Action::set_value;
  std::string hive;  ///< "HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER", "HKEY_USERS", …
  std::string key;   ///< Below the hive.
  std::string name;  ///< Of the value.
  std::uint32_t type = 0;
  Bytes data;
  Position position;
  bool conditional = false;  ///< Filters decide whether it is done.
};

/// Adds to `contents` what the changes do to certificate stores and to the settings that Windows
/// trust depends on; counts the others. A blob that cannot be read, a key that is not its
/// certificate's thumbprint, and the like are faults. Never throws.
void interpret(const std::vector<RegistryChange>& changes, Contents& contents);

}  // namespace sealwright::bundle
