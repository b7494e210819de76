#pragma once
// Inside driver only.

#include <optional>

#include "base/file.h"
#include "signing/pe.h"

namespace sealwright::driver {

/// Nothing for what is no PE, and for one with headers that no signature can go into: catalogs list
/// such a file by all its bytes, and nobody signs it.
std::optional<signing::PeLayout> signable_layout(const InputFile& file);

}  // namespace sealwright::driver
