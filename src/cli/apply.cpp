// sealwright apply: makes what the YAML says exist.

#include "workspace/apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "base/error.h"
#include "base/file.h"
#include "cli/all_commands.h"
#include "cli/session.h"
#include "workspace/bundles.h"

namespace sealwright::cli {
namespace {

struct Options : KeyWords {
  std::string plan;
  std::vector<std::string> only;
  bool due = false, yes = false;
};

constexpr std::size_t max_plan_bytes = std::size_t{16} << 20;

workspace::Plan plan_of(const workspace::Workspace& workspace, const Options& options) {
  if (options.plan.empty())
    return workspace::make_plan(workspace, {split_list(options.only), options.due});
  if (!options.only.empty() || options.due)
    throw Error(Error::Kind::usage, std::string("a saved plan is done as it is: ") +
                                        (options.due ? "--due" : "--only") + " cannot go with it");
  return workspace::plan_from_json(read_text(options.plan, max_plan_bytes));
}

/// Labs are not asked; at a terminal a person says yes; elsewhere a saved plan or --yes says it.
void confirm(const workspace::Workspace& workspace, const workspace::Plan& plan,
             const Options& options, Context& context) {
  if (plan.empty() || options.yes || !options.plan.empty() || workspace.hierarchy().lab) return;
  if (!context.terminal)
    throw Error(Error::Kind::usage, "nobody is there to agree to the plan",
                "give a saved plan ('sealwright plan -o FILE'), or --yes");
  context.err << workspace::to_text(plan) << "Do this? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "yes") throw Error(Error::Kind::usage, "not done");
}

/// What a bundle lacks, and whether there is none of it at all.
void report_left_out(const workspace::Workspace& workspace, const workspace::Plan& plan,
                     Context& context) {
  for (const auto& notice : plan.notices) {
    const auto* bundle = workspace.hierarchy().bundle(notice.name);
    if (!bundle || notice.kind != workspace::Notice::Kind::differs) continue;
    context.warn("bundle '" + notice.name + "': " + notice.text);
    if (workspace::cannot_be_written(*bundle)) context.exit_code = 1;
  }
}

/// What is due goes on without what is refused, which a person must see to.
void report_refusals(const workspace::Plan& plan, Context& context) {
  for (const auto& notice : plan.notices) {
    if (notice.kind != workspace::Notice::Kind::lint) continue;
    context.warn(notice.text);
    context.exit_code = exit_code(Error::Kind::policy);
  }
}

void run(const Options& options, Context& context) {
  auto opened = open_workspace_to_change(context);
  auto& workspace = opened.workspace;
  const auto plan = plan_of(workspace, options);
  workspace::require_allowed(plan);
  confirm(workspace, plan, options, context);
  auto keys = open_keys(workspace, options, context);
  std::size_t width = 6;
  for (const auto& step : plan.steps)
    width = std::max(width, workspace::to_text(step.action).size());
  Json done = Json::array();
  workspace::ApplyOptions apply{
      context.random, [&](const workspace::Step& step, const std::string& result) {
        done.push(Json::object()
                      .set("action", workspace::to_text(step.action))
                      .set("name", step.name)
                      .set("result", result));
        if (!context.globals.json)
          context.out << fmt::format("{:{}}  {}\n", workspace::to_text(step.action), width, result)
                      << std::flush;
      }};
  workspace::apply(workspace, plan, keys, apply);
  if (context.globals.json)
    context.out << Json::object().set("schema", "sealwright.apply/1").set("done", done).dump()
                << "\n";
  else if (plan.empty())
    context.out << workspace::to_text(plan);
  report_left_out(workspace, plan, context);
  report_refusals(plan, context);
}

}  // namespace

Command apply_command() {
  auto builder = command<Options>("apply", "Do the plan: issue, export, write bundles");
  builder
      .optional_positional("FILE", &Options::plan,
                           "A saved plan; refused if the inventory changed since")
      .option("--only", "NAME", &Options::only, "Only these, and what they need")
      .flag("--due", &Options::due,
            "Only what time brings: renewals, activations, lists, and what follows; nothing new");
  add_key_options(builder);
  return builder.flag("--yes", &Options::yes, "Do not ask").example("sealwright apply").runs(run);
}

}  // namespace sealwright::cli
