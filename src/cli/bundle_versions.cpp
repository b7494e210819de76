// sealwright bundle list [NAME] and bundle rollback NAME@V: the versions of bundles.

#include <fmt/format.h>

#include <charconv>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "cli/bundle_commands.h"
#include "cli/session.h"
#include "workspace/bundle_list.h"
#include "workspace/bundle_rollback.h"

namespace sealwright::cli {
namespace {

struct ListOptions {
  std::string name;
};

void list(const ListOptions& options, Context& context) {
  const auto bundles = workspace::list_bundles(open_workspace(context), options.name);
  context.out << (context.globals.json ? workspace::to_json(bundles).dump() + "\n"
                                       : workspace::to_text(bundles));
}

struct RollbackOptions {
  std::string version;
};

Json to_json(const std::vector<workspace::RollbackRemark>& remarks) {
  Json rows = Json::array();
  for (const auto& remark : remarks)
    rows.push(Json::object()
                  .set("store", bundle::yaml_name(remark.entry.store))
                  .set("name", remark.entry.label)
                  .set("why", remark.why));
  return rows;
}

void rollback(const RollbackOptions& options, Context& context) {
  const auto wanted = parse_bundle_version(options.version);
  auto [lock, workspace] = open_workspace_to_change(context);
  const auto made =
      workspace::roll_back(workspace, find_bundle(workspace, wanted.bundle), wanted.version);
  if (context.globals.json) {
    Json json = Json::object();
    json.set("schema", "sealwright.bundle-rollback/1").set("bundle", wanted.bundle);
    json.set("rolled_back_to", made.to);
    add_written(made.written, json);
    json.set("kept", to_json(made.kept)).set("left_out", to_json(made.left_out));
    context.out << json.dump() << "\n";
    return;
  }
  print_written(wanted.bundle, made.written, fmt::format("rolled back to v{}", made.to), context);
  for (const auto& remark : made.kept)
    context.out << fmt::format("  kept {}: {}\n", printable(remark.entry.label), remark.why);
  for (const auto& remark : made.left_out)
    context.out << fmt::format("  left out {}: {}\n", printable(remark.entry.label), remark.why);
  context.say(fmt::format(
      "Until 'sealwright bundle write {}', apply leaves it so; revocation and distrust alone get through.",
      wanted.bundle));
}

}  // namespace

BundleVersionName parse_bundle_version(const std::string& text) {
  const auto at = text.rfind('@');
  BundleVersionName name{text.substr(0, at), 0};
  if (at != std::string::npos) {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + at + 1, end, name.version);
    if (error != std::errc() || rest != end) name.version = 0;
  }
  if (name.bundle.empty() || name.version < 1)
    throw Error(Error::Kind::usage, "'" + printable(text) + "' is no version of a bundle",
                "write NAME@VERSION: lab-trust@2");
  return name;
}

Command bundle_list_command() {
  return command<ListOptions>("list", "Show the versions of bundles, and where each is")
      .optional_positional("NAME", &ListOptions::name, "This bundle alone")
      .example("sealwright bundle list")
      .runs(list);
}

Command bundle_rollback_command() {
  return command<RollbackOptions>("rollback", "Go back to what an earlier version holds")
      .positional("NAME@V", &RollbackOptions::version, "A bundle's earlier version")
      .example("sealwright bundle rollback lab-trust@2")
      .runs(rollback);
}

}  // namespace sealwright::cli
