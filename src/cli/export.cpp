// sealwright export: certificates and keys as files that other programs read.

#include "ca/export.h"

#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "ca/chain.h"
#include "cli/all_commands.h"
#include "cli/secrets.h"
#include "cli/session.h"
#include "workspace/exports.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string name, format, profile = "auto", output, out_password_file, reason, passphrase_file;
  bool overwrite = false;
};

policy::ExportProfile profile_of(const std::string& name) {
  if (name == "auto") return policy::ExportProfile::automatic;
  if (name == "modern") return policy::ExportProfile::modern;
  if (name == "compatible") return policy::ExportProfile::compatible;
  throw Error(Error::Kind::usage, "unknown profile '" + printable(name) + "'",
              did_you_mean(name, {"auto", "modern", "compatible"}));
}

policy::ExportFormat format_of(const std::string& name) {
  if (const auto format = ca::export_format(name)) return *format;
  throw Error(Error::Kind::usage, "unknown format '" + printable(name) + "'",
              did_you_mean(name, policy::export_format_names()));
}

ca::Exported export_private(workspace::Workspace& workspace, const store::Generation& generation,
                            policy::ExportFormat format, const Options& options, Context& context) {
  const auto profile =
      workspace::choose_profile(profile_of(options.profile), workspace.hierarchy().targets);
  // A lab's keys are for tests: asking for the export by name is reason enough.
  const std::string reason =
      options.reason.empty() && workspace.hierarchy().lab ? "lab" : options.reason;
  const auto key = ca::exportable_key(workspace.inventory(), generation, reason);
  const ossl::Secret password =
      read_new_secret({"password of the exported file", options.out_password_file,
                       "--out-password-file", "SEALWRIGHT_OUT_PASSWORD", ""},
                      context);
  auto keys = open_keys(workspace, options.passphrase_file, context);
  auto exported = ca::export_private(workspace.inventory(), keys.open(key.keyring), generation,
                                     {format, password, reason, profile.profile});
  if (format == policy::ExportFormat::pfx)
    context.say(fmt::format("PFX profile {}: {}",
                            profile.profile == x509::PfxProfile::modern ? "modern" : "compatible",
                            profile.because));
  return exported;
}

void run(const Options& options, Context& context) {
  const auto format = format_of(options.format);
  const bool secret = ca::holds_private_key(format);
  // What is public changes nothing, and may be read where nothing can be written.
  auto opened = secret ? open_workspace_to_change(context)
                       : WorkspaceToChange{nullptr, open_workspace(context)};
  auto& workspace = opened.workspace;
  const auto generation = secret ? ca::find_exactly(workspace.inventory(), options.name)
                                 : ca::find_generation(workspace.inventory(), options.name);
  const std::string file =
      options.output.empty()
          ? fmt::format("{}-{}.{}", generation.name, generation.number, ca::file_extension(format))
          : options.output;
  if (secret && file == "-")
    throw Error(Error::Kind::usage, "a private key is not written to standard output",
                "name a file with -o");
  if (file != "-" && !options.overwrite && std::filesystem::exists(file))
    throw Error(Error::Kind::state, "'" + file + "' already exists",
                "pass --overwrite to replace it");
  const auto exported = secret ? export_private(workspace, generation, format, options, context)
                               : ca::export_public(workspace.inventory(), generation, format);
  if (file == "-") {
    context.out.write(reinterpret_cast<const char*>(exported.bytes.data()),
                      static_cast<std::streamsize>(exported.bytes.size()));
    return;
  }
  ca::write_exported(file, exported, options.overwrite ? Existing::replace : Existing::refuse);
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.export/1")
                       .set("generation", generation.label())
                       .set("format", options.format)
                       .set("file", file)
                       .dump()
                << "\n";
  else
    context.out << fmt::format("{}  {}\n", generation.label(), file);
}

}  // namespace

Command export_command() {
  return command<Options>("export",
                          "Write a certificate, or with its key, as a file for other programs")
      .positional("NAME", &Options::name, "NAME[@GENERATION] or a thumbprint")
      .required_option("--format", "FORMAT", &Options::format,
                       "pem, der, chain, pfx, spc, p7b, pkcs8")
      .choices({"pem", "der", "chain", "pfx", "spc", "p7b", "pkcs8"})
      .option("-o,--output", "FILE", &Options::output,
              "The file, or - for standard output (default: NAME-GENERATION.EXT)")
      .option("--profile", "PROFILE", &Options::profile,
              "Of a PFX: auto, modern (Windows 10 1709 and later), compatible (since XP)")
      .choices({"auto", "modern", "compatible"})
      .option("--out-password-file", "FILE", &Options::out_password_file,
              "Holds the password that encrypts the key")
      .option("--reason", "TEXT", &Options::reason,
              "Why the key leaves the inventory; goes on record")
      .option("--passphrase-file", "FILE", &Options::passphrase_file,
              "Holds the passphrase of the workspace")
      .flag("--overwrite", &Options::overwrite, "Replace a file that is there")
      .example(
          "sealwright export driver-signing --format pfx --out-password-file pfx.password -o "
          "driver-signing.pfx")
      .runs(run);
}

}  // namespace sealwright::cli
