// sealwright list: every generation in the inventory.

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/json.h"
#include "cli/all_commands.h"
#include "cli/session.h"

namespace sealwright::cli {
namespace {

struct Options {};

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

void run(const Options&, Context& context) {
  const auto workspace = open_workspace(context);
  const auto generations = workspace.inventory().generations();
  if (context.globals.json) {
    Json rows = Json::array();
    for (const auto& generation : generations) rows.push(to_json(generation));
    context.out << Json::object().set("schema", "sealwright.list/1").set("generations", rows).dump()
                << "\n";
    return;
  }
  std::size_t width = 4;
  for (const auto& generation : generations) width = std::max(width, generation.label().size());
  context.out << fmt::format("{:{}}  {:8}  {:10}  {:40}  {}\n", "NAME", width, "STATE", "UNTIL",
                             "THUMBPRINT", "SUBJECT");
  for (const auto& generation : generations)
    context.out << fmt::format("{:{}}  {:8}  {:10}  {:40}  {}\n", generation.label(), width,
                               store::to_text(generation.state), to_date(generation.not_after),
                               generation.thumbprint.hex(), generation.subject);
}

}  // namespace

Command list_command() {
  return command<Options>("list", "List every generation in the inventory")
      .example("sealwright list --json")
      .runs(run);
}

}  // namespace sealwright::cli
