// sealwright status: generations, days left, what is due.

#include "workspace/status.h"

#include <ostream>

#include "cli/all_commands.h"
#include "cli/session.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string within, at;
  bool exit_code = false;
};

void run(const Options& options, Context& context) {
  const auto workspace = open_workspace(context);
  std::optional<Duration> within;
  if (!options.within.empty()) within = parse_duration(options.within);
  const auto status = workspace::status_of(workspace, judged_time(options.at, context), within);
  if (context.globals.json)
    context.out << workspace::to_json(status).dump() << "\n";
  else
    context.out << workspace::to_text(status);
  if (options.exit_code && status.anything_due()) context.exit_code = 1;
}

}  // namespace

Command status_command() {
  return command<Options>("status", "Show where each certificate stands and what is due")
      .option("--within", "DURATION", &Options::within, "Only what ends within this time, as 90d")
      .option("--at", "TIME", &Options::at, "Judge at this time")
      .flag("--exit-code", &Options::exit_code, "Exit with 1 when something is due")
      .example("sealwright status --within 90d --exit-code")
      .runs(run);
}

}  // namespace sealwright::cli
