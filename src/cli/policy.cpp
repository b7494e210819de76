// sealwright policy list|show|check: what kinds of certificates there are, as they take effect.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/all_commands.h"
#include "lint/lint.h"
#include "policy/effective.h"
#include "policy/load.h"
#include "policy/tree.h"
#include "workspace/differences.h"
#include "workspace/workspace.h"

namespace sealwright::cli {
namespace {
namespace fs = std::filesystem;

struct ListOptions {};
struct ShowOptions {
  std::string name;
};
struct CheckOptions {
  std::vector<std::string> things;
};

/// Those of the workspace and of the program; where there is no workspace, of the program.
policy::PolicySet known_policies(const Context& context) {
  try {
    return policy::PolicySet(workspace::find(context.globals.workspace, fs::current_path()) /
                             "policies");
  } catch (const Error& error) {
    if (!context.globals.workspace.empty() || error.kind != Error::Kind::state) throw;
    return {};
  }
}

/// "workspace" or "program": where a policy's file is.
std::string origin(const policy::Policy& policy) {
  return policy.place.file.starts_with("built-in ") ? "program" : "workspace";
}

std::string label(const policy::Policy& policy) {
  return fmt::format("{}@{}", policy.name, policy.revision);
}

/// One policy that was looked at, or why that could not be.
struct Looked {
  std::string name;
  policy::PolicyPtr policy;
  std::optional<Error> error;
};

template <class Look>
Looked look_at(const std::string& name, Look look) {
  Looked looked{name, nullptr, std::nullopt};
  try {
    looked.policy = look();
  } catch (const Error& error) {
    looked.error = error;
  }
  return looked;
}

/// The worst of what happened: CLI.md, many items.
int worst(const std::vector<Looked>& all) {
  int code = 0;
  for (const auto& looked : all)
    if (looked.error) code = std::max(code, exit_code(looked.error->kind));
  return code;
}

Json to_json(const Looked& looked) {
  Json json = Json::object();
  if (looked.error)
    return json.set("name", looked.name)
        .set("error", looked.error->message)
        .set("hint", looked.error->hint)
        .set("exit_code", exit_code(looked.error->kind));
  const auto& policy = *looked.policy;
  return json.set("name", policy.name)
      .set("revision", policy.revision)
      .set("kind", policy::to_text(policy.kind))
      .set("description", policy.description)
      .set("from", origin(policy))
      .set("file", policy.place.file)
      .set("extends", Json::strings(policy.extends))
      .set("fingerprint", policy.fingerprint);
}

Json to_json(const std::string& schema, const std::vector<Looked>& all) {
  Json rows = Json::array();
  for (const auto& looked : all) rows.push(to_json(looked));
  return Json::object().set("schema", schema).set("policies", std::move(rows));
}

void print_error(const Error& error, Context& context) {
  context.out << "error  " << error.message << "\n";
  if (!error.excerpt.empty())
    context.out << error.excerpt << (error.excerpt.ends_with('\n') ? "" : "\n");
  if (!error.hint.empty()) context.out << "hint   " << error.hint << "\n";
}

void list(const ListOptions&, Context& context) {
  auto policies = known_policies(context);
  std::vector<Looked> all;
  for (const auto& name : policies.names())
    all.push_back(look_at(name, [&] { return policies.get(name); }));
  context.exit_code = worst(all);
  if (context.globals.json) {
    context.out << to_json("sealwright.policy-list/1", all).dump() << "\n";
    return;
  }
  std::size_t width = 4;
  for (const auto& looked : all) width = std::max(width, looked.name.size());
  context.out << fmt::format("{:{}}  REV  {:12}  {:9}  DESCRIPTION\n", "NAME", width, "KIND",
                             "FROM");
  for (const auto& looked : all)
    if (looked.policy)
      context.out << fmt::format("{:{}}  {:<3}  {:12}  {:9}  {}\n", looked.name, width,
                                 looked.policy->revision, policy::to_text(looked.policy->kind),
                                 origin(*looked.policy), printable(looked.policy->description));
  for (const auto& looked : all)
    if (looked.error) print_error(*looked.error, context);
}

void show(const ShowOptions& options, Context& context) {
  const auto policy = known_policies(context).get(options.name);
  if (context.globals.json) {
    Json json = Json::object().set("schema", "sealwright.policy/1");
    json.set("from", origin(*policy)).set("file", policy->place.file);
    json.set("extends", Json::strings(policy->extends)).set("fingerprint", policy->fingerprint);
    context.out << json.set("policy", policy::effective(*policy)).dump() << "\n";
    return;
  }
  context.out << fmt::format("# {} as it takes effect, from {}\n", label(*policy),
                             policy->place.file);
  for (const auto& base : policy->extends) context.out << "# extends " << base << "\n";
  context.out << policy::to_yaml(*policy);
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const auto& rule : lint::rules()) names.emplace_back(rule.name);
  return names;
}

/// By CLI.md a word with '/' or '.' is a file.
bool is_file(const std::string& thing) { return thing.find_first_of("/.") != std::string::npos; }

policy::PolicyPtr checked(const std::string& thing, policy::PolicySet& policies) {
  const auto rules = rule_names();
  policy::PolicyPtr policy;
  policy::PolicySet beside(fs::path(thing).parent_path());
  auto& others = is_file(thing) ? beside : policies;
  if (is_file(thing))
    policy = std::make_shared<const policy::Policy>(
        policy::parse_policy(read_text(thing, policy::max_yaml_bytes), thing, beside));
  else
    policy = policies.get(thing);
  policy::check_rule_names(*policy, rules);
  for (const auto& base : policy->extends) policy::check_rule_names(*others.get(base), rules);
  return policy;
}

/// The workspace with what was made under its policies; nothing where there is none, or none that
/// can be read: its policies can be sound all the same.
std::optional<workspace::Workspace> used_in(Context& context) {
  try {
    return workspace::Workspace::open(
        workspace::find(context.globals.workspace, fs::current_path()), context.clock);
  } catch (const Error& error) {
    if (error.kind != Error::Kind::state)
      context.warn("not compared with what was made under the policies: " + error.message);
    return std::nullopt;
  }
}

/// Throws where a policy of the workspace was edited under a revision that is in use.
void require_same(const workspace::Workspace& used, const std::string& thing,
                  const policy::Policy& policy) {
  std::error_code missing;
  if (is_file(thing) &&
      !fs::equivalent(fs::absolute(thing).parent_path(), used.folder() / "policies", missing))
    return;
  if (auto changed = workspace::changed_policy(used.inventory(), policy); !changed.empty())
    throw Error(Error::Kind::policy, std::move(changed),
                fmt::format("write 'revision: {}' into {}", policy.revision + 1,
                            printable(policy.place.file)));
}

void check(const CheckOptions& options, Context& context) {
  auto policies = known_policies(context);
  const auto used = used_in(context);
  std::vector<Looked> all;
  for (const auto& thing : options.things)
    all.push_back(look_at(thing, [&] {
      auto policy = checked(thing, policies);
      if (used) require_same(*used, thing, *policy);
      return policy;
    }));
  context.exit_code = worst(all);
  if (context.globals.json) {
    context.out << to_json("sealwright.policy-check/1", all).dump() << "\n";
    return;
  }
  for (const auto& looked : all) {
    if (looked.error)
      print_error(*looked.error, context);
    else
      context.out << fmt::format("OK     {}  {}\n", label(*looked.policy),
                                 looked.policy->place.file);
  }
}

}  // namespace

Command policy_command() {
  return group("policy", "List, show and check policies",
               {command<ListOptions>("list", "List the policies of the workspace and the program")
                    .example("sealwright policy list")
                    .runs(list),
                command<ShowOptions>("show",
                                     "Print a policy as it takes effect: with what it "
                                     "extends and every default")
                    .positional("NAME", &ShowOptions::name, "NAME or NAME@REVISION")
                    .example("sealwright policy show driver-signing@1")
                    .runs(show),
                command<CheckOptions>("check", "Say whether policies are sound")
                    .positional("FILE|NAME", &CheckOptions::things, "Policy files, or names")
                    .example("sealwright policy check policies/acme-publisher.yaml")
                    .runs(check)});
}

}  // namespace sealwright::cli
