#pragma once
// Does what a plan says, in its order; each certificate is a durable transaction of its own, so
// that a run that is cut short is simply continued by the next.

#include <functional>

#include "workspace/keys.h"
#include "workspace/plan.h"

namespace sealwright::workspace {

struct ApplyOptions {
  ossl::Random random;
  std::function<void(const Step& step, const std::string& result)>
      done;  ///< Called after each step.
};

/// Throws Error::Kind::policy with the first notice that says that something in the plan is
/// refused: a plan is not done by halves. With `due` it is: one renewal that is refused shall not
/// end the revocation lists of others.
void require_allowed(const Plan& plan);

/// Throws Error::Kind::state when the inventory, the YAML or a policy is not as it was when the
/// plan was made, and what require_allowed() throws: nothing is made then. The caller holds the
/// workspace's lock (workspace/lock.h) since before the plan was made. Stops at the first step that
/// cannot be done.
void apply(Workspace& workspace, const Plan& plan, Keys& keys, const ApplyOptions& options);

}  // namespace sealwright::workspace
