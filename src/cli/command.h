#pragma once
// A subcommand as data: options, positionals, help, example, and what it runs. parser.cpp turns
// this into a command line parser, man_page.cpp into manual pages, completion_script.cpp into what
// shells complete.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cli/context.h"

namespace sealwright::cli {

/// One flag, option or positional.
struct Argument {
  enum class Kind { flag, option, positional } kind = Kind::flag;
  std::string names;  ///< "-o,--output" or "FILE"
  std::string value;  ///< What stands for the value in help: "FILE". Empty for flags.
  std::string help;
  bool many = false;
  bool required = false;
  std::function<void(void* options, const std::string& value)> set;
  /// The words it may be, where there are few. For completion and manuals: the command checks them.
  std::vector<std::string> choices = {};
};

struct Command {
  std::string name, summary;
  std::vector<Argument> arguments;
  std::vector<std::string> examples;
  std::vector<Command> subcommands;
  bool hidden = false;  ///< For those who package the program: not in --help, not completed.
  std::function<std::shared_ptr<void>()> new_options;
  std::function<void(const void* options, Context&)> run;
};

/// Describes a command whose options land in a plain struct `O`.
template <class O>
class CommandBuilder {
 public:
  CommandBuilder(std::string name, std::string summary) {
    command_.name = std::move(name);
    command_.summary = std::move(summary);
    command_.new_options = [] { return std::static_pointer_cast<void>(std::make_shared<O>()); };
  }
  CommandBuilder& flag(std::string names, bool O::*member, std::string help) {
    return add({Argument::Kind::flag, std::move(names), "", std::move(help), false, false,
                [member](void* o, const std::string&) { static_cast<O*>(o)->*member = true; }});
  }
  /// `member` is a string, an optional string, or a vector of strings (may be repeated).
  template <class M>
  CommandBuilder& option(std::string names, std::string value, M O::*member, std::string help) {
    return add(argument(Argument::Kind::option, std::move(names), std::move(value), member,
                        std::move(help)));
  }
  template <class M>
  CommandBuilder& required_option(std::string names, std::string value, M O::*member,
                                  std::string help) {
    option(std::move(names), std::move(value), member, std::move(help));
    command_.arguments.back().required = true;
    return *this;
  }
  template <class M>
  CommandBuilder& positional(std::string name, M O::*member, std::string help) {
    add(argument(Argument::Kind::positional, std::move(name), "", member, std::move(help)));
    command_.arguments.back().required = true;
    return *this;
  }
  template <class M>
  CommandBuilder& optional_positional(std::string name, M O::*member, std::string help) {
    return add(argument(Argument::Kind::positional, std::move(name), "", member, std::move(help)));
  }
  /// Of the argument before.
  CommandBuilder& choices(std::vector<std::string> words) {
    command_.arguments.back().choices = std::move(words);
    return *this;
  }
  CommandBuilder& hidden() {
    command_.hidden = true;
    return *this;
  }
  CommandBuilder& example(std::string line) {
    command_.examples.push_back(std::move(line));
    return *this;
  }
  Command runs(void (*run)(const O&, Context&)) {
    command_.run = [run](const void* o, Context& context) {
      run(*static_cast<const O*>(o), context);
    };
    return std::move(command_);
  }

 private:
  CommandBuilder& add(Argument argument) {
    command_.arguments.push_back(std::move(argument));
    return *this;
  }
  template <class M>
  static Argument argument(Argument::Kind kind, std::string names, std::string value, M O::*member,
                           std::string help) {
    constexpr bool many = std::is_same_v<M, std::vector<std::string>>;
    return {kind,
            std::move(names),
            std::move(value),
            std::move(help),
            many,
            false,
            [member](void* o, const std::string& text) {
              if constexpr (many)
                (static_cast<O*>(o)->*member).push_back(text);
              else
                static_cast<O*>(o)->*member = text;
            }};
  }
  Command command_;
};

template <class O>
CommandBuilder<O> command(std::string name, std::string summary) {
  return {std::move(name), std::move(summary)};
}

/// A word that only groups others: "bundle".
Command group(std::string name, std::string summary, std::vector<Command> subcommands);

/// What every command takes, set on Globals.
std::vector<Argument> global_arguments();

/// Every subcommand, in the order --help lists them. One function per file of this folder.
std::vector<Command> commands();

/// Parses argv and runs the command; --help and --version are printed. Returns the exit code.
/// Throws Error::Kind::usage for words that cannot be understood, and whatever a command throws.
int dispatch(int argc, char** argv, const std::vector<Command>& commands, Context& context);

}  // namespace sealwright::cli
