#include "workspace/revocation.h"

#include <fmt/format.h>

#include <algorithm>

#include "workspace/bundles.h"
#include "workspace/publishing.h"

namespace sealwright::workspace {
namespace {

bool holds(const bundle::State& state, const store::Generation& generation) {
  return std::any_of(state.present.begin(), state.present.end(), [&](const auto& entry) {
    return entry.certificate.thumbprint() == generation.thumbprint;
  });
}

void count_signatures(const store::Inventory& inventory, const store::Generation& generation,
                      Consequences& result) {
  for (const auto& signature : inventory.signatures(generation.id)) {
    const bool counts = signature.outcome == store::SignatureOutcome::made &&
                        !signature.withdrawn && signature.intent.kind != "crl";
    if (!counts) continue;
    // Windows takes a revocation at the very time of the timestamp as before it. A timestamp says
    // its time itself.
    const bool is_stamp = signature.intent.kind == "timestamp";
    const auto stamped = is_stamp ? std::optional(signature.started) : signature.result.timestamp;
    ++(stamped && *stamped < result.since ? result.kept : result.lost);
  }
}

Consequences::List list_of(const Workspace& workspace, const store::Generation& issuer) {
  using List = Consequences::List;
  if (!issuer.key || !workspace.inventory().key(*issuer.key)) return List::ceremony;
  const auto* authority = workspace.hierarchy().authority(issuer.name);
  return authority && has_lists(workspace, *authority) ? List::next_apply : List::by_hand;
}

std::string counted(std::int64_t count, const char* one, const char* more) {
  return fmt::format("{} {}", count, count == 1 ? one : more);
}

}  // namespace

Consequences consequences_of(const Workspace& workspace, const store::Generation& generation,
                             const ca::RevocationOrder& order) {
  const auto& inventory = workspace.inventory();
  Consequences result;
  result.since =
      order.distrust ? generation.not_before : order.signatures_until.value_or(workspace.now());
  count_signatures(inventory, generation, result);
  if (generation.kind == store::EntityKind::authority)
    for (const auto& below : inventory.issued_by(generation.id))
      if (store::is_live(below.state)) ++result.below;
  for (const auto& bundle : workspace.hierarchy().bundles)
    if (order.distrust || holds(desired_state(workspace, bundle), generation))
      result.bundles.push_back(bundle.name);
  if (generation.issuer) result.told_by = inventory.generation(*generation.issuer);
  if (result.told_by) result.list = list_of(workspace, *result.told_by);
  return result;
}

std::vector<std::string> to_text(const Consequences& c) {
  std::vector<std::string> said;
  if (c.kept + c.lost > 0)
    said.push_back(fmt::format("Of {} on record {} valid (timestamped before), {} not.",
                               counted(c.kept + c.lost, "signature", "signatures"),
                               counted(c.kept, "stays", "stay"), c.lost));
  if (c.below > 0)
    said.push_back(
        fmt::format("{} it issued end with it.", counted(c.below, "certificate", "certificates")));
  switch (c.list) {
    case Consequences::List::none:
      break;
    case Consequences::List::next_apply:
      said.push_back("The next list of '" + c.told_by->label() +
                     "' tells it: run 'sealwright apply'.");
      break;
    case Consequences::List::ceremony:
      said.push_back("The key of '" + c.told_by->label() +
                     "' is not here: its next list comes by ceremony.");
      break;
    case Consequences::List::by_hand:
      said.push_back(
          "sealwright.yaml names no distribution, so machines fetch no list: 'sealwright "
          "crl issue " +
          c.told_by->label() + " -o FILE' makes one to bring to them.");
      break;
  }
  if (!c.bundles.empty())
    said.push_back(fmt::format("It changes {} {}: 'sealwright apply' writes the next version.",
                               c.bundles.size() == 1 ? "bundle" : "bundles",
                               fmt::join(c.bundles, ", ")));
  return said;
}

}  // namespace sealwright::workspace
