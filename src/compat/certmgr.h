#pragma once
// certmgr: certificates in files, and in the Windows stores that the inventory keeps for scripts.

#include "compat/tool.h"

namespace sealwright::compat {

extern const Tool certmgr_tool;

}  // namespace sealwright::compat
