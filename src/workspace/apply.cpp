#include "workspace/apply.h"

#include <fmt/format.h>

#include "base/error.h"
#include "ca/issue.h"
#include "workspace/bundles.h"
#include "workspace/exports.h"

namespace sealwright::workspace {
namespace {

std::string issue_certificate(Workspace& workspace, const std::string& name, Keys& keys,
                              const ossl::Random& random) {
  const policy::Item* item = workspace.hierarchy().item(name);
  if (!item)
    throw Error(Error::Kind::state, "'" + name + "' is not in sealwright.yaml any more",
                "make the plan again");
  auto& inventory = workspace.inventory();
  const ca::Order order = ca::order_of(workspace.hierarchy(), *item, inventory);
  std::unique_ptr<ossl::Signer> issuer;
  if (order.issuer) issuer = keys.signer(*order.issuer);
  const auto generation = ca::issue(
      inventory, ca::prepare(inventory, order, keys.key_for(*item), random), issuer.get());
  return fmt::format("{}  {}  until {}", generation.label(), generation.thumbprint.hex(),
                     to_date(generation.not_after));
}

std::string do_step(Workspace& workspace, const Step& step, Keys& keys,
                    const ossl::Random& random) {
  switch (step.action) {
    case Step::Action::issue:
    case Step::Action::renew:
      return issue_certificate(workspace, step.name, keys, random);
    case Step::Action::export_file:
      for (const auto& wanted : workspace.hierarchy().exports)
        if (wanted.name == step.name)
          return write_export(workspace, keys, wanted, random)
              .lexically_relative(workspace.folder())
              .string();
      break;
    case Step::Action::write_bundle:
      if (const auto* wanted = workspace.hierarchy().bundle(step.name)) {
        const auto written = write_bundle(workspace, *wanted);
        return fmt::format("version {}  {}", written.version,
                           written.folder.lexically_relative(workspace.folder()).string());
      }
      break;
  }
  throw Error(Error::Kind::state, "'" + step.name + "' is not in sealwright.yaml any more",
              "make the plan again");
}

}  // namespace

void apply(Workspace& workspace, const Plan& plan, Keys& keys, const ApplyOptions& options) {
  if (plan.workspace != workspace.hierarchy().name)
    throw Error(Error::Kind::state, "the plan is for '" + plan.workspace + "', not for '" +
                                        workspace.hierarchy().name + "'");
  if (!(workspace.inventory().head() == plan.inventory))
    throw Error(Error::Kind::state, "the inventory changed since the plan was made",
                "make the plan again");
  const Plan now = make_plan(workspace, {plan.only});
  if (now.steps != plan.steps || now.sources != plan.sources)
    throw Error(Error::Kind::state, "sealwright.yaml or a policy changed since the plan was made",
                "make the plan again");
  for (const auto& step : plan.steps) {
    const std::string result = do_step(workspace, step, keys, options.random);
    if (options.done) options.done(step, result);
  }
}

}  // namespace sealwright::workspace
