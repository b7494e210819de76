// sealwright matrix …: driver packages that are wrong in every way, and what Windows answers.

#include "workspace/matrix.h"

#include <fmt/format.h>

#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/suggest.h"
#include "cli/all_commands.h"
#include "cli/session.h"
#include "trust/result_code.h"
#include "workspace/lock.h"

namespace sealwright::cli {
namespace {

struct WriteOptions {
  std::string name, output, package, passphrase_file;
};

const policy::Matrix& find_matrix(const workspace::Workspace& workspace, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& matrix : workspace.hierarchy().matrices) {
    if (matrix.name == name) return matrix;
    names.push_back(matrix.name);
  }
  throw Error(Error::Kind::state, "sealwright.yaml has no matrix '" + printable(name) + "'",
              did_you_mean(name, names));
}

std::string hex_code(std::uint32_t value) { return fmt::format("0x{:08X}", value); }

void print(const std::vector<workspace::MatrixCase>& cases, const WriteOptions& options,
           Context& context) {
  if (!context.globals.json) {
    for (const auto& one : cases)
      context.out << fmt::format("{:50}  signature {}  setup {}  {}\n", one.name,
                                 hex_code(one.expected.signature), hex_code(one.expected.setup),
                                 to_text(one.expected.dialog));
    context.say(fmt::format("{} cases in {}; its README.txt says how to run them on Windows",
                            cases.size(), options.output));
    return;
  }
  Json rows = Json::array();
  for (const auto& one : cases)
    rows.push(Json::object()
                  .set("case", one.name)
                  .set("signer", one.signer)
                  .set("fault", driver::to_text(one.fault))
                  .set("trust", one.trust)
                  .set("signature", hex_code(one.expected.signature))
                  .set("setup", hex_code(one.expected.setup))
                  .set("dialog", to_text(one.expected.dialog))
                  .set("why", Json::strings(one.expected.why)));
  context.out << Json::object().set("schema", "sealwright.matrix/1").set("cases", rows).dump()
              << "\n";
}

void write(const WriteOptions& options, Context& context) {
  auto workspace = open_workspace(context);
  const workspace::Lock lock(workspace,
                             [&] { context.say("another run is at work here: waiting for it"); });
  auto keys = open_keys(workspace, options.passphrase_file, context);
  print(workspace::write_matrix(workspace, keys, find_matrix(workspace, options.name),
                                {options.output, options.package, context.random, context.clock,
                                 context.progress("cases")}),
        options, context);
}

struct CheckOptions {
  std::string folder, results, report;
};

void check(const CheckOptions& options, Context& context) {
  const std::filesystem::path results = options.results.empty()
                                            ? std::filesystem::path(options.folder) / "results"
                                            : std::filesystem::path(options.results);
  const auto report = workspace::check_matrix(options.folder, results);
  if (!options.report.empty()) {
    constexpr std::string_view junit = "junit=";
    if (!options.report.starts_with(junit))
      throw Error(Error::Kind::usage, "unknown report '" + printable(options.report) + "'",
                  "write --report junit=FILE");
    write_file(options.report.substr(junit.size()), view(workspace::to_junit(report)),
               {Access::everyone, Existing::replace});
  }
  context.out << (context.globals.json ? workspace::to_json(report).dump() + "\n"
                                       : workspace::to_text(report));
  if (!report.passed()) context.exit_code = 1;
}

}  // namespace

Command matrix_command() {
  return group(
      "matrix", "Driver packages wrong in every way, and what Windows must answer (labs)",
      {command<WriteOptions>("write", "Sign one package in every way, a folder per case")
           .positional("NAME", &WriteOptions::name, "A matrix of sealwright.yaml")
           .required_option("-o,--output", "DIR", &WriteOptions::output,
                            "The new folder for the cases")
           .option("--package", "DIR", &WriteOptions::package,
                   "The driver package, instead of the YAML's")
           .option("--passphrase-file", "FILE", &WriteOptions::passphrase_file,
                   "Holds the passphrase of the workspace")
           .example("sealwright matrix write install -o out/matrix")
           .runs(write),
       command<CheckOptions>("check", "Compare what machines answered with what was expected")
           .positional("DIR", &CheckOptions::folder, "The folder that 'matrix write' wrote")
           .option("--results", "DIR", &CheckOptions::results,
                   "Where the results are; default: DIR/results")
           .option("--report", "junit=FILE", &CheckOptions::report, "Also write a JUnit report")
           .example("sealwright matrix check out/matrix --report junit=matrix.xml")
           .runs(check)});
}

}  // namespace sealwright::cli
