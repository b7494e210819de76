#include "workspace/unmanaged.h"

#include <algorithm>

namespace sealwright::workspace {
namespace {

constexpr std::size_t most_guesses = 100;

/// Live names from `origin` that the YAML lacks, at most `most`.
std::vector<std::string> vanished(const Workspace& workspace, store::Origin origin,
                                  std::size_t most) {
  const auto& hierarchy = workspace.hierarchy();
  const std::size_t known = hierarchy.authorities.size() + hierarchy.certificates.size();
  auto names = workspace.inventory().live_names(origin, known + most);
  std::erase_if(names, [&](const std::string& name) { return hierarchy.item(name) != nullptr; });
  if (names.size() > most) names.resize(most);
  return names;
}

/// How many names of the YAML the inventory has.
std::int64_t managed(const Workspace& workspace) {
  std::int64_t count = 0;
  for (const auto* item : workspace.hierarchy().in_issuing_order()) {
    const auto entity = workspace.inventory().entity(item->name);
    count += entity && entity->origin != store::Origin::command;
  }
  return count;
}

bool same_issuer(const Workspace& workspace, const policy::Item& item,
                 const store::Generation& generation) {
  if (!generation.issuer) return item.self_signed();
  const auto issuer = workspace.inventory().generation(*generation.issuer);
  return issuer && issuer->name == item.issuer;
}

bool says_the_same(const Workspace& workspace, const policy::Item& item,
                   const store::Generation& generation) {
  if (generation.policy.name != item.policy->name || !same_issuer(workspace, item, generation))
    return false;
  for (const auto& name : {item.name, generation.name})
    if (policy::expand_subject(item.subject, name, generation.number).text() == generation.subject)
      return true;
  return false;
}

bool same_key(const Workspace& workspace, const policy::Item& item,
              const store::Generation& generation) {
  if (item.key.uri.empty() || !generation.key) return false;
  const auto key = workspace.inventory().key(*generation.key);
  return key && key->uri == item.key.uri;
}

}  // namespace

Unmanaged unmanaged_names(const Workspace& workspace) {
  using store::Origin;
  Unmanaged found;
  found.names = vanished(workspace, Origin::hierarchy, most_unmanaged + 1);
  if (found.names.size() <= most_unmanaged)
    for (auto& name : vanished(workspace, Origin::import, most_unmanaged + 1))
      found.names.push_back(std::move(name));
  if (found.names.size() <= most_unmanaged) return found;
  found.names.resize(most_unmanaged);
  const auto& inventory = workspace.inventory();
  found.more = inventory.count_names(Origin::hierarchy) + inventory.count_names(Origin::import) -
               managed(workspace) - std::int64_t(most_unmanaged);
  return found;
}

std::optional<RenameGuess> guess_rename(const Workspace& workspace, const policy::Item& item) {
  for (const auto& name : vanished(workspace, store::Origin::hierarchy, most_guesses)) {
    const auto generation = workspace.inventory().active(name);
    if (!generation) continue;
    if (same_key(workspace, item, *generation)) return RenameGuess{name, "the same key"};
    if (says_the_same(workspace, item, *generation))
      return RenameGuess{name, "the same policy, subject and issuer"};
  }
  return std::nullopt;
}

}  // namespace sealwright::workspace
