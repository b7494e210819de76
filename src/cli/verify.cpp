// sealwright verify FILE|DIR…: what Windows would say, and why.

#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "cli/all_commands.h"
#include "cli/verify_setup.h"

namespace sealwright::cli {
namespace {

struct Options : VerifyWords {
  std::vector<std::string> things;
  std::string use = "app";
};

verify::Use use_of(const std::string& word) {
  if (word == "app") return verify::Use::app;
  if (word == "driver") return verify::Use::driver;
  if (word == "kernel") return verify::Use::kernel;
  throw Error(Error::Kind::usage, "unknown use '" + printable(word) + "'",
              did_you_mean(word, {"app", "driver", "kernel"}));
}

void run(const Options& options, Context& context) {
  const auto question = question_of(options, use_of(options.use), context);
  verify::Report report;
  for (const auto& thing : options.things) {
    std::error_code unreadable;  // judge_file() says why
    if (std::filesystem::is_directory(thing, unreadable)) {
      auto of_package = verify::judge_package(thing, question);
      for (auto& verdict : of_package.verdicts) report.verdicts.push_back(std::move(verdict));
    } else {
      report.verdicts.push_back(verify::judge_file(thing, question));
    }
  }
  print_report(report, context);
}

}  // namespace

Command verify_command() {
  auto builder = command<Options>("verify", "Judge files and driver packages as Windows would");
  builder.positional("FILE|DIR", &Options::things, "Signed files, catalogs, driver packages")
      .option("--for", "USE", &Options::use, "app (default), driver, kernel")
      .choices({"app", "driver", "kernel"});
  add_verify_options(builder);
  return builder
      .example("sealwright verify acme-nic --for driver --os win11-24h2 --trust workspace")
      .runs(run);
}

}  // namespace sealwright::cli
