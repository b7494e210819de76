// How long what was superseded stays in a bundle.

#include <fmt/format.h>

#include <algorithm>

#include "workspace/bundle_parts.h"
#include "workspace/renewal.h"

namespace sealwright::workspace {
namespace {

constexpr const char* until_safe = "until nothing that must still install depends on it";

/// What the policy of a name in the YAML says; retirement_due() goes by the same.
std::string overlap_of(const Workspace& workspace, const store::Generation& generation) {
  const auto* item = workspace.hierarchy().item(generation.name);
  const auto overlap = item ? renewal_of(workspace.hierarchy(), *item).overlap : std::nullopt;
  if (!overlap) return until_safe;
  if (generation.state == store::GenerationState::retiring)
    return "until " + to_date(add(generation.retiring.value_or(generation.created), *overlap));
  return fmt::format("for {} from when its successor signs", to_text(*overlap));
}

}  // namespace

void mark_overlaps(const Workspace& workspace, bundle::State& state) {
  std::vector<std::optional<store::Generation>> generations;
  for (const auto& entry : state.present)
    generations.push_back(workspace.inventory().find(entry.certificate.thumbprint()));
  for (std::size_t i = 0; i < state.present.size(); ++i) {
    auto& entry = state.present[i];
    const auto& own = generations[i];
    if (entry.store == bundle::Store::disallowed || !own || !store::is_live(own->state)) continue;
    bool superseded = !workspace.hierarchy().item(own->name);
    for (std::size_t j = 0; j < generations.size(); ++j)
      superseded |= state.present[j].store == entry.store && generations[j] &&
                    generations[j]->name == own->name && generations[j]->number > own->number;
    if (superseded) entry.overlap = overlap_of(workspace, *own);
  }
}

}  // namespace sealwright::workspace
