#pragma once
// What a workspace knows about one of its names.

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

struct Thing {
  std::string kind;  ///< "authority", "certificate", "export", "bundle", "package" …
  Json facts = Json::object();
  std::optional<store::Generation> generation;  ///< Of a certificate: the one it stands for.
};

/// `word` is a name of the YAML, the inventory or a policy; KIND:NAME where several things have it.
/// A certificate or authority goes before the others. Nothing for a word that is none of these.
/// Throws Error::Kind::state when several are meant, naming them.
std::optional<Thing> find_thing(Workspace& workspace, const std::string& word);

}  // namespace sealwright::workspace
