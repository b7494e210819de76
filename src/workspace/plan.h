#pragma once
// What is missing between what should exist and what does: a plain value that is printed, saved,
// and done.

#include <string>
#include <vector>

#include "base/json.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

/// One thing that apply would do.
struct Step {
  enum class Action { issue, renew, export_file, write_bundle } action = Action::issue;
  std::string name;    ///< What it is about: certificate, export or bundle.
  std::string what;    ///< "root CA, RSA-4096, 20y"
  std::string why;     ///< "not issued yet"
  std::string policy;  ///< "root-ca@1", for issue and renew.
  std::string detail;  ///< Subject, file or folder.
  bool operator==(const Step&) const = default;
};
std::string_view to_text(Step::Action action);

/// Something the plan cannot do by itself.
struct Notice {
  std::string name, text;
  bool operator==(const Notice&) const = default;
};

struct Plan {
  std::string workspace;          ///< Name in the YAML.
  std::string sources;            ///< SHA-256 (hex) of what the YAML and its policies say.
  std::vector<std::string> only;  ///< As it was asked for.
  store::EventHead inventory;  ///< What the inventory was; another head = the plan is out of date.
  std::vector<Step> steps;     ///< In the order they are done.
  std::vector<Notice> notices;
  bool empty() const { return steps.empty(); }
};

struct PlanOptions {
  std::vector<std::string> only;  ///< Names of steps, and what these need; empty: all.
};

/// Changes nothing. Throws Error::Kind::usage for a name in `only` that the YAML does not have.
Plan make_plan(const Workspace& workspace, const PlanOptions& options = {});

std::string to_text(const Plan& plan);
Json to_json(const Plan& plan);
/// What to_json() wrote. Throws Error::Kind::input.
Plan plan_from_json(const std::string& text);

}  // namespace sealwright::workspace
