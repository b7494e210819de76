#include "compat/certmgr_explain.h"

#include <map>

#include "bundle/state.h"
#include "compat/existing_items.h"

namespace sealwright::compat {
namespace {

using bundle::Store;
using x509::Certificate;

/// Where a bundle puts it: where the script does, unless Windows would not look for it there.
Store right_store(Store wanted, const Certificate& certificate, const std::string& name,
                  Proposal& proposal) {
  Store right = wanted;
  if (wanted == Store::root && !certificate.self_signed())
    right = certificate.is_ca() ? Store::ca : Store::trusted_publisher;
  if (wanted == Store::trusted_publisher && certificate.is_ca())
    right = certificate.self_signed() ? Store::root : Store::ca;
  if (wanted == Store::ca && !certificate.is_ca())
    right = certificate.self_signed() ? Store::root : Store::trusted_publisher;
  if (right != wanted)
    proposal.notes.push_back("'" + name + "' does nothing in " +
                             std::string(registry_name(wanted)) + ": it goes into " +
                             std::string(registry_name(right)));
  return right;
}

std::string bundle_text(const std::map<Store, std::string>& lists) {
  std::string stores;
  for (const auto& [store, names] : lists)
    stores += (stores.empty() ? "" : ", ") + std::string(yaml_name(store)) + ": [" + names + "]";
  return "trust:\n  stores: {" + stores + "}\n  formats: {reg: {}, gpo: {}}";
}

void note_other_store(const CertmgrCall& call, Proposal& proposal) {
  proposal.notes.push_back(
      "no bundle fills store '" + call.target->name +
      "': to sign nothing needs to lie in one, sealwright sign FILE --with NAME takes the key from "
      "the inventory");
}

}  // namespace

Proposal proposal_for(const CertmgrCall& call, const std::vector<Certificate>& certificates) {
  Proposal proposal;
  proposal.name = "from-certmgr";
  std::vector<ExistingCertificate> existing;
  for (const auto& one : certificates) existing.push_back({one, call.source.name});
  const auto names = add_existing(proposal, existing);
  const Place& target = *call.target;
  for (const auto& one : certificates)
    proposal.stores.push_back(std::string(to_text(target.location)) + "\\" + target.name + ": " +
                              shown(one));
  const auto wanted = bundle::store_by_registry_name(target.name);
  if (!wanted) {
    note_other_store(call, proposal);
    return proposal;
  }
  std::map<Store, std::string> lists;
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    auto& list = lists[right_store(*wanted, certificates[i], names[i], proposal)];
    list += (list.empty() ? "" : ", ") + names[i];
  }
  proposal.bundles.push_back(bundle_text(lists));
  if (target.location == store::StoreLocation::current_user)
    proposal.notes.push_back(
        "a bundle fills the stores of LocalMachine: a driver installation looks at no others");
  return proposal;
}

}  // namespace sealwright::compat
