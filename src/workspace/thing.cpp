#include "workspace/thing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "workspace/bundles.h"
#include "workspace/elsewhere.h"
#include "workspace/renewal.h"

namespace sealwright::workspace {
namespace {

constexpr std::size_t most_generations = 50;

std::string label_of(const store::Inventory& inventory, store::GenerationId id) {
  const auto generation = inventory.generation(id);
  return generation ? generation->label() : "";
}

std::string key_place(const Workspace& workspace, const store::Generation& generation) {
  const auto key = generation.key ? workspace.inventory().key(*generation.key) : std::nullopt;
  if (!key) return "not in this inventory";
  if (!key->uri.empty()) return fmt::format("{}, on a token: {}", key->algorithm, key->uri);
  return fmt::format("{}, in the inventory, keyring '{}'", key->algorithm, key->keyring);
}

/// "lab-trust: root", for every store of every bundle that names it.
Json bundles_with(const Workspace& workspace, const std::string& name) {
  Json rows = Json::array();
  for (const auto& bundle : workspace.hierarchy().bundles) {
    const std::pair<const char*, const std::vector<std::string>*> stores[] = {
        {"root", &bundle.root},
        {"ca", &bundle.ca},
        {"trusted_publisher", &bundle.trusted_publisher},
        {"disallowed", &bundle.disallowed}};
    for (const auto& [store, names] : stores)
      if (std::find(names->begin(), names->end(), name) != names->end())
        rows.push(bundle.name + ": " + store);
  }
  return rows;
}

Json history(const std::vector<store::Generation>& generations) {
  Json rows = Json::array();
  const std::size_t from =
      generations.size() > most_generations ? generations.size() - most_generations : 0;
  for (std::size_t i = from; i < generations.size(); ++i) {
    const auto& g = generations[i];
    Json row = Json::object();
    row.set("name", g.label()).set("state", store::to_text(g.state));
    row.set("policy", fmt::format("{}@{}", g.policy.name, g.policy.revision));
    row.set("valid", to_iso(g.not_before) + " to " + to_iso(g.not_after));
    row.set("thumbprint", g.thumbprint.hex());
    if (g.activated) row.set("activated", to_iso(*g.activated));
    if (g.retired) row.set("retired", to_iso(*g.retired));
    if (g.revoked) row.set("revoked", to_iso(*g.revoked));
    if (!g.reason.empty()) row.set("reason", g.reason);
    rows.push(std::move(row));
  }
  return rows;
}

/// The active generation, else the newest.
std::optional<store::Generation> standing_for(const std::vector<store::Generation>& generations) {
  std::optional<store::Generation> found;
  for (const auto& generation : generations)
    if (!found || generation.state == store::GenerationState::active ||
        found->state != store::GenerationState::active)
      found = generation;
  return found;
}

void add_wanted(const Workspace& workspace, const policy::Item& item, Json& facts) {
  facts.set("policy", fmt::format("{}@{}", item.policy->name, item.policy->revision));
  facts.set("issuer", item.self_signed() ? "itself" : item.issuer);
  if (const auto waits = waiting_for(workspace, item)) facts.set("waiting", *waits);
}

Thing certificate(const Workspace& workspace, const std::string& name) {
  const auto& inventory = workspace.inventory();
  const auto* item = workspace.hierarchy().item(name);
  const auto generations = inventory.generations_of(name);
  const auto entity = inventory.entity(name);
  Thing thing;
  const bool authority =
      item ? item->policy->is_authority() : entity->kind == store::EntityKind::authority;
  thing.kind = authority ? "authority" : "certificate";
  auto& facts = thing.facts;
  facts.set("name", name);
  if (entity && !item)
    facts.set("origin", fmt::format("{}: not in sealwright.yaml", store::to_text(entity->origin)));
  if (item) add_wanted(workspace, *item, facts);
  thing.generation = standing_for(generations);
  if (const auto& standing = thing.generation) {
    facts.set("generation", standing->label()).set("state", store::to_text(standing->state));
    facts.set("issued_by", standing->issuer ? label_of(inventory, *standing->issuer)
                                            : std::string("itself, or somebody outside"));
    facts.set("key", key_place(workspace, *standing));
  } else {
    facts.set("state", "not issued yet");
  }
  if (const auto waiting = inventory.waiting_request(name))
    facts.set("request",
              fmt::format("{}@{} to '{}', made {}", waiting->intent.name, waiting->intent.number,
                          waiting->intent.issuer, to_iso(waiting->created)));
  facts.set("bundles", bundles_with(workspace, name));
  facts.set("generations", history(generations));
  return thing;
}

Thing export_thing(const policy::Export& wanted, const Workspace& workspace) {
  Thing thing{"export", Json::object(), std::nullopt};
  thing.facts.set("name", wanted.name).set("certificate", wanted.certificate);
  thing.facts.set("generation", wanted.generation).set("format", policy::to_text(wanted.format));
  thing.facts.set("path", wanted.path);
  const auto written = workspace.inventory().last_event("export.written", "export:" + wanted.name);
  thing.facts.set("written", written ? to_iso(written->at) + ": " +
                                           Json::parse(written->details).at("generation").string()
                                     : "not yet");
  return thing;
}

Thing bundle_thing(const policy::Bundle& bundle, const Workspace& workspace) {
  Thing thing{"bundle", Json::object(), std::nullopt};
  auto& facts = thing.facts;
  facts.set("name", bundle.name);
  Json formats = Json::array();
  for (const auto& format : bundle.formats) formats.push(format.name);
  facts.set("formats", std::move(formats));
  for (const auto& entry : desired_state(workspace, bundle).present) {
    const std::string store(bundle::yaml_name(entry.store));
    Json names = facts.find(store) ? *facts.find(store) : Json::array();
    names.push(entry.label);
    facts.set(store, std::move(names));
  }
  Json versions = Json::array();
  for (const auto& version : workspace.inventory().bundle_versions(bundle.name)) {
    Json row = Json::object();
    row.set("version", version.version).set("made", to_iso(version.created));
    row.set("folder", bundle_folder(bundle, version.version));
    row.set("deployed", version.deployed
                            ? fmt::format("{}, {} of {} machines", to_iso(*version.deployed),
                                          version.machines, version.machines_total)
                            : "not that anyone said");
    versions.push(std::move(row));
  }
  facts.set("versions", std::move(versions));
  return thing;
}

Thing package_thing(const policy::Package& package) {
  Thing thing{"package", Json::object(), std::nullopt};
  thing.facts.set("name", package.name).set("path", package.path);
  thing.facts.set("os", Json::strings(package.os));
  thing.facts.set("signer", package.signer.empty() ? "none" : package.signer);
  if (!package.description.empty()) thing.facts.set("description", package.description);
  if (!package.url.empty()) thing.facts.set("url", package.url);
  return thing;
}

Thing timestamping_thing(const policy::TimestampAuthority& authority) {
  Thing thing{"timestamping", Json::object(), std::nullopt};
  thing.facts.set("name", authority.name);
  if (!authority.certificate.empty()) thing.facts.set("certificate", authority.certificate);
  if (!authority.url.empty()) thing.facts.set("url", authority.url);
  return thing;
}

Thing policy_thing(Workspace& workspace, const std::string& name) {
  const auto policy = workspace.policies().get(name);
  Thing thing{"policy", Json::object(), std::nullopt};
  auto& facts = thing.facts;
  facts.set("name", fmt::format("{}@{}", policy->name, policy->revision));
  facts.set("kind", policy::to_text(policy->kind)).set("description", policy->description);
  facts.set("lifetime", to_text(policy->validity.lifetime));
  Json used = Json::array();
  for (const auto* item : workspace.hierarchy().in_issuing_order())
    if (item->policy->name == policy->name) used.push(item->name);
  facts.set("used_by", std::move(used));
  Json revisions = Json::array();
  for (const auto& record : workspace.inventory().policies())
    if (record.reference.name == policy->name)
      revisions.push(
          fmt::format("{}, first used {}", record.reference.revision, to_iso(record.first_used)));
  facts.set("revisions_in_use", std::move(revisions));
  return thing;
}

/// Where a name stands, in the order in which it is looked for.
std::vector<std::string> kinds_of(Workspace& workspace, const std::string& name) {
  const auto& hierarchy = workspace.hierarchy();
  std::vector<std::string> kinds;
  if (hierarchy.item(name) || workspace.inventory().entity(name)) kinds.push_back("certificate");
  for (const auto& wanted : hierarchy.exports)
    if (wanted.name == name) kinds.push_back("export");
  if (hierarchy.bundle(name)) kinds.push_back("bundle");
  if (hierarchy.package(name)) kinds.push_back("package");
  if (hierarchy.timestamp_authority(name)) kinds.push_back("timestamping");
  const auto policies = workspace.policies().names();
  if (std::find(policies.begin(), policies.end(), name) != policies.end())
    kinds.push_back("policy");
  return kinds;
}

Thing thing_of(Workspace& workspace, const std::string& kind, const std::string& name) {
  const auto& hierarchy = workspace.hierarchy();
  if (kind == "certificate") return certificate(workspace, name);
  if (kind == "bundle") return bundle_thing(*hierarchy.bundle(name), workspace);
  if (kind == "package") return package_thing(*hierarchy.package(name));
  if (kind == "timestamping") return timestamping_thing(*hierarchy.timestamp_authority(name));
  if (kind == "policy") return policy_thing(workspace, name);
  const auto wanted = std::find_if(hierarchy.exports.begin(), hierarchy.exports.end(),
                                   [&](const auto& item) { return item.name == name; });
  return export_thing(*wanted, workspace);
}

std::string listed(const std::vector<std::string>& kinds, const std::string& name) {
  std::string text;
  for (const auto& kind : kinds) text += (text.empty() ? "" : ", ") + kind + ":" + name;
  return text;
}

}  // namespace

std::optional<Thing> find_thing(Workspace& workspace, const std::string& word) {
  const auto colon = word.find(':');
  const std::string wanted = colon == std::string::npos ? "" : word.substr(0, colon);
  const std::string name = colon == std::string::npos ? word : word.substr(colon + 1);
  auto kinds = kinds_of(workspace, name);
  if (!wanted.empty()) {
    const std::string kind = wanted == "authority" ? "certificate" : wanted;
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) return std::nullopt;
    return thing_of(workspace, kind, name);
  }
  if (kinds.empty()) return std::nullopt;
  if (kinds.size() > 1 && kinds.front() != "certificate")
    throw Error(Error::Kind::state, "'" + printable(name) + "' is the name of several things",
                "say which: " + listed(kinds, name));
  Thing thing = thing_of(workspace, kinds.front(), name);
  kinds.erase(kinds.begin());
  if (!kinds.empty()) thing.facts.set("see_also", listed(kinds, name));
  return thing;
}

}  // namespace sealwright::workspace
