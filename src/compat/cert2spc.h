#pragma once
// cert2spc: certificates into one SPC file.

#include "compat/tool.h"

namespace sealwright::compat {

extern const Tool cert2spc_tool;

}  // namespace sealwright::compat
