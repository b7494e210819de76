// sealwright completion bash|zsh|fish: what a shell needs to complete our command lines.

#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "cli/all_commands.h"
#include "cli/completion_script.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string shell;
};

void run(const Options& options, Context& context) {
  if (options.shell == "bash")
    context.out << bash_completion(commands());
  else if (options.shell == "zsh")
    context.out << zsh_completion(commands());
  else if (options.shell == "fish")
    context.out << fish_completion(commands());
  else
    throw Error(Error::Kind::usage, "'" + printable(options.shell) + "' is not bash, zsh or fish",
                did_you_mean(options.shell, {"bash", "zsh", "fish"}));
}

}  // namespace

Command completion_command() {
  return command<Options>("completion", "Print what your shell needs to complete commands")
      .positional("SHELL", &Options::shell, "bash, zsh or fish")
      .choices({"bash", "zsh", "fish"})
      .example("source <(sealwright completion bash)")
      .example("sealwright completion fish > ~/.config/fish/completions/sealwright.fish")
      .runs(run);
}

}  // namespace sealwright::cli
