#pragma once
// What somebody has, beside what the workspace says machines shall have.

#include <optional>
#include <string>
#include <vector>

#include "bundle/difference.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

/// Of a version on record, or, without one, what machines shall have now. Throws Error::Kind::state
/// for a bundle or version that is not there.
bundle::Holdings holdings_of(const Workspace& workspace, const std::string& bundle,
                             std::optional<int> version = {});

struct BundleComparison {
  std::string bundle;  ///< The one compared with; empty where none has anything in common.
  struct Row {
    bundle::Holding holding;
    std::string says;  ///< What the workspace knows: "driver-signing@1, retired", …
  };
  std::vector<Row> missing, extra;
  bool same() const { return !bundle.empty() && missing.empty() && extra.empty(); }
};

/// Compares with the bundle whose name the manifest says, else with the one that has most in
/// common.
BundleComparison compare(const Workspace& workspace, const bundle::Reading& reading);

std::string to_text(const BundleComparison& comparison);
Json to_json(const BundleComparison& comparison);

}  // namespace sealwright::workspace
