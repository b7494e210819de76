// sealwright bundle diff A B: what machines gain and lose.

#include <ostream>

#include "base/error.h"
#include "cli/bundle_commands.h"
#include "cli/session.h"
#include "workspace/bundle_compare.h"

namespace sealwright::cli {
namespace {

struct DiffOptions {
  std::string before, after;
  bool exit_code = false;
};

/// A word with '/' or '.' is a file, as everywhere; "NAME" and "NAME@V" are of the workspace.
bundle::Holdings holdings_of(const std::string& word, Context& context,
                             std::unique_ptr<workspace::Workspace>& workspace) {
  if (word.find_first_of("/.") != std::string::npos)
    return bundle::holdings_of(bundle::read_path(word));
  if (!workspace) workspace = std::make_unique<workspace::Workspace>(open_workspace(context));
  if (word.find('@') == std::string::npos) return workspace::holdings_of(*workspace, word);
  const auto name = parse_bundle_version(word);
  return workspace::holdings_of(*workspace, name.bundle, name.version);
}

void diff(const DiffOptions& options, Context& context) {
  std::unique_ptr<workspace::Workspace> workspace;
  const auto before = holdings_of(options.before, context, workspace);
  const auto found = bundle::difference(before, holdings_of(options.after, context, workspace));
  if (context.globals.json) {
    Json json = Json::object();
    json.set("schema", "sealwright.bundle-diff/1")
        .set("before", options.before)
        .set("after", options.after);
    const Json facts = bundle::to_json(found);
    for (const auto& [key, value] : facts.members()) json.set(key, value);
    context.out << json.dump() << "\n";
  } else {
    context.out << (found.empty() ? "no difference\n" : bundle::to_text(found));
  }
  if (options.exit_code && !found.empty()) context.exit_code = 1;
}

}  // namespace

Command bundle_diff_command() {
  return command<DiffOptions>("diff", "Say what machines gain and lose between two bundles")
      .positional("A", &DiffOptions::before,
                  "NAME@VERSION, NAME (as it would be written now), or a file or folder")
      .positional("B", &DiffOptions::after, "The same")
      .flag("--exit-code", &DiffOptions::exit_code, "Exit with 1 when there is a difference")
      .example("sealwright bundle diff lab-trust@1 lab-trust@2")
      .runs(diff);
}

}  // namespace sealwright::cli
