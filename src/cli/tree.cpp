// sealwright tree: issuers above what they issued.

#include "workspace/tree.h"

#include <langinfo.h>

#include <clocale>
#include <ostream>
#include <string_view>

#include "cli/all_commands.h"
#include "cli/session.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string at;
};

/// Lines are drawn with what the user's locale has.
workspace::Lines lines_of_locale() {
  const char* set = std::setlocale(LC_CTYPE, "");
  const bool unicode = set && std::string_view(nl_langinfo(CODESET)) == "UTF-8";
  std::setlocale(LC_CTYPE, "C");
  return unicode ? workspace::Lines::unicode : workspace::Lines::ascii;
}

void run(const Options& options, Context& context) {
  const auto workspace = open_workspace(context);
  const auto tree = workspace::make_tree(workspace, judged_time(options.at, context));
  if (context.globals.json)
    context.out << workspace::to_json(tree).dump() << "\n";
  else
    context.out << workspace::to_text(tree, lines_of_locale());
}

}  // namespace

Command tree_command() {
  return command<Options>("tree", "Show issuers above what they issued, and what is due")
      .option("--at", "TIME", &Options::at, "Judge at this time")
      .example("sealwright tree")
      .runs(run);
}

}  // namespace sealwright::cli
