// sealwright revoke NAME@N: from now on, or from some time on, a certificate is not believed.

#include <fmt/format.h>

#include <iostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "ca/chain.h"
#include "cli/all_commands.h"
#include "cli/session.h"
#include "workspace/revocation.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string name, reason, signatures_until, note;
  bool distrust = false, yes = false;
};

x509::RevocationReason reason_of(const std::string& word) {
  if (const auto reason = x509::revocation_reason(word)) return *reason;
  throw Error(Error::Kind::usage, "unknown reason '" + printable(word) + "'",
              did_you_mean(word, x509::revocation_reason_names()));
}

ca::RevocationOrder order_of(const Options& options, const store::Generation& generation, bool lab,
                             Time now) {
  ca::RevocationOrder order{reason_of(options.reason), std::nullopt, options.note,
                            options.distrust};
  if (options.signatures_until == "now")
    order.signatures_until = now;
  else if (!options.signatures_until.empty())
    order.signatures_until = parse_at(options.signatures_until);
  if (!lab && !options.distrust && !order.signatures_until)
    throw Error(Error::Kind::usage,
                "nothing says what becomes of what '" + generation.label() + "' signed",
                "--signatures-until TIME (or now): what was timestamped before stays valid; "
                "--distrust: nothing does");
  return order;
}

std::string headline(const store::Generation& generation, const ca::RevocationOrder& order,
                     Time since) {
  return fmt::format(
      "{} revoked: {}, {}", generation.label(), x509::to_text(order.reason),
      order.distrust ? "and distrusted: nothing it signed counts" : "since " + to_iso(since));
}

void confirm(const store::Generation& generation, const workspace::Consequences& consequences,
             bool lab, const Options& options, Context& context) {
  if (lab || options.yes) return;
  if (!context.terminal)
    throw Error(Error::Kind::usage, "nobody is there to agree: a revocation cannot be undone",
                "give --yes");
  for (const auto& line : to_text(consequences)) context.err << line << "\n";
  context.err << fmt::format("Revoke {} ({})? It cannot be undone. [y/N] ", generation.label(),
                             printable(generation.subject))
              << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "yes") throw Error(Error::Kind::usage, "not done");
}

Json to_json(const store::Generation& generation, const ca::RevocationOrder& order,
             const workspace::Consequences& consequences) {
  return Json::object()
      .set("schema", "sealwright.revoke/1")
      .set("revoked", generation.label())
      .set("serial", generation.serial.hex())
      .set("reason", x509::to_text(order.reason))
      .set("since", to_iso(consequences.since))
      .set("distrusted", order.distrust)
      .set("signatures_kept", consequences.kept)
      .set("signatures_lost", consequences.lost)
      .set("told_by", consequences.told_by ? Json(consequences.told_by->label()) : Json())
      .set("bundles", Json::strings(consequences.bundles));
}

void run(const Options& options, Context& context) {
  auto opened = open_workspace_to_change(context);
  auto& workspace = opened.workspace;
  const bool lab = workspace.hierarchy().lab;
  const auto generation = ca::find_exactly(workspace.inventory(), options.name);
  const auto order = order_of(options, generation, lab, workspace.now());
  const auto consequences = workspace::consequences_of(workspace, generation, order);
  ca::check_revocation(workspace.inventory(), generation, order);
  confirm(generation, consequences, lab, options, context);
  ca::revoke(workspace.inventory(), generation, order);
  if (context.globals.json) {
    context.out << to_json(generation, order, consequences).dump() << "\n";
    return;
  }
  context.out << headline(generation, order, consequences.since) << "\n";
  for (const auto& line : to_text(consequences)) context.say(line);
}

}  // namespace

Command revoke_command() {
  return command<Options>("revoke", "End a certificate before its time")
      .positional("NAME@N", &Options::name,
                  "The generation; its number may be left out while only one is in use")
      .required_option("--reason", "REASON", &Options::reason,
                       "keyCompromise, cACompromise, affiliationChanged, superseded, "
                       "cessationOfOperation, privilegeWithdrawn, certificateHold, unspecified")
      .choices({"keyCompromise", "cACompromise", "affiliationChanged", "superseded",
                "cessationOfOperation", "privilegeWithdrawn", "certificateHold", "unspecified"})
      .option("--signatures-until", "TIME", &Options::signatures_until,
              "What was timestamped before TIME (or 'now') stays valid")
      .flag("--distrust", &Options::distrust,
            "Nothing it ever signed counts; it goes into Disallowed of every bundle")
      .option("--note", "TEXT", &Options::note, "Goes on record")
      .flag("--yes", &Options::yes, "Do not ask")
      .example(
          "sealwright revoke driver-signing@2 --reason keyCompromise --signatures-until 2026-11-03")
      .runs(run);
}

}  // namespace sealwright::cli
