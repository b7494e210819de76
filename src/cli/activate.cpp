// sealwright activate NAME@N: a renewed certificate starts to sign.

#include <fmt/format.h>

#include <ostream>

#include "base/error.h"
#include "ca/chain.h"
#include "cli/all_commands.h"
#include "cli/session.h"
#include "workspace/bundles.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string name;
};

void run(const Options& options, Context& context) {
  auto opened = open_workspace_to_change(context);
  auto& workspace = opened.workspace;
  const auto generation = ca::find_generation(workspace.inventory(), options.name);
  workspace.inventory().activate(generation.id);
  if (context.globals.json) {
    context.out << Json::object()
                       .set("schema", "sealwright.activate/1")
                       .set("active", generation.label())
                       .dump()
                << "\n";
    return;
  }
  context.out << fmt::format("{} is active: '{}' signs with it from now on\n", generation.label(),
                             generation.name);
  context.say("Machines accept what it signs once they have a bundle that holds it.");
  for (const auto& bundle : workspace.hierarchy().bundles)
    for (const auto& said : workspace::bundle_notes(workspace, bundle))
      context.warn("bundle '" + bundle.name + "': " + said);
}

}  // namespace

Command activate_command() {
  return command<Options>("activate", "Let the next generation of a certificate sign")
      .positional("NAME@N", &Options::name, "The generation, once the machines have its bundle")
      .example("sealwright activate driver-signing@2")
      .runs(run);
}

}  // namespace sealwright::cli
