#pragma once
// The program under another tool's name: makecert, cert2spc, pvk2pfx, certmgr.

#include <optional>

#include "cli/context.h"

namespace sealwright::cli {

/// Runs the tool that argv names, by the program's own name (a link) or as its first word
/// (`sealwright makecert …`); nothing where it names none. Passwords in argv are overwritten before
/// anything else is done. What could not be done is printed here in the tool's name; returns the
/// exit code, which is 1 then, as the models have it.
std::optional<int> run_drop_in(int argc, char** argv, Context& context);

}  // namespace sealwright::cli
