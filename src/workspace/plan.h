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
  /// In the order in which they are done; issue, renew and request are one: issuers first.
  enum class Action {
    rename,        ///< A name becomes another (`moved`).
    adopt,         ///< What exists already is taken over (`existing`).
    issue,         ///< The first generation in use.
    renew,         ///< The next one.
    request,       ///< Key and request for an issuer elsewhere.
    revoke,        ///< A certificate that is there to be revoked (negative labs).
    activate,      ///< The next generation starts to sign.
    retire,        ///< A retiring generation leaves the bundles.
    crl,           ///< The next revocation list.
    publish,       ///< Certificates and lists to where machines fetch them.
    export_file,   ///< A file for other programs.
    write_bundle,  ///< The next version of a bundle.
  } action = Action::issue;
  std::string name;    ///< What it is about: certificate, authority, export, bundle, distribution.
  std::string what;    ///< "root CA, RSA-4096, 20y"
  std::string why;     ///< "not issued yet"
  std::string policy;  ///< "root-ca@1", for issue, renew and request.
  std::string detail;  ///< Subject, generation, former name, file or folder.
  bool operator==(const Step&) const = default;
};
std::string_view to_text(Step::Action action);

/// Something the plan cannot do by itself, or does not do because.
struct Notice {
  enum class Kind {
    waiting,     ///< For a ceremony, a foreign authority, a request, a deployment, a person.
    differs,     ///< What the YAML says is not what is there, and that stays so for now.
    unmanaged,   ///< In the inventory alone.
    due,         ///< A person must see to it.
    suggestion,  ///< What might be meant.
    lint,        ///< Apply would refuse the plan for this.
    elsewhere,   ///< Not this workspace's work.
  } kind = Kind::due;
  std::string name, text;
  bool operator==(const Notice&) const = default;
};
std::string_view to_text(Notice::Kind kind);

struct Plan {
  std::string workspace;          ///< Name in the YAML.
  std::string sources;            ///< SHA-256 (hex) of what the YAML and its policies say.
  std::vector<std::string> only;  ///< As it was asked for.
  bool due = false;               ///< As it was asked for.
  store::EventHead inventory;  ///< What the inventory was; another head = the plan is out of date.
  std::vector<Step> steps;     ///< In the order they are done.
  std::vector<Notice> notices;
  bool empty() const { return steps.empty(); }
  bool refused() const;  ///< A notice says that apply would refuse something.
};

struct PlanOptions {
  std::vector<std::string> only = {};  ///< Names of steps, and what these need; empty: all.
  /// What time alone brings: renewals, activations, retirements, lists, and what follows from them.
  /// Nothing new, and nothing that waits for a person.
  bool due = false;
};

/// Changes nothing. Throws Error::Kind::usage for a name in `only` that the YAML does not have.
Plan make_plan(const Workspace& workspace, const PlanOptions& options = {});

std::string to_text(const Plan& plan);
Json to_json(const Plan& plan);
/// What to_json() wrote. Throws Error::Kind::input.
Plan plan_from_json(const std::string& text);

}  // namespace sealwright::workspace
