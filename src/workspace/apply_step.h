#pragma once
// For apply.cpp alone: one step.

#include "workspace/apply.h"

namespace sealwright::workspace {

/// Does it, and says what came of it: "lab-root@1  THUMBPRINT  until 2046-06-15". Throws
/// Error::Kind::state for what the YAML or the inventory does not have any more.
std::string do_step(Workspace& workspace, const Step& step, Keys& keys, const ossl::Random& random);

}  // namespace sealwright::workspace
