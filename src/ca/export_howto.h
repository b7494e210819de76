#pragma once
// For ca alone: what people type so that Java has a key and its certificates.

#include <string>

#include "store/inventory.h"

namespace sealwright::ca {

/// templates/export/jks-howto.txt for `generation`. Its commands hold nothing but names, numbers
/// and fixed words, so that every shell takes them as they are. The part about the key is left out
/// where the key cannot leave the inventory.
std::string jks_howto(const store::Inventory& inventory, const store::Generation& generation);

}  // namespace sealwright::ca
