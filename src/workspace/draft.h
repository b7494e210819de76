#pragma once
// For plan*.cpp alone: a plan while it is made.

#include <map>
#include <set>

#include "ca/preview.h"
#include "workspace/plan.h"

namespace sealwright::workspace {

/// What was asked for with `only`: the names themselves, and those that these cannot do without.
struct Wanted {
  bool all = true;
  std::set<std::string> asked, needed;
  bool name(const std::string& name) const {
    return all || asked.contains(name) || needed.contains(name);
  }
  /// What is needed is made if it is missing; nothing else is done to it.
  bool step(const std::string& name, Step::Action action) const {
    return all || asked.contains(name) ||
           (action <= Step::Action::request && action != Step::Action::renew &&
            needed.contains(name));
  }
};

struct Draft {
  const Workspace& workspace;
  const PlanOptions& options;
  Wanted wanted;
  Plan plan;
  /// Certificates that this plan makes, as they will be; issuers for what hangs below them.
  std::map<std::string, store::Generation> previews = {};
  /// Names whose certificates in bundles change, whose active generation changes, and authorities
  /// that get another certificate or revocation.
  std::set<std::string> in_bundles = {}, active = {}, published = {}, lists = {};
  bool lists_are_published = false;  ///< By a step that issues them.

  /// Adds the step if it is wanted.
  bool add(Step step) {
    if (!wanted.step(step.name, step.action)) return false;
    plan.steps.push_back(std::move(step));
    return true;
  }
  void note(Notice::Kind kind, const std::string& name, std::string text) {
    if (wanted.name(name)) plan.notices.push_back({kind, name, std::move(text)});
  }
};

/// The moves of the YAML that are not done yet. Adds their steps.
std::vector<store::Inventory::Rename> plan_renames(Draft& draft);
/// Authorities and certificates: what is missing, due, or not as the YAML says.
void plan_items(Draft& draft);
/// Lists, the distribution point, exports and bundles, as they follow from what was planned before.
void plan_outputs(Draft& draft);

/// The distribution point's name in steps and in `only`.
constexpr const char* distribution_name = "distribution";

}  // namespace sealwright::workspace
