// sealwright plan: what apply would do, and why.

#include "workspace/plan.h"

#include <ostream>

#include "base/file.h"
#include "cli/all_commands.h"
#include "cli/session.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string output;
  std::vector<std::string> only;
  bool exit_code = false;
};

void run(const Options& options, Context& context) {
  const auto workspace = open_workspace(context);
  const auto plan = workspace::make_plan(workspace, {split_list(options.only)});
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
  if (options.exit_code && !plan.empty()) context.exit_code = 1;
}

}  // namespace

Command plan_command() {
  return command<Options>("plan", "Show what apply would do, and why; changes nothing")
      .option("-o,--output", "FILE", &Options::output, "Also save the plan, for 'apply FILE'")
      .option("--only", "NAME", &Options::only, "Only these, and what they need")
      .flag("--exit-code", &Options::exit_code, "Exit with 1 when there is something to do")
      .example("sealwright plan -o today.plan")
      .runs(run);
}

}  // namespace sealwright::cli
