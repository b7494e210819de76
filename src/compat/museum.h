#pragma once
// makecert --as-original: certificates as Microsoft's tool made them in 1996. They are for museums,
// and for tests of what refuses them.

#include "compat/makecert_wish.h"
#include "compat/tool.h"

namespace sealwright::compat {

/// MD5 (or what -a says), RSA-1024 (or -len), no key identifiers but the old authority key
/// identifier, basic constraints only with -cy or -h. Nothing is linted. Files only; a PVK that is
/// there is reused.
void make_museum_piece(const MakecertWish& wish, const CommandLine& line, World& world);

}  // namespace sealwright::compat
