// sealwright bundle inspect PATH: what a file puts where, and what is wrong with it.

#include <filesystem>
#include <ostream>

#include "cli/bundle_commands.h"
#include "cli/session.h"
#include "diagnose/inspection.h"
#include "workspace/bundle_compare.h"

namespace sealwright::cli {
namespace {

namespace fs = std::filesystem;

struct InspectOptions {
  std::string path, against, at;
};

workspace::Workspace open_other(const std::string& folder, Context& context) {
  return workspace::Workspace::open(workspace::find(folder, fs::current_path()), context.clock);
}

void inspect(const InspectOptions& options, Context& context) {
  auto reading = bundle::read_path(options.path);
  std::optional<workspace::BundleComparison> comparison;
  if (!options.against.empty())
    comparison = workspace::compare(open_other(options.against, context), reading);
  const auto inspection =
      diagnose::inspect(options.path, std::move(reading), judged_time(options.at, context));
  if (context.globals.json) {
    Json json = diagnose::to_json(inspection);
    if (comparison) json.set("against", workspace::to_json(*comparison));
    context.out << json.dump() << "\n";
  } else {
    context.out << diagnose::to_text(inspection);
    if (comparison) context.out << "\n" << workspace::to_text(*comparison);
  }
  if (diagnose::count(inspection).errors > 0 || (comparison && !comparison->same()))
    context.exit_code = 1;
}

}  // namespace

Command bundle_inspect_command() {
  return command<InspectOptions>("inspect", "Say what a file puts where, and what is wrong with it")
      .positional("PATH", &InspectOptions::path,
                  "Registry.pol, a Group Policy backup, Registry.xml, .reg, .sst, .p7b, LGPO text, "
                  "LDIF, SyncML, an Intune profile, scripts of certutil and of our bundles, a "
                  "certificate or its Blob; a folder or .zip of them")
      .option("--against", "DIR", &InspectOptions::against,
              "Compare with what the workspace there would write")
      .option("--at", "TIME", &InspectOptions::at, "Judge at this time")
      .example("sealwright bundle inspect policy-backup --against ~/lab")
      .runs(inspect);
}

}  // namespace sealwright::cli
