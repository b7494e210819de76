// sealwright man [COMMAND]: manual pages, for those who package the program.

#include <algorithm>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/all_commands.h"
#include "cli/man_page.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string command, output;
};

void write_all(const std::string& folder) {
  const auto all = commands();
  const auto write = [&](const std::string& name, const std::string& page) {
    write_file(std::filesystem::path(folder) / (name + ".1"), view(page),
               {Access::everyone, Existing::replace});
  };
  write("sealwright", main_page(all));
  for (const auto& command : all)
    if (!command.hidden) write("sealwright-" + command.name, command_page(command));
}

void run(const Options& options, Context& context) {
  if (!options.output.empty()) return write_all(options.output);
  const auto all = commands();
  if (options.command.empty()) {
    context.out << main_page(all);
    return;
  }
  const auto found = std::find_if(all.begin(), all.end(), [&](const Command& command) {
    return command.name == options.command;
  });
  if (found == all.end())
    throw Error(Error::Kind::usage, "there is no command '" + printable(options.command) + "'");
  context.out << command_page(*found);
}

}  // namespace

Command man_command() {
  return command<Options>("man", "Print a manual page, as roff")
      .optional_positional("COMMAND", &Options::command, "Of this command")
      .option("-o,--output", "DIR", &Options::output, "Write all pages into this folder")
      .example("sealwright man plan | man -l -")
      .hidden()
      .runs(run);
}

}  // namespace sealwright::cli
