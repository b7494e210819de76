// sealwright sign FILE…: Authenticode signatures for programs, drivers and catalogs.

#include <ostream>

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

void run(const Options& options, Context& context) {
  SigningSetup setup(options, context);
  Json rows = Json::array();
  for (const auto& file : options.files) {
    const fs::path target = target_of(options, file);
    signing::SignedFile result;
    try {
      setup.before(file, file);
      const bool in_place = options.output.empty();
      result =
          signing::sign_file(file, target, setup.identity(), setup.options(),
                             in_place || options.overwrite ? Existing::replace : Existing::refuse,
                             context.progress("signing"));
    } catch (const Error& error) {
      throw error.message.find(file) == std::string::npos ? with_prefix(error, file) : error;
    }
    setup.after(target, result);
    rows.push(signed_json(target.string(), result));
    if (!context.globals.json)
      context.out << signed_line(target.string(), result) << "\n" << std::flush;
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
