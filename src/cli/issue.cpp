// sealwright issue NAME: one certificate, outside the YAML or for a key that is kept elsewhere.

#include <fmt/format.h>

#include <ostream>

#include "base/error.h"
#include "ca/chain.h"
#include "cli/all_commands.h"
#include "cli/one_shot_options.h"
#include "cli/session.h"
#include "workspace/one_shot.h"

namespace sealwright::cli {
namespace {

struct Options : KeyWords {
  std::string name, policy, issuer, subject, csr, lifetime, output;
  std::vector<std::string> san;
  bool overwrite = false;
};

std::optional<Duration> lifetime_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  try {
    return parse_duration(text);
  } catch (Error& error) {
    error.kind = Error::Kind::usage;
    throw;
  }
}

workspace::OneShot wanted_of(const Options& options) {
  workspace::OneShot wanted;
  wanted.name = options.name;
  wanted.policy = options.policy;
  wanted.issuer = options.issuer;
  wanted.subject = options.subject;
  wanted.san = parse_san(options.san);
  wanted.lifetime = lifetime_of(options.lifetime);
  if (!options.csr.empty()) wanted.request = read_request_file(options.csr);
  return wanted;
}

void show_waiting(const store::RequestRecord& waiting, Context& context) {
  const auto& intent = waiting.intent;
  const auto label = intent.name + "@" + std::to_string(intent.number);
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.issue/1")
                       .set("waiting", label)
                       .set("for", intent.issuer)
                       .dump()
                << "\n";
  else
    context.out << fmt::format("waits   {}  for '{}'\n", label, intent.issuer);
  context.say(intent.to == store::RequestKind::ceremony
                  ? "Next: sealwright ceremony request -o FILE"
                  : "Next: sealwright request " + intent.name + " -o FILE.csr");
}

void show_issued(const store::Generation& generation, const Options& options, Context& context) {
  if (context.globals.json) {
    context.out << Json::object()
                       .set("schema", "sealwright.issue/1")
                       .set("generation", generation.label())
                       .set("thumbprint", generation.thumbprint.hex())
                       .set("until", to_iso(generation.not_after))
                       .set("file", options.output.empty() ? Json() : Json(options.output))
                       .dump()
                << "\n";
    return;
  }
  context.out << fmt::format("issue   {}  {}  until {}\n", generation.label(),
                             generation.thumbprint.hex(), to_date(generation.not_after));
}

void run(const Options& options, Context& context) {
  const auto wanted = wanted_of(options);
  check_output(options.output, options.overwrite);
  auto opened = open_workspace_to_change(context);
  auto& workspace = opened.workspace;
  auto keys = open_keys(workspace, options, context);
  const auto result = workspace::issue_one(workspace, keys, wanted, context.random);
  if (!result.not_taken.empty())
    context.say(fmt::format("note: not taken from the request: {} (policy '{}' says these itself)",
                            fmt::join(result.not_taken, ", "), result.policy));
  for (const auto& finding : result.findings)
    if (finding.severity != lint::Severity::info)
      context.warn(finding.rule + ": " + finding.message);
  if (result.waiting) return show_waiting(*result.waiting, context);
  if (!options.output.empty())
    write_text(options.output, ca::certificate_of(*result.generation).to_pem(), options.overwrite,
               context);
  if (options.output != "-") show_issued(*result.generation, options, context);
}

}  // namespace

Command issue_command() {
  auto builder =
      command<Options>("issue", "Issue one certificate, outside the YAML or for a key elsewhere");
  builder.positional("NAME", &Options::name, "What it will be called in the inventory")
      .option("--policy", "P", &Options::policy, "A policy; only for names that the YAML lacks")
      .option("--issuer", "CA", &Options::issuer,
              "The authority, or self (default: the only one that may)")
      .option("--subject", "DN", &Options::subject, "RFC 4514 (default: CN=NAME)")
      .option("--san", "NAME", &Options::san,
              "dns:HOST, ip:ADDRESS, email:A@B or uri:URL; may be repeated")
      .option("--csr", "FILE", &Options::csr, "Certify the key of this request; none is made")
      .option("--lifetime", "D", &Options::lifetime, "Shorter than the policy's, like 90d")
      .option("-o,--output", "FILE", &Options::output, "Write the certificate there too, or to -")
      .flag("--overwrite", &Options::overwrite, "Replace a file that is there");
  add_key_options(builder);
  return builder
      .example("sealwright issue build-7 --policy driver-signing --csr build-7.csr -o build-7.pem")
      .runs(run);
}

}  // namespace sealwright::cli
