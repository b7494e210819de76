// Versions that pilot machines have before all others.

#include <fmt/format.h>

#include "base/json.h"
#include "workspace/bundle_parts.h"

namespace sealwright::workspace {
namespace {

constexpr const char* ring_event = "bundle.ring-written";
constexpr const char* all_event = "bundle.written";  // Only of versions that a ring had before.

std::string label(const store::BundleVersion& version) {
  return fmt::format("{}@{}", version.bundle, version.version);
}

}  // namespace

std::optional<Time> written_for_all(const store::Inventory& inventory,
                                    const store::BundleVersion& version) {
  if (const auto written = inventory.last_event(all_event, label(version))) return written->at;
  if (inventory.last_event(ring_event, label(version))) return std::nullopt;
  return version.created;
}

std::optional<std::string> pilot_of(const Workspace& workspace, const std::string& bundle) {
  const auto latest = workspace.inventory().latest_bundle_version(bundle);
  if (!latest || written_for_all(workspace.inventory(), *latest)) return std::nullopt;
  const auto ring = workspace.inventory().last_event(ring_event, label(*latest));
  return fmt::format("version {} is with ring {} alone: 'bundle write {}' gives it to all",
                     latest->version, Json::parse(ring->details).at("ring").string(), bundle);
}

void record_written(store::Inventory& inventory, const store::BundleVersion& version,
                    const std::string& ring, bool is_new) {
  if (ring.empty() && !written_for_all(inventory, version))
    inventory.record_event(all_event, label(version), Json::object());
  // What all could have before stays so, whatever ring is written after it.
  if (!ring.empty() && is_new)
    inventory.record_event(ring_event, label(version), Json::object().set("ring", ring));
}

}  // namespace sealwright::workspace
