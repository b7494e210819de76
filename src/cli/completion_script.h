#pragma once
// What shells need to complete our command lines, from the table of commands.

#include <string>
#include <vector>

#include "cli/command.h"

namespace sealwright::cli {

/// Subcommands, options, the words an option may have, files and folders. Each is one file to be
/// sourced, or put where the shell looks for completions.
std::string bash_completion(const std::vector<Command>& commands);
std::string zsh_completion(const std::vector<Command>& commands);
std::string fish_completion(const std::vector<Command>& commands);

/// What the value of an argument is, going by its name: "FILE", "DIR", "FILE…".
enum class ValueKind { none, words, file, folder, other };
ValueKind value_kind(const Argument& argument);
/// {"-o", "--output"}; of a positional: its name.
std::vector<std::string> spellings(const Argument& argument);

}  // namespace sealwright::cli
