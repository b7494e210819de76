// sealwright bundle …: files that make machines trust.

#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "cli/all_commands.h"
#include "cli/session.h"
#include "workspace/bundles.h"
#include "workspace/lock.h"

namespace sealwright::cli {
namespace {

struct WriteOptions {
  std::string name, output;
  std::vector<std::string> formats;
};

const policy::Bundle& find_bundle(const workspace::Workspace& workspace, const std::string& name) {
  if (const auto* bundle = workspace.hierarchy().bundle(name)) return *bundle;
  std::vector<std::string> names;
  for (const auto& bundle : workspace.hierarchy().bundles) names.push_back(bundle.name);
  throw Error(Error::Kind::state, "sealwright.yaml has no bundle '" + printable(name) + "'",
              did_you_mean(name, names));
}

void write(const WriteOptions& options, Context& context) {
  auto workspace = open_workspace(context);
  const workspace::Lock lock(workspace,
                             [&] { context.say("another run is at work here: waiting for it"); });
  workspace::BundleOptions wanted;
  wanted.formats = split_list(options.formats);
  if (!options.output.empty()) wanted.folder = options.output;
  const auto written =
      workspace::write_bundle(workspace, find_bundle(workspace, options.name), wanted);
  if (context.globals.json) {
    Json json = Json::object();
    json.set("schema", "sealwright.bundle-write/1")
        .set("bundle", options.name)
        .set("version", written.version);
    json.set("new_version", written.new_version)
        .set("folder", written.folder.string())
        .set("formats", Json::strings(written.formats));
    context.out << json.dump() << "\n";
    return;
  }
  const auto shown = written.folder.lexically_proximate(std::filesystem::current_path());
  context.out << fmt::format("bundle {}@{}  {}{}\n", options.name, written.version, shown.string(),
                             written.new_version ? "" : "  (content unchanged)");
  for (const auto& format : written.formats)
    context.out << fmt::format("  {}/README.txt says how to import it\n", format);
}

}  // namespace

Command bundle_command() {
  const auto formats = bundle::format_names();
  return group(
      "bundle", "Write the files that make machines trust, and take it back",
      {command<WriteOptions>("write", "Write the next version if the content changed")
           .positional("NAME", &WriteOptions::name, "A bundle of sealwright.yaml")
           .option("--format", "F", &WriteOptions::formats,
                   fmt::format("Only these formats: {}", fmt::join(formats, ", ")))
           .choices(formats)
           .option("-o,--output", "DIR", &WriteOptions::output, "Write into this new folder")
           .example("sealwright bundle write lab-trust")
           .runs(write),
       bundle_inspect_command(), bundle_diff_command()});
}

}  // namespace sealwright::cli
