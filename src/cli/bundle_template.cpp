// sealwright bundle template [NAME]: the texts of bundles, as they take effect.

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "bundle/templates.h"
#include "cli/bundle_commands.h"
#include "cli/session.h"
#include "workspace/bundle_templates.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string name;
};

/// Where each text is from.
void list(const bundle::State& state, const std::vector<std::string>& unused, Context& context) {
  const auto names = bundle::template_names();
  Json rows = Json::array();
  std::size_t width = 0;
  for (const auto& name : names) width = std::max(width, name.size());
  for (const auto& name : names) {
    const bool own = state.templates.contains(name);
    if (context.globals.json)
      rows.push(Json::object().set("name", name).set("own", own));
    else
      context.out << fmt::format("{:{}}  {}\n", name, width, own ? "your own" : "the program's");
  }
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.bundle-templates/1")
                       .set("templates", std::move(rows))
                       .set("unused", Json::strings(unused))
                       .dump()
                << "\n";
  for (const auto& name : unused)
    context.warn(fmt::format("{}{} is not used: no template has that name", bundle::template_folder,
                             printable(name)));
}

void run(const Options& options, Context& context) {
  const auto workspace = open_workspace_if_any(context);
  bundle::State state;
  if (workspace) state.templates = workspace::own_templates(workspace->folder());
  if (options.name.empty())
    return list(
        state,
        workspace ? workspace::unused_templates(workspace->folder()) : std::vector<std::string>{},
        context);
  const auto names = bundle::template_names();
  if (!std::binary_search(names.begin(), names.end(), options.name))
    throw Error(Error::Kind::state, "no template is called '" + printable(options.name) + "'",
                did_you_mean(options.name, names));
  context.out << bundle::template_text(state, options.name);
}

}  // namespace

Command bundle_template_command() {
  return command<Options>("template", "Show the texts of bundles, to start your own from")
      .optional_positional("NAME", &Options::name, "Print this one")
      .choices(bundle::template_names())
      .example("sealwright bundle template reg-README.txt > templates/bundle/reg-README.txt")
      .runs(run);
}

}  // namespace sealwright::cli
