// sealwright sign FILE…: Authenticode signatures for programs, drivers and catalogs.

#include <algorithm>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "cli/all_commands.h"
#include "cli/signing_setup.h"

namespace sealwright::cli {
namespace {

namespace fs = std::filesystem;

struct Options : SigningWords {
  std::vector<std::string> files;
  std::string output;
  bool overwrite = false;
};

/// Where the signed file goes: over the original, or to -o, which is a file for one and a folder
/// for many.
fs::path target_of(const Options& options, const std::string& file) {
  if (options.output.empty()) return file;
  if (options.files.size() > 1 || fs::is_directory(options.output))
    return fs::path(options.output) / fs::path(file).filename();
  return options.output;
}

signing::SignedFile sign_one(const Options& options, const std::string& file, SigningSetup& setup,
                             Context& context) {
  const fs::path target = target_of(options, file);
  const bool replaces = options.output.empty() || options.overwrite;
  setup.before(file, file);
  auto result = signing::sign_file(file, target, setup.identity(), setup.options(),
                                   replaces ? Existing::replace : Existing::refuse,
                                   context.progress("signing"));
  setup.after(target, result);
  return result;
}

/// Every file gets its answer; the exit code is the highest of what happened.
void run(const Options& options, Context& context) {
  if (options.output == "-")
    throw Error(Error::Kind::usage, "a signed file is not written to standard output",
                "name a file with -o");
  SigningSetup setup(options, context);
  Json rows = Json::array();
  for (const auto& file : options.files) {
    const std::string target = target_of(options, file).string();
    try {
      const auto result = sign_one(options, file, setup, context);
      rows.push(signed_json(target, result).set("exit_code", 0));
      if (!context.globals.json) context.out << signed_line(target, result) << "\n" << std::flush;
    } catch (const Error& error) {
      if (options.files.size() == 1) throw;
      context.exit_code = std::max(context.exit_code, exit_code(error.kind));
      rows.push(Json::object()
                    .set("file", file)
                    .set("exit_code", exit_code(error.kind))
                    .set("error", error.message));
      context.err << "sealwright: error: " << printable(file, 4096) << ": " << error.message
                  << "\n";
    }
  }
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.sign/1")
                       .set("signer", setup.label())
                       .set("files", rows)
                       .dump()
                << "\n";
}

}  // namespace

Command sign_command() {
  auto builder = command<Options>("sign", "Sign programs, drivers and catalogs");
  builder.positional("FILE", &Options::files, "Files to sign, in place");
  add_signing_options(builder);
  return builder
      .option("-o,--output", "OUT", &Options::output,
              "Write there instead: a file, or a folder for many")
      .flag("--overwrite", &Options::overwrite, "Replace OUT")
      .example("sealwright sign acme.sys --with driver-signing")
      .runs(run);
}

}  // namespace sealwright::cli
