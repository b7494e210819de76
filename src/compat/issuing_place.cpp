#include "compat/issuing_place.h"

#include "base/encoding.h"
#include "base/error.h"
#include "ca/issue.h"
#include "ca/sha256.h"
#include "compat/proposal.h"
#include "workspace/one_shot.h"

namespace sealwright::compat {
namespace {

constexpr const char* only_keyring = "keys";
constexpr std::size_t max_stem = 56;  // a name has 64

}  // namespace

IssuingPlace IssuingPlace::in_memory(World& world) {
  IssuingPlace place;
  const store::WorkspaceRecord record{
      to_hex(ossl::random_bytes(world.random, 16)), "makecert", true, {}};
  place.own_ = store::Inventory::create(":memory:", record, world.clock);
  const auto credential =
      ca::Credential::key_file(ossl::Secret(ossl::random_bytes(world.random, ca::key_file_bytes)));
  place.own_keys_ = ca::create_keyrings(*place.own_, {only_keyring},
                                        {{"run", credential, {only_keyring}}}, {world.random, {}});
  return place;
}

IssuingPlace IssuingPlace::in_workspace(World& world) {
  IssuingPlace place;
  place.opened_.emplace(world.open_workspace());
  return place;
}

store::Inventory& IssuingPlace::inventory() {
  return opened_ ? opened_->workspace.inventory() : *own_;
}

policy::PolicySet& IssuingPlace::policies() {
  return opened_ ? opened_->workspace.policies() : own_policies_;
}

std::string IssuingPlace::keyring_for(const policy::Policy& policy) {
  return opened_ ? workspace::keyring_for(opened_->workspace.hierarchy(), policy) : only_keyring;
}

const ca::OpenKeyrings& IssuingPlace::open_for(const policy::Policy& policy) {
  if (!opened_) return *own_keys_;
  if (!keys_) keys_.emplace(opened_->keys(opened_->workspace));
  return keys_->open(keyring_for(policy));
}

std::unique_ptr<ossl::Signer> IssuingPlace::signer(const store::Generation& generation) {
  if (!opened_) return own_keys_->signer(*inventory().key(*generation.key));
  if (!keys_) keys_.emplace(opened_->keys(opened_->workspace));
  return keys_->signer(generation);
}

/// Neither the YAML's nor another's: a stranger is no generation of an authority that is there,
/// which would go into the bundles.
std::string IssuingPlace::free_name(const std::string& wanted) {
  const auto taken = [&](const std::string& name) {
    return (opened_ && opened_->workspace.hierarchy().item(name)) || inventory().entity(name);
  };
  std::string name = wanted;
  for (int next = 2; taken(name); ++next)
    name = wanted.substr(0, max_stem) + "-" + std::to_string(next);
  return name;
}

store::Generation IssuingPlace::adopt_authority(const x509::Certificate& certificate) {
  const auto policy = policies().get("imported-ca");
  store::AdoptedCertificate made;
  made.kind = store::EntityKind::authority;
  made.name = free_name(item_name(certificate.subject().display(), "issuer"));
  made.number = inventory().next_number(made.name);
  made.policy = ca::record_of(*policy);
  made.serial = certificate.serial();
  made.issuer_name = ca::sha256(certificate.issuer().der());
  made.to_be_signed = ca::sha256(certificate.tbs());
  made.key = certificate.public_key().id();
  made.issued = {certificate.der(),
                 certificate.thumbprint(),
                 certificate.sha256(),
                 certificate.subject().text(),
                 certificate.not_before(),
                 certificate.not_after(),
                 store::GenerationState::active};
  return inventory().adopt(made);
}

}  // namespace sealwright::compat
