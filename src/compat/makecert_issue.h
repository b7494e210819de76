#pragma once
// From a makecert wish to its certificate and files.

#include "compat/makecert_wish.h"
#include "compat/tool.h"

namespace sealwright::compat {

/// When it ends: as asked for, or on 12/31/2039 as the original has it; never after `issuer_end`.
/// Where that is not what was asked for it is said.
Time makecert_end(const MakecertWish& wish, std::optional<Time> issuer_end, World& world);

/// Makes it. What can be refused is refused, and every file is opened, before anything is issued;
/// then the PVK, the stores, the PFX and the certificate get what they hold in this order, so that
/// a run that was cut short can be repeated. Throws what ca::prepare() and ca::issue() throw.
void make_certificate(const MakecertWish& wish, const CommandLine& line, World& world);

}  // namespace sealwright::compat
