// sealwright package …: a driver package as a whole.

#include <fmt/format.h>

#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "cli/all_commands.h"
#include "cli/package_options.h"
#include "cli/signing_setup.h"
#include "cli/verify_setup.h"
#include "driver/package_sign.h"

namespace sealwright::cli {
namespace {

struct SignOptions : SigningWords {
  std::string folder, catalog_version = "auto", binaries = "unsigned";
  std::vector<std::string> os;
};

driver::Binaries binaries_of(const std::string& word) {
  if (word == "unsigned") return driver::Binaries::without_signature;
  if (word == "all") return driver::Binaries::all;
  if (word == "none") return driver::Binaries::none;
  throw Error(Error::Kind::usage, "unknown word '" + printable(word) + "' for --binaries",
              did_you_mean(word, {"unsigned", "all", "none"}));
}

std::string line_of(const driver::PackageSignStep& step) {
  using Action = driver::PackageSignStep::Action;
  if (step.action == Action::kept_binary)
    return fmt::format("kept    {}  (has a signature of its own)", printable(step.relative, 4096));
  if (step.action == Action::signed_binary) return signed_line(step.relative, step.signed_);
  return fmt::format("{}  (catalog version {}, {} files)", signed_line(step.relative, step.signed_),
                     step.catalog_version, step.file_count);
}

Json json_of(const driver::PackageSignStep& step) {
  using Action = driver::PackageSignStep::Action;
  if (step.action == Action::kept_binary)
    return Json::object().set("file", step.relative).set("kept", true);
  Json json = signed_json(step.relative, step.signed_);
  if (step.action == Action::signed_catalog)
    json.set("catalog_version", step.catalog_version).set("members", step.file_count);
  return json;
}

void sign(const SignOptions& words, Context& context) {
  driver::PackageSignOptions options;
  options.package = package_options(words.os, context);
  options.catalog = catalog_options(words.catalog_version, context);
  options.binaries = binaries_of(words.binaries);
  print_findings(driver::read_package(words.folder, options.package), context);
  SigningSetup setup(words, context);
  options.sign = setup.options();
  options.before = [&](const std::string& relative, const std::filesystem::path& path) {
    setup.before(relative, path);
  };
  options.after = [&](const std::filesystem::path& written, const signing::SignedFile& result) {
    setup.after(written, result);
  };
  const auto done = driver::sign_package(words.folder, setup.identity(), options);
  Json rows = Json::array();
  for (const auto& step : done.steps) {
    rows.push(json_of(step));
    if (!context.globals.json) context.out << line_of(step) << "\n";
  }
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.package-sign/1")
                       .set("signer", setup.label())
                       .set("files", rows)
                       .dump()
                << "\n";
}

struct VerifyOptions : VerifyWords {
  std::string folder;
};

void verify(const VerifyOptions& words, Context& context) {
  print_report(
      verify::judge_package(words.folder, question_of(words, verify::Use::driver, context)),
      context);
}

}  // namespace

Command package_command() {
  auto signer =
      command<SignOptions>("sign", "Sign binaries, make the catalogs, sign these: all or nothing");
  signer.positional("DIR", &SignOptions::folder, "The folder of the driver package")
      .required_option("--os", "LIST", &SignOptions::os,
                       "Windows versions, as 10_X64 or win11-24h2")
      .option("--catalog-version", "V", &SignOptions::catalog_version,
              "auto, 1 (SHA-1) or 2 (SHA-256)")
      .choices({"auto", "1", "2"})
      .option("--binaries", "WHICH", &SignOptions::binaries,
              "unsigned (default: a vendor's signature stays), all, none")
      .choices({"unsigned", "all", "none"});
  add_signing_options(signer);
  auto verifier = command<VerifyOptions>("verify", "Judge the package as an installation would");
  verifier.positional("DIR", &VerifyOptions::folder, "The folder of the driver package");
  add_verify_options(verifier);
  return group(
      "package", "Driver packages as a whole",
      {catalog_maker("catalog", "Make the unsigned catalogs of a driver package")
           .example("sealwright package catalog build/acme-nic --os 10_X64")
           .runs(make_catalogs),
       signer.example("sealwright package sign build/acme-nic --with driver-signing --os 10_X64")
           .runs(sign),
       verifier.example("sealwright package verify build/acme-nic --os 10_X64 --trust workspace")
           .runs(verify)});
}

}  // namespace sealwright::cli
