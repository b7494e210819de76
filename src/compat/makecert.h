#pragma once
// makecert: a certificate and its key from one line of flags.

#include "compat/tool.h"

namespace sealwright::compat {

extern const Tool makecert_tool;

}  // namespace sealwright::compat
