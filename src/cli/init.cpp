// sealwright init: makes a workspace.

#include "workspace/init.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/error.h"
#include "cli/all_commands.h"
#include "cli/secrets.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string folder = ".", hierarchy, organization, passphrase_file;
  bool list = false, no_passphrase = false, offline = false;
};

void list(Context& context) {
  const auto hierarchies = policy::shipped_hierarchies();
  if (context.globals.json) {
    Json rows = Json::array();
    for (const auto& hierarchy : hierarchies)
      rows.push(
          Json::object().set("name", hierarchy.name).set("description", hierarchy.description));
    context.out
        << Json::object().set("schema", "sealwright.hierarchies/1").set("hierarchies", rows).dump()
        << "\n";
    return;
  }
  for (const auto& hierarchy : hierarchies)
    context.out << fmt::format("{:20}  {}\n", hierarchy.name, hierarchy.description);
}

void run(const Options& options, Context& context) {
  if (options.list) return list(context);
  workspace::InitOptions init;
  init.folder = options.folder;
  init.hierarchy = options.hierarchy;
  init.organization = options.organization;
  init.no_passphrase = options.no_passphrase;
  init.offline = options.offline;
  init.clock = context.clock;
  init.keyring_options.random = context.random;
  init.new_passphrase = [&] {
    return read_new_secret(passphrase_source(options.passphrase_file), context);
  };
  const auto result = workspace::init(init);
  if (context.globals.json) {
    Json json = Json::object();
    json.set("schema", "sealwright.init/1")
        .set("workspace", result.folder.string())
        .set("name", result.hierarchy.name)
        .set("offline", options.offline);
    json.set("files", Json::strings(result.files))
        .set("key_files", Json::strings(result.key_files));
    context.out << json.dump() << "\n";
    return;
  }
  context.out << fmt::format("Workspace '{}'{} in {}\n", result.hierarchy.name,
                             options.offline ? " for the safe" : "", options.folder);
  for (const auto& file : result.files) {
    const bool secret =
        std::find(result.key_files.begin(), result.key_files.end(), file) != result.key_files.end();
    context.out << "  " << file
                << (secret ? "  (secret: whoever has it can use the keys it opens)" : "") << "\n";
  }
  context.say(
      options.offline
          ? "Next: compare sealwright.yaml and policies/ with those of the workspace on the "
            "network: they must say the same."
          : "Next: look at sealwright.yaml, then 'sealwright plan' and 'sealwright apply'.");
}

}  // namespace

Command init_command() {
  return command<Options>("init", "Make a workspace from a hierarchy")
      .optional_positional("DIR", &Options::folder, "The folder (default: this one)")
      .option("--hierarchy", "NAME|FILE", &Options::hierarchy,
              "A hierarchy that came with the program, or a YAML file")
      .option("--organization", "O", &Options::organization, "The organization of every subject")
      .option("--passphrase-file", "FILE", &Options::passphrase_file,
              "Holds the passphrase that shall open the workspace")
      .flag("--no-passphrase", &Options::no_passphrase,
            "Labs only: a key file beside the inventory opens it")
      .flag("--offline", &Options::offline,
            "The workspace in the safe: it holds the keys that the YAML calls offline, no others")
      .flag("--list", &Options::list, "List the hierarchies that came with the program")
      .example("sealwright init lab --hierarchy driver-lab --no-passphrase")
      .runs(run);
}

}  // namespace sealwright::cli
