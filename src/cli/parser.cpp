// Turns commands into a CLI11 parser. The only file that includes CLI11: it costs seconds to
// compile.

#include <CLI/CLI.hpp>
#include <ostream>

#include "base/error.h"
#include "cli/command.h"

namespace sealwright::cli {
namespace {

struct Chosen {
  const Command* command = nullptr;
  std::shared_ptr<void> options;
};

void add_argument(CLI::App& app, const Argument& argument, void* options) {
  if (argument.kind == Argument::Kind::flag) {
    app.add_flag_callback(
        argument.names, [&argument, options] { argument.set(options, ""); }, argument.help);
    return;
  }
  CLI::callback_t take = [&argument, options](const CLI::results_t& values) {
    for (const auto& value : values) argument.set(options, value);
    return true;
  };
  CLI::Option* option = app.add_option(argument.names, take, argument.help);
  option->type_name(argument.value)->required(argument.required);
  option->expected(argument.required ? 1 : 0, 1);
  option->type_size(1);
  if (argument.many && argument.kind == Argument::Kind::positional)
    option->expected(argument.required ? 1 : 0, CLI::detail::expected_max_vector_size);
  else if (argument.many)
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->expected(1)
        ->allow_extra_args(false);
  else
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

void add_command(CLI::App& parent, const Command& command, Chosen& chosen) {
  CLI::App* app = parent.add_subcommand(command.name, command.summary);
  app->fallthrough();
  std::string examples;
  for (const auto& line : command.examples)
    examples += (examples.empty() ? "Example:\n  " : "\n  ") + line;
  app->footer(examples);
  if (!command.subcommands.empty()) {
    app->require_subcommand(1);
    for (const auto& child : command.subcommands) add_command(*app, child, chosen);
    return;
  }
  auto options = command.new_options();
  for (const auto& argument : command.arguments) add_argument(*app, argument, options.get());
  app->callback([&command, &chosen, options] {
    chosen.command = &command;
    chosen.options = options;
  });
}

void add_globals(CLI::App& app, Globals& globals) {
  app.add_option("-C,--workspace", globals.workspace,
                 "The workspace (default: the nearest parent that holds sealwright.yaml)")
      ->type_name("DIR");
  app.add_flag("--json", globals.json, "Print one JSON document");
  app.add_flag("-q,--quiet", globals.quiet, "Only errors on stderr");
  app.add_flag("-v,--verbose", globals.verbose, "Print the causes of errors");
  app.add_flag("--no-progress", globals.no_progress, "Draw no progress bars");
  app.add_option("--color", globals.color, "When to use color")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

}  // namespace

Command group(std::string name, std::string summary, std::vector<Command> subcommands) {
  Command command;
  command.name = std::move(name);
  command.summary = std::move(summary);
  command.subcommands = std::move(subcommands);
  return command;
}

int dispatch(int argc, char** argv, const std::vector<Command>& commands, Context& context) {
  CLI::App app("Makes the certificates that Windows machines trust, and signs drivers with them.",
               "sealwright");
  app.set_version_flag("--version", "sealwright " SEALWRIGHT_VERSION);
  app.set_help_flag("-h,--help", "Print this help");
  app.require_subcommand(1);
  app.footer("Start with: sealwright init lab --hierarchy driver-lab --no-passphrase");
  add_globals(app, context.globals);
  Chosen chosen;
  // Only the subtree that was named is built: start-up stays short as commands join.
  std::string first;
  for (int i = 1; i < argc && first.empty(); ++i)
    for (const auto& command : commands)
      if (command.name == argv[i]) first = command.name;
  for (const auto& command : commands) {
    if (first.empty())
      app.add_subcommand(command.name, command.summary);
    else if (command.name == first)
      add_command(app, command, chosen);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error, context.out, context.err), 0;
    context.err << "sealwright: error: " << error.what() << "\n"
                << "sealwright: hint: see 'sealwright " << (first.empty() ? "" : first + " ")
                << "--help'\n";
    return exit_code(Error::Kind::usage);
  }
  if (!chosen.command) throw Error(Error::Kind::internal, "no command was chosen");
  chosen.command->run(chosen.options.get(), context);
  return context.exit_code;
}

}  // namespace sealwright::cli
