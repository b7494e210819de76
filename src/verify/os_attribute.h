#pragma once
// Inside verify only: for which Windows versions a catalog says its files are.

#include <string_view>

#include "base/windows_version.h"

namespace sealwright::verify {

/// Whether OSAttr ("2:6.1,2:10.0") covers a version: it lists that, or an older one of the NT
/// platform (2), whose files newer versions take too. An attribute that is empty or says nothing
/// that can be read covers all.
bool covers(std::string_view os_attribute, const WindowsTarget& target);

}  // namespace sealwright::verify
