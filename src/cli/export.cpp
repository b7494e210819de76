// sealwright export: certificates and keys as files that other programs read.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "cli/all_commands.h"
#include "cli/export_options.h"
#include "cli/secrets.h"
#include "workspace/exports.h"
#include "workspace/secret_file.h"

namespace sealwright::cli {
namespace {

namespace fs = std::filesystem;
using policy::ExportFormat;
using workspace::ExportItem;
using workspace::ExportJob;
using x509::PfxPassword;
using Options = ExportOptions;

/// A thing that was named, and what became of it.
struct Row {
  std::string label;
  std::optional<ExportItem> item;
  std::optional<Error> error;
  bool written = false;
  bool alike = false;  ///< `error` is that of them all.
};

std::vector<Row> find_rows(const Options& options, const store::Inventory& inventory,
                           ExportFormat format) {
  std::vector<Row> rows;
  for (const auto& name : options.names) try {
      for (auto& item : workspace::export_items(inventory, name, format))
        rows.push_back({item.label(), std::move(item), std::nullopt});
    } catch (const Error& error) {
      rows.push_back({name, std::nullopt, error});
    }
  return rows;
}

/// -o is a pattern, a folder, or the file where there is one thing.
fs::path target_of(const Options& options, std::size_t count, const ExportItem& item,
                   ExportFormat format) {
  const std::string usual =
      ca::export_path("{name}-{generation}.{ext}", item.name, item.number, format);
  const std::string& given = options.output;
  if (given.empty()) return usual;
  if (given.find('{') != std::string::npos)
    return ca::export_path(given, item.name, item.number, format);
  if (count > 1 || given.ends_with('/') || fs::is_directory(given)) return fs::path(given) / usual;
  return given;
}

void check_output(const Options& options, ExportFormat format, std::size_t count) {
  if (const auto word = policy::unknown_placeholder(options.output); !word.empty())
    throw Error(Error::Kind::usage, "unknown placeholder '" + printable(word) + "'",
                "there are {name}, {generation} and {ext}");
  if (options.output == "-" && policy::holds_private_key(format))
    throw Error(Error::Kind::usage, "a private key is not written to standard output",
                "name a file with -o");
  if (options.output == "-" && count > 1)
    throw Error(Error::Kind::usage, "several files do not go to standard output",
                "name a folder with -o, or write one after the other");
  if (count > 1 && fs::is_regular_file(options.output))
    throw Error(Error::Kind::usage, "'" + options.output + "' is a file, and there are several",
                "name a folder with -o, or a pattern as {name}-{generation}.{ext}");
}

fs::path same_file(const fs::path& path) { return fs::weakly_canonical(fs::absolute(path)); }

/// Everything that can be known before the first byte is written.
void check_rows(const Options& options, const store::Inventory& inventory, const ExportJob& job,
                std::vector<Row>& rows) {
  std::set<fs::path> taken;
  if (!options.generate_password.empty()) taken.insert(same_file(options.generate_password));
  for (auto& row : rows) try {
      if (!row.item) continue;
      row.item->path = target_of(options, rows.size(), *row.item, job.format);
      workspace::check_export(inventory, job, *row.item);
      if (options.output == "-") continue;
      const std::string file = row.item->path.string();
      if (!taken.insert(same_file(row.item->path)).second)
        throw Error(Error::Kind::usage, "'" + file + "' would be written twice",
                    "put {name} and {generation} into the pattern");
      if (!options.overwrite && fs::exists(fs::symlink_status(row.item->path)))
        throw Error(Error::Kind::state, "'" + file + "' already exists",
                    "pass --overwrite to replace it");
    } catch (const Error& error) {
      row.error = error;
    }
}

void say_error(const std::string& before, const Error& error, Context& context) {
  context.err << "sealwright: error: " << printable(before) << printable(error.message, 4096)
              << "\n";
  if (!error.hint.empty())
    context.err << "sealwright: hint: " << printable(error.hint, 4096) << "\n";
}

/// One error is thrown as it is; of several things each has its own.
void report(const Options& options, const std::vector<Row>& rows, Context& context) {
  int code = 0;
  Json list = Json::array();
  for (const auto& row : rows) {
    if (row.error && rows.size() == 1) throw *row.error;
    Json made = Json::object();
    made.set(row.item ? "generation" : "name", row.label);
    if (row.item) made.set("file", row.item->path.string());
    made.set("written", row.written).set("exit_code", row.error ? exit_code(row.error->kind) : 0);
    if (row.error) {
      made.set("error", row.error->message);
      code = std::max(code, exit_code(row.error->kind));
      if (!row.alike) say_error(row.label + ": ", *row.error, context);
    }
    list.push(made);
  }
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.export/1")
                       .set("format", options.format)
                       .set("files", list)
                       .dump()
                << "\n";
  context.exit_code = std::max(context.exit_code, code);
  const bool none = std::none_of(rows.begin(), rows.end(), [](const Row& r) { return r.written; });
  if (code != 0 && none) context.say("Nothing was written.");
}

bool any_refused(const std::vector<Row>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.error; });
}

void read_password(const Options& options, ExportJob& job, Context& context) {
  if (options.empty_password || options.no_password) {
    job.protection = options.empty_password ? PfxPassword::empty : PfxPassword::none;
    context.warn(job.format == ExportFormat::pfx
                     ? "whoever has the file has the private key: it needs no password"
                     : "whoever has the file has the private key: it is not encrypted");
  } else if (!options.generate_password.empty()) {
    job.password = workspace::generated_secret(options.generate_password, context.random);
  } else {
    job.password = read_new_secret({"password of the exported file", options.out_password_file,
                                    "--out-password-file", "SEALWRIGHT_OUT_PASSWORD", ""},
                                   context);
  }
}

/// Which profile was taken, why, and who reads it: once for each.
void say_profiles(const workspace::Workspace& workspace, const ExportJob& job, Context& context) {
  std::set<std::string> said;
  for (const auto& item : job.items) {
    const auto [form, because] = workspace::choose_pfx(workspace, *item.generation, job.pfx);
    const auto key = ca::certificate_of(*item.generation).public_key().type();
    const auto line =
        fmt::format("PFX profile {} ({}): {}",
                    form.profile == x509::PfxProfile::modern ? "modern" : "compatible", because,
                    x509::label(form.profile, form.iterations, key));
    if (said.insert(line).second) context.say(line);
  }
}

void write(const Options& options, workspace::MadeExports made, std::vector<Row>& rows,
           Context& context) {
  if (options.output == "-") {
    const auto bytes = made.files().front().exported.content.text();
    context.out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    context.out.flush();
    return made.finish(0);
  }
  try {
    made.write(options.overwrite ? Existing::replace : Existing::refuse, [&](std::size_t index) {
      rows[index].written = true;
      if (!context.globals.json)
        context.out << fmt::format("{}  {}\n", rows[index].label, rows[index].item->path.string())
                    << std::flush;
    });
  } catch (const Error& error) {
    if (rows.size() == 1) throw;
    say_error("", error, context);
    for (auto& row : rows) {
      if (row.written) continue;
      row.error = error;
      row.alike = true;
    }
  }
  report(options, rows, context);
}

void run(const Options& options, Context& context) {
  ExportJob job;
  job.format = checked_format(options);
  job.pfx = plan_of(options);
  check_output(options, job.format, options.names.size());
  const bool secret = policy::holds_private_key(job.format);
  const bool opens = secret || job.format == ExportFormat::csr;
  // What is public changes nothing, and may be read where nothing can be written.
  auto opened = opens ? open_workspace_to_change(context)
                      : WorkspaceToChange{nullptr, open_workspace(context)};
  auto& workspace = opened.workspace;
  // A lab's keys are for tests: asking for the export by name is reason enough.
  job.reason = options.reason.empty() && workspace.hierarchy().lab ? "lab" : options.reason;

  auto rows = find_rows(options, workspace.inventory(), job.format);
  check_output(options, job.format, rows.size());
  check_rows(options, workspace.inventory(), job, rows);
  if (any_refused(rows)) return report(options, rows, context);
  for (const auto& row : rows) job.items.push_back(*row.item);

  auto keys = open_keys(workspace, options, context);
  workspace::open_for(job, workspace.inventory(), keys);
  if (secret) read_password(options, job, context);
  if (job.format == ExportFormat::pfx) say_profiles(workspace, job, context);
  write(options, workspace::make_exports(workspace, keys, job), rows, context);
}

}  // namespace

Command export_command() {
  auto builder = command<Options>(
      "export", "Write certificates, or with their keys, as files for other programs");
  add_export_options(builder);
  return builder
      .example(
          "sealwright export driver-signing --format pfx --generate-password pfx.password -o "
          "driver-signing.pfx")
      .example("sealwright export driver-signing@live lab-root --format der -o certificates/")
      .runs(run);
}

}  // namespace sealwright::cli
