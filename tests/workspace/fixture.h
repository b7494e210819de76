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
};

workspace::Keys keys_of(workspace::Workspace& workspace);
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace sealwright::test
