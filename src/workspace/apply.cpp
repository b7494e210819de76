#include "workspace/apply.h"

#include <algorithm>

#include "base/error.h"
#include "workspace/adoption.h"
#include "workspace/apply_step.h"

namespace sealwright::workspace {
namespace {

/// What exists outside of the inventory is taken over as the plan showed it, or not at all.
void check_adopted(const Workspace& workspace, const Plan& plan, const Plan& now) {
  for (const auto& step : plan.steps) {
    const auto* item = workspace.hierarchy().item(step.name);
    if (step.action != Step::Action::adopt || !item || !item->existing) continue;
    if (std::find(now.steps.begin(), now.steps.end(), step) == now.steps.end())
      refuse_changed(*item);
  }
}

/// Refuses a plan that is not for this workspace as it is now.
void check_current(const Workspace& workspace, const Plan& plan) {
  if (plan.workspace != workspace.hierarchy().name)
    throw Error(Error::Kind::state, "the plan is for '" + plan.workspace + "', not for '" +
                                        workspace.hierarchy().name + "'");
  if (!(workspace.inventory().head() == plan.inventory))
    throw Error(Error::Kind::state, "the inventory changed since the plan was made",
                "make the plan again");
  const Plan now = make_plan(workspace, {plan.only, plan.due});
  if (now.sources == plan.sources) check_adopted(workspace, plan, now);
  if (now.steps != plan.steps || now.sources != plan.sources)
    throw Error(Error::Kind::state, "sealwright.yaml or a policy changed since the plan was made",
                "make the plan again");
}

}  // namespace

void require_allowed(const Plan& plan) {
  if (plan.due) return;
  const auto refused =
      std::find_if(plan.notices.begin(), plan.notices.end(),
                   [](const Notice& notice) { return notice.kind == Notice::Kind::lint; });
  if (refused == plan.notices.end()) return;
  throw Error(Error::Kind::policy, refused->text,
              "nothing was done; mend it, or leave '" + refused->name + "' out with --only");
}

void apply(Workspace& workspace, const Plan& plan, Keys& keys, const ApplyOptions& options) {
  check_current(workspace, plan);
  require_allowed(plan);
  for (const auto& step : plan.steps) {
    const std::string result = do_step(workspace, step, keys, options.random);
    if (options.done) options.done(step, result);
  }
}

}  // namespace sealwright::workspace
