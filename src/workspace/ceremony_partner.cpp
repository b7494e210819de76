#include "workspace/ceremony_partner.h"

#include "base/encoding.h"

namespace sealwright::workspace {
namespace {

constexpr const char* partner_event = "ceremony.partner";

std::string other_side(const Workspace& workspace) {
  return workspace.inventory().workspace().offline ? "online" : "safe";
}

}  // namespace

void check_partner(const Workspace& workspace, const CeremonyOrigin& origin) {
  const auto& own = workspace.inventory().workspace();
  if (origin.workspace != own.name)
    throw Error(Error::Kind::state, "the file is of the PKI '" + printable(origin.workspace) +
                                        "', and this is '" + own.name + "'");
  if (origin.id == own.id)
    throw Error(Error::Kind::state, "the file was made in this very workspace",
                own.offline ? "it goes to the workspace on the network"
                            : "it goes to the workspace in the safe");
  const auto known = workspace.inventory().last_event(partner_event, other_side(workspace));
  if (!known || Json::parse(known->details).at("id").string() == origin.id) return;
  throw Error(Error::Kind::state,
              "the file comes from another workspace than the ceremonies before",
              "before it was " + Json::parse(known->details).at("id").string() + ", now it is " +
                  printable(origin.id));
}

void remember_partner(Workspace& workspace, const CeremonyOrigin& origin) {
  auto& inventory = workspace.inventory();
  if (!inventory.last_event(partner_event, other_side(workspace)))
    inventory.record_event(partner_event, other_side(workspace),
                           Json::object().set("id", origin.id));
}

CeremonyOrigin origin_here(const Workspace& workspace, const std::string& by) {
  const auto& own = workspace.inventory().workspace();
  return {own.name, own.id, workspace.now(), printable(by, 100)};
}

CeremonyTerms terms_of(const policy::Item& item) {
  return {item.policy->name + "@" + std::to_string(item.policy->revision), item.policy->fingerprint,
          x509::Name::of(item.subject.attributes).text()};
}

void check_terms(const policy::Item& item, const CeremonyTerms& terms) {
  const auto own = terms_of(item);
  const auto refuse = [&](const std::string& message) {
    throw at_place(item.place, Error(Error::Kind::policy, "'" + item.name + "' " + message,
                                     "both workspaces need the same sealwright.yaml and policies"));
  };
  if (terms.policy != own.policy)
    refuse("is of policy '" + own.policy + "' here, and '" + printable(terms.policy) +
           "' in the file");
  if (terms.fingerprint != own.fingerprint)
    refuse("is of policy '" + own.policy + "', which says something else on the other side");
}

Error at_place(const policy::Place& place, Error error) {
  return with_prefix(std::move(error), policy::to_text(place));
}

bool is_offline(const policy::Item* item) {
  return item && item->key.store == policy::KeyStore::offline;
}

}  // namespace sealwright::workspace
