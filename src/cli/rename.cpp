// sealwright rename OLD NEW: another name for the same thing.

#include "workspace/rename.h"

#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "cli/all_commands.h"
#include "cli/session.h"
#include "policy/load.h"
#include "workspace/lock.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string from, to;
};

void check_name(const std::string& name) {
  if (policy::is_item_name(name)) return;
  throw Error(Error::Kind::usage, "'" + printable(name, 60) + "' is no name",
              "names begin with a letter and hold a-z, 0-9 and -, at most 64 of them; 'self' and "
              "'none' mean something else");
}

void check_known(const store::Inventory& inventory, const std::string& name) {
  if (inventory.entity(name)) return;
  std::vector<std::string> names;
  for (const auto& entity : inventory.entities()) names.push_back(entity.name);
  throw Error(Error::Kind::state, "nothing is called '" + printable(name) + "'",
              did_you_mean(name, names));
}

/// What the YAML must say so that the next plan finds what it should.
std::string advice(const policy::Hierarchy& hierarchy, const Options& options) {
  if (hierarchy.item(options.from) && !hierarchy.item(options.to))
    return "sealwright.yaml still says '" + options.from + "': write '" + options.to +
           "' there, or the next plan issues '" + options.from + "' again.";
  return {};
}

void check_fits(const workspace::Workspace& workspace, const Options& options) {
  const auto* item = workspace.hierarchy().item(options.to);
  if (!item) return;
  if (const auto refusal = workspace::rename_refusal(workspace, options.from, *item))
    throw Error(Error::Kind::policy, refusal->text, refusal->hint);
}

void run(const Options& options, Context& context) {
  check_name(options.to);
  auto workspace = open_workspace(context);
  const workspace::Lock lock(workspace,
                             [&] { context.say("another run is at work here: waiting for it"); });
  check_known(workspace.inventory(), options.from);
  check_fits(workspace, options);
  workspace.inventory().rename(options.from, options.to);
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.rename/1")
                       .set("from", options.from)
                       .set("to", options.to)
                       .dump()
                << "\n";
  else
    context.out << "'" << options.from << "' is '" << options.to
                << "' from now on: its generations, keys and signatures stay\n";
  if (const auto text = advice(workspace.hierarchy(), options); !text.empty()) context.say(text);
}

}  // namespace

Command rename_command() {
  return command<Options>("rename", "Give a certificate or authority another name")
      .positional("OLD", &Options::from, "What it is called")
      .positional("NEW", &Options::to, "What it shall be called; sealwright.yaml must say so too")
      .example("sealwright rename drv driver-signing")
      .runs(run);
}

}  // namespace sealwright::cli
