#pragma once
// Manual pages from the table of commands.

#include <string>
#include <vector>

#include "cli/command.h"

namespace sealwright::cli {

/// sealwright(1) in roff (man macros).
std::string main_page(const std::vector<Command>& commands);
/// sealwright-NAME(1); the commands of a group are sections of one page.
std::string command_page(const Command& command);

}  // namespace sealwright::cli
