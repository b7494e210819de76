// sealwright list: every generation in the inventory, and the requests that wait.

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/json.h"
#include "cli/all_commands.h"
#include "cli/session.h"
#include "workspace/filter.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::vector<std::string> filter;
  bool jsonl = false;
};

Json to_json(const store::Generation& generation) {
  Json json = Json::object();
  json.set("name", generation.name)
      .set("generation", generation.number)
      .set("kind", store::to_text(generation.kind));
  json.set("state", store::to_text(generation.state))
      .set("policy", fmt::format("{}@{}", generation.policy.name, generation.policy.revision));
  json.set("subject", generation.subject)
      .set("serial", generation.serial.hex())
      .set("thumbprint", generation.thumbprint.hex());
  json.set("not_before", to_iso(generation.not_before))
      .set("not_after", to_iso(generation.not_after));
  return json;
}

/// What is waited for has no certificate yet, and only a name.
Json to_json(const store::RequestRecord& waiting) {
  const auto& intent = waiting.intent;
  Json json = Json::object();
  json.set("name", intent.name).set("generation", intent.number).set("kind", "waiting");
  json.set("policy",
           fmt::format("{}@{}", intent.policy.reference.name, intent.policy.reference.revision))
      .set("subject", intent.subject)
      .set("since", to_iso(waiting.created));
  return json;
}

/// A filter asks for certificates, and these have none yet.
std::vector<store::RequestRecord> waiting_of(const workspace::Filter& filter,
                                             const store::Inventory& inventory) {
  return filter.empty() ? inventory.waiting_requests() : std::vector<store::RequestRecord>{};
}

void print_json(const workspace::Filter& filter, const store::Inventory& inventory,
                std::ostream& out) {
  Json rows = Json::array();
  filter.each(inventory,
              [&](const store::Generation& generation) { rows.push(to_json(generation)); });
  Json waiting = Json::array();
  for (const auto& request : waiting_of(filter, inventory)) waiting.push(to_json(request));
  out << Json::object()
             .set("schema", "sealwright.list/1")
             .set("generations", std::move(rows))
             .set("waiting", std::move(waiting))
             .dump()
      << "\n";
}

void print_lines(const workspace::Filter& filter, const store::Inventory& inventory,
                 std::ostream& out) {
  filter.each(inventory, [&](const store::Generation& generation) {
    out << to_json(generation).dump(-1) << "\n";
  });
  for (const auto& request : waiting_of(filter, inventory))
    out << to_json(request).dump(-1) << "\n";
}

void print_table(const workspace::Filter& filter, const store::Inventory& inventory,
                 std::ostream& out) {
  std::vector<std::pair<std::string, std::string>> rows;  // without the certificates
  std::size_t width = 4;
  filter.each(inventory, [&](const store::Generation& generation) {
    rows.emplace_back(generation.label(),
                      fmt::format("{:8}  {:10}  {:40}  {}", store::to_text(generation.state),
                                  to_date(generation.not_after), generation.thumbprint.hex(),
                                  printable(generation.subject)));
    width = std::max(width, rows.back().first.size());
  });
  for (const auto& request : waiting_of(filter, inventory)) {
    const auto& intent = request.intent;
    rows.emplace_back(
        intent.name + "@" + std::to_string(intent.number),
        fmt::format("{:8}  {:10}  {:40}  {}", "waiting", "-", "-", printable(intent.subject)));
    width = std::max(width, rows.back().first.size());
  }
  out << fmt::format("{:{}}  {:8}  {:10}  {:40}  {}\n", "NAME", width, "STATE", "UNTIL",
                     "THUMBPRINT", "SUBJECT");
  for (const auto& [label, rest] : rows) out << fmt::format("{:{}}  {}\n", label, width, rest);
}

void run(const Options& options, Context& context) {
  if (options.jsonl && context.globals.json)
    throw Error(Error::Kind::usage, "--json prints one document, --jsonl many: choose one");
  const auto filter = workspace::Filter::parse(options.filter, context.clock());
  const auto workspace = open_workspace(context);
  const auto print = options.jsonl ? print_lines : context.globals.json ? print_json : print_table;
  print(filter, workspace.inventory(), context.out);
}

}  // namespace

Command list_command() {
  return command<Options>("list", "List the generations in the inventory")
      .option("--filter", "CLAUSES", &Options::filter,
              "Only those that fit: kind=, policy=, issuer=, state=, origin=, serial=, name~GLOB, "
              "expires<90d, separated by commas")
      .flag("--jsonl", &Options::jsonl, "Print one JSON object on each line")
      .example("sealwright list --filter 'state=active,expires<90d'")
      .example("sealwright list --json")
      .runs(run);
}

}  // namespace sealwright::cli
