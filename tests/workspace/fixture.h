#pragma once
// A driver-lab workspace with quick keys and a clock that tests set.

#include "support.h"
#include "workspace/apply.h"

namespace sealwright::test {

class LabWorkspace {
 public:
  /// Nothing is issued yet. `edit` may change the text of sealwright.yaml.
  explicit LabWorkspace(const std::function<std::string(std::string)>& edit = {});
  Scratch scratch;
  Time now{std::chrono::sys_days{std::chrono::year{2026} / 6 / 15}};
  workspace::Workspace open() const;
  /// Makes a plan and does it; returns the plan.
  workspace::Plan apply() const;
  /// Rewrites sealwright.yaml.
  void edit(const std::function<std::string(std::string)>& change) const;
  /// Rewrites policies/NAME.yaml.
  void edit_policy(const std::string& name,
                   const std::function<std::string(std::string)>& change) const;
  /// As apply(), of what is due alone.
  workspace::Plan apply_due() const;
};

/// "issue lab-root" for every step.
std::vector<std::string> steps(const workspace::Plan& plan);
/// "waiting driver-signing: text" for every notice.
std::vector<std::string> notices(const workspace::Plan& plan);
/// Records a signature by a generation of driver-signing.
store::SignatureId record_signature(const LabWorkspace& lab, int number,
                                    std::optional<Time> timestamp);
workspace::Keys keys_of(workspace::Workspace& workspace);
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace sealwright::test
