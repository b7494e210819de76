// sealwright show THING: what a name of the workspace, a certificate, key file or signed file says,
// without judging it.

#include "verify/show.h"

#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "cli/all_commands.h"
#include "cli/secrets.h"
#include "cli/session.h"
#include "workspace/thing.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string thing, password_file;
};

bool is_file(const std::string& thing) {
  return thing.find_first_of("/.") != std::string::npos || std::filesystem::exists(thing);
}

/// A name with what the workspace knows of it; or one certificate, by generation or thumbprint.
verify::Description describe_name(const std::string& word, Context& context) {
  auto workspace = open_workspace(context);
  const auto thing = workspace::find_thing(workspace, word);
  if (!thing)
    return verify::describe(ca::certificate_of(ca::find_generation(workspace.inventory(), word)));
  verify::Description made{thing->kind, thing->facts};
  if (thing->generation)
    made.facts.set("certificate", verify::describe(ca::certificate_of(*thing->generation)).facts);
  return made;
}

verify::Description describe(const Options& options, Context& context) {
  if (!is_file(options.thing)) return describe_name(options.thing, context);
  const SecretSource password{"password of '" + options.thing + "'", options.password_file,
                              "--password-file", "SEALWRIGHT_PASSWORD", ""};
  return verify::describe(options.thing, {[&] { return read_secret(password, context); },
                                          [&] { return read_known_secret(password); }});
}

void run(const Options& options, Context& context) {
  const auto facts = describe(options, context);
  context.out << (context.globals.json ? verify::to_json(facts).dump() + "\n"
                                       : verify::to_text(facts));
}

}  // namespace

Command show_command() {
  return command<Options>("show", "Print what a name, certificate or file says, without judging it")
      .positional("THING", &Options::thing,
                  "A name of the workspace (KIND:NAME where several have it), a thumbprint or a "
                  "file")
      .option("--password-file", "FILE", &Options::password_file,
              "Holds the password of a PFX, PVK or private key")
      .example("sealwright show driver-signing")
      .example("sealwright show driver-signing@1")
      .example("sealwright show old.pvk --password-file pvk.pass")
      .runs(run);
}

}  // namespace sealwright::cli
