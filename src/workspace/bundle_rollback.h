#pragma once
// The way back to an earlier version of a bundle.

#include <string>
#include <vector>

#include "workspace/bundles.h"

namespace sealwright::workspace {

/// A certificate that is not as it was in the version gone back to, and why.
struct RollbackRemark {
  bundle::Entry entry;
  std::string why;  ///< "it signs"
};
struct RolledBackBundle {
  WrittenBundle written;
  int to = 0;
  std::vector<RollbackRemark> kept;      ///< The version had them not, and they stay.
  std::vector<RollbackRemark> left_out;  ///< It had them, and they do not come back.
};

/// Makes and writes the next version of the bundle: certificates and settings as version `to` has
/// them, formats as the YAML says. What was revoked or distrusted does not come back, and distrust
/// stays. Of the latest version stays what must still be accepted, and what signs now with the
/// chain above it; all else is taken out.
///
/// plan and apply leave such a version as it is, but for revocation and distrust: write_bundle() with
/// Rollback::end goes back to what the YAML says. Throws Error::Kind::state for a version that
/// there is not, and for the latest.
RolledBackBundle roll_back(Workspace& workspace, const policy::Bundle& wanted, int to);

}  // namespace sealwright::workspace
