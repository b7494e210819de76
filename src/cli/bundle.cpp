// sealwright bundle …: files that make machines trust.

#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "cli/all_commands.h"
#include "cli/bundle_commands.h"
#include "cli/session.h"
#include "workspace/bundle_list.h"

namespace sealwright::cli {
namespace {

struct WriteOptions {
  std::string name, output;
  std::optional<std::string> ring;
  std::vector<std::string> formats;
};

void write(const WriteOptions& options, Context& context) {
  auto [lock, workspace] = open_workspace_to_change(context);
  workspace::BundleOptions wanted;
  wanted.formats = split_list(options.formats);
  if (options.ring) workspace::check_ring(wanted.ring = *options.ring);
  // What pilot machines try does not end for all what was done for all.
  if (!options.ring) wanted.rollback = workspace::BundleOptions::Rollback::end;
  if (!options.output.empty()) wanted.folder = options.output;
  const auto written =
      workspace::write_bundle(workspace, find_bundle(workspace, options.name), wanted);
  if (context.globals.json) {
    Json json = Json::object();
    json.set("schema", "sealwright.bundle-write/1").set("bundle", options.name);
    if (!wanted.ring.empty()) json.set("ring", wanted.ring);
    add_written(written, json);
    context.out << json.dump() << "\n";
    return;
  }
  print_written(options.name, written, written.new_version ? "" : "content unchanged", context);
}

}  // namespace

const policy::Bundle& find_bundle(const workspace::Workspace& workspace, const std::string& name) {
  if (const auto* bundle = workspace.hierarchy().bundle(name)) return *bundle;
  std::vector<std::string> names;
  for (const auto& bundle : workspace.hierarchy().bundles) names.push_back(bundle.name);
  throw Error(Error::Kind::state, "sealwright.yaml has no bundle '" + printable(name) + "'",
              did_you_mean(name, names));
}

void print_written(const std::string& name, const workspace::WrittenBundle& written,
                   const std::string& remark, Context& context) {
  const auto shown = written.folder.lexically_proximate(std::filesystem::current_path());
  context.out << fmt::format("bundle {}@{}  {}{}\n", name, written.version,
                             printable(shown.string(), 4096),
                             remark.empty() ? "" : "  (" + remark + ")");
  for (const auto& format : written.formats)
    context.out << fmt::format("  {}/README.txt says how to import it\n", format);
  for (const auto& entry : written.overlaps)
    context.out << fmt::format("  {} stays {}\n", printable(entry.label), entry.overlap);
  for (const auto& folder : written.deleted)
    context.out << fmt::format("  {} is deleted: keep_versions\n", folder.string());
  for (const auto& left : written.left)
    context.warn(fmt::format("{} is older than keep_versions says, and stays: {}",
                             left.folder.string(), left.why));
}

void add_written(const workspace::WrittenBundle& written, Json& json) {
  Json deleted = Json::array(), left = Json::array();
  for (const auto& folder : written.deleted) deleted.push(folder.string());
  for (const auto& row : written.left)
    left.push(Json::object().set("folder", row.folder.string()).set("why", row.why));
  json.set("version", written.version).set("new_version", written.new_version);
  json.set("folder", written.folder.string()).set("formats", Json::strings(written.formats));
  json.set("overlaps", workspace::overlaps_json(written.overlaps));
  json.set("deleted", std::move(deleted)).set("left", std::move(left));
}

Command bundle_write_command() {
  const auto formats = bundle::format_names();
  return command<WriteOptions>("write", "Write the next version if the content changed")
      .positional("NAME", &WriteOptions::name, "A bundle of sealwright.yaml")
      .option("--format", "F", &WriteOptions::formats,
              fmt::format("Only these formats: {}", fmt::join(formats, ", ")))
      .choices(formats)
      .option("--ring", "R", &WriteOptions::ring,
              "For pilot machines: the same version, beside that of all others")
      .option("-o,--output", "DIR", &WriteOptions::output, "Write into this new folder")
      .example("sealwright bundle write lab-trust")
      .runs(write);
}

Command bundle_command() {
  return group("bundle", "Write the files that make machines trust, and take it back",
               {bundle_write_command(), bundle_list_command(), bundle_diff_command(),
                bundle_inspect_command(), bundle_rollback_command(), bundle_template_command()});
}

}  // namespace sealwright::cli
