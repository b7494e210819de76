// sealwright show THING: prints what a certificate, key file or signed file says, without judging
// it.

#include "verify/show.h"

#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "cli/all_commands.h"
#include "cli/secrets.h"
#include "cli/session.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string thing, password_file;
};

bool is_file(const std::string& thing) {
  return thing.find_first_of("/.") != std::string::npos || std::filesystem::exists(thing);
}

verify::Description describe(const Options& options, Context& context) {
  if (!is_file(options.thing)) {
    const auto workspace = open_workspace(context);
    return verify::describe(
        ca::certificate_of(ca::find_generation(workspace.inventory(), options.thing)));
  }
  return verify::describe(options.thing, [&] {
    return read_secret({"password of '" + options.thing + "'", options.password_file,
                        "--password-file", "SEALWRIGHT_PASSWORD", ""},
                       context);
  });
}

void run(const Options& options, Context& context) {
  const auto facts = describe(options, context);
  context.out << (context.globals.json ? verify::to_json(facts).dump() + "\n"
                                       : verify::to_text(facts));
}

}  // namespace

Command show_command() {
  return command<Options>("show", "Print what a certificate or file says, without judging it")
      .positional("THING", &Options::thing, "A name, a thumbprint or a file")
      .option("--password-file", "FILE", &Options::password_file, "Holds the password of a PFX")
      .example("sealwright show driver-signing@1")
      .runs(run);
}

}  // namespace sealwright::cli
