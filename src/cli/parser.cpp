// Turns commands into a CLI11 parser. The only file that includes CLI11: it costs seconds to
// compile.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <ostream>
#include <span>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
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
  option->type_name(argument.value)->type_size(1)->expected(1)->required(argument.required);
  const bool positional = argument.kind == Argument::Kind::positional;
  option->multi_option_policy(argument.many ? CLI::MultiOptionPolicy::TakeAll
                                            : CLI::MultiOptionPolicy::Throw);
  option->allow_extra_args(argument.many && positional);
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

void add_globals(CLI::App& app, const std::vector<Argument>& arguments, Globals& globals) {
  for (const auto& argument : arguments) add_argument(app, argument, &globals);
  app.get_option("--color")->check(CLI::IsMember({"auto", "always", "never"}));
}

/// CLI11's words, as ours begin: "FILE is required" stays, "A subcommand is required" does not.
std::string lower_case_start(std::string text) {
  if (text.size() > 1 && std::isupper(static_cast<unsigned char>(text[0])) &&
      !std::isupper(static_cast<unsigned char>(text[1])))
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

/// The one of `commands` that argv names from word `at` on, which is then behind it; null for none.
/// The first word that is neither an option nor the value of -C must be one. `group` is what was
/// named before: "bundle ".
const Command* named_command(std::span<char* const> argv, std::size_t& at,
                             const std::vector<Command>& commands, const std::string& group = {}) {
  for (; at < argv.size(); ++at) {
    const std::string word = argv[at];
    if (word == "-C" || word == "--workspace" || word == "--color") ++at;
    if (word.empty() || word[0] == '-') continue;
    std::vector<std::string> names;
    for (const auto& command : commands) {
      if (command.name == word) return ++at, &command;
      names.push_back(command.name);
    }
    const std::string near = did_you_mean(word, names);
    throw Error(Error::Kind::usage, "there is no command '" + group + printable(word) + "'",
                near.empty() ? "see 'sealwright " + group + "--help'" : near);
  }
  return nullptr;
}

}  // namespace

std::vector<Argument> global_arguments() {
  return command<Globals>("", "")
      .option("-C,--workspace", "DIR", &Globals::workspace,
              "The workspace (default: $SEALWRIGHT_WORKSPACE, or the nearest parent that holds "
              "sealwright.yaml)")
      .flag("--json", &Globals::json, "Print one JSON document")
      .flag("-q,--quiet", &Globals::quiet, "Only errors on stderr")
      .flag("-v,--verbose", &Globals::verbose, "Print the causes of errors")
      .flag("--no-progress", &Globals::no_progress, "Draw no progress bars")
      .option("--color", "WHEN", &Globals::color, "When to use color")
      .choices({"auto", "always", "never"})
      .runs([](const Globals&, Context&) {})
      .arguments;
}

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
  const auto globals = global_arguments();
  add_globals(app, globals, context.globals);
  Chosen chosen;
  // Only the subtree that was named is built: start-up stays short as commands join.
  const std::span<char* const> words(argv, static_cast<std::size_t>(argc));
  std::size_t at = 1;
  const Command* named = named_command(words, at, commands);
  const std::string first = named ? named->name : "";
  if (named && !named->subcommands.empty())
    named_command(words, at, named->subcommands, first + " ");
  for (const auto& command : commands) {
    if (first.empty() && !command.hidden)
      app.add_subcommand(command.name, command.summary);
    else if (command.name == first)
      add_command(app, command, chosen);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error, context.out, context.err), 0;
    throw Error(Error::Kind::usage, lower_case_start(error.what()),
                "see 'sealwright " + (first.empty() ? "" : first + " ") + "--help'");
  }
  if (!chosen.command) throw Error(Error::Kind::internal, "no command was chosen");
  chosen.command->run(chosen.options.get(), context);
  return context.exit_code;
}

}  // namespace sealwright::cli
