#pragma once
// pvk2pfx: a PVK file and its certificates into a PFX.

#include "compat/tool.h"

namespace sealwright::compat {

extern const Tool pvk2pfx_tool;

}  // namespace sealwright::compat
