// sealwright plan: what apply would do, and why.

#include "workspace/plan.h"

#include <filesystem>
#include <ostream>

#include "base/error.h"
#include "base/file.h"
#include "cli/all_commands.h"
#include "cli/session.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string output, at;
  std::vector<std::string> only;
  bool due = false, exit_code = false;
};

/// Another time is for looking ahead: nothing is settled at it.
workspace::Workspace open_at(const Options& options, Context& context) {
  if (options.at.empty()) return open_workspace(context);
  if (!options.output.empty())
    throw Error(Error::Kind::usage, "a plan for another time cannot be saved",
                "leave out --at or --output");
  return workspace::Workspace::open(
      workspace::find(context.globals.workspace, std::filesystem::current_path()),
      [time = parse_at(options.at)] { return time; });
}

void run(const Options& options, Context& context) {
  const auto workspace = open_at(options, context);
  const auto plan = workspace::make_plan(workspace, {split_list(options.only), options.due});
  if (!options.output.empty() && options.output != "-") {
    write_file(options.output, view(workspace::to_json(plan).dump() + "\n"),
               {Access::everyone, Existing::replace});
    context.say("The plan is in " + options.output + "; do it with: sealwright apply " +
                options.output);
  }
  if (context.globals.json || options.output == "-")
    context.out << workspace::to_json(plan).dump() << "\n";
  else
    context.out << workspace::to_text(plan);
  if (options.exit_code && (!plan.empty() || plan.refused())) context.exit_code = 1;
}

}  // namespace

Command plan_command() {
  return command<Options>("plan", "Show what apply would do, and why; changes nothing")
      .option("-o,--output", "FILE", &Options::output, "Also save the plan, for 'apply FILE'")
      .option("--only", "NAME", &Options::only, "Only these, and what they need")
      .flag("--due", &Options::due,
            "Only what time brings: renewals, activations, lists, and what follows; nothing new")
      .option("--at", "TIME", &Options::at, "What would be due at this time")
      .flag("--exit-code", &Options::exit_code, "Exit with 1 when there is something to do")
      .example("sealwright plan -o today.plan")
      .runs(run);
}

}  // namespace sealwright::cli
