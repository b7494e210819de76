#include "workspace/keys.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::workspace {

namespace fs = std::filesystem;

namespace {

store::ExportRule export_rule(policy::KeyExport rule) {
  switch (rule) {
    case policy::KeyExport::never:
      return store::ExportRule::never;
    case policy::KeyExport::ask:
      return store::ExportRule::ask;
    case policy::KeyExport::allowed:
      return store::ExportRule::allowed;
  }
  return store::ExportRule::never;
}

std::optional<store::Generation> newest_in_use(const store::Inventory& inventory,
                                               const std::string& name) {
  std::optional<store::Generation> newest;
  for (auto& generation : inventory.generations_of(name))
    if (store::is_live(generation.state) && (!newest || newest->number < generation.number))
      newest = std::move(generation);
  return newest;
}

/// A key that one revoked generation had is not used again by the next.
bool believed(const store::Inventory& inventory, const KeyId& key) {
  const auto owners = inventory.find(key);
  return std::none_of(owners.begin(), owners.end(), [](const auto& generation) {
    return generation.state == store::GenerationState::revoked || generation.distrusted;
  });
}

}  // namespace

Keys::Keys(Workspace& workspace, AskPassphrase ask, ca::KeyringOptions options,
           ossl::TokenOptions tokens)
    : workspace_(workspace),
      ask_(std::move(ask)),
      options_(std::move(options)),
      token_options_(std::move(tokens)) {
  token_options_.random = options_.random;
}

void Keys::take(ca::OpenKeyrings opened) {
  if (open_)
    open_->merge(std::move(opened));
  else
    open_ = std::move(opened);
}

bool Keys::open_by_file(const std::string& keyring) {
  const auto slots = workspace_.inventory().slots();
  const bool by_file = std::any_of(slots.begin(), slots.end(), [&](const store::SlotRecord& slot) {
    return slot.kind == store::SlotKind::key_file &&
           std::any_of(slot.opens.begin(), slot.opens.end(),
                       [&](const auto& opens) { return opens.keyring == keyring; });
  });
  if (!by_file) return false;
  for (const char* name : {ca::lab_key_file, services_key_file}) {
    const fs::path path = workspace_.private_folder() / name;
    if (!fs::exists(path)) continue;
    try {
      take(ca::open_keyrings(workspace_.inventory(), ca::Credential::key_file(path), {keyring},
                             options_));
      return true;
    } catch (const Error& error) {
      // Another key file, or the passphrase, may be the one.
      if (error.kind != Error::Kind::crypto) throw;
    }
  }
  return false;
}

const ca::OpenKeyrings& Keys::open(const std::string& keyring) {
  if (open_ && open_->holds(keyring)) return *open_;
  if (open_by_file(keyring)) return *open_;
  if (!passphrase_) passphrase_ = ca::Credential::passphrase(ask_());
  take(ca::open_keyrings(workspace_.inventory(), *passphrase_, {keyring}, options_));
  return *open_;
}

std::unique_ptr<ossl::Signer> Keys::signer(const store::Generation& generation) {
  const auto key = generation.key ? workspace_.inventory().key(*generation.key) : std::nullopt;
  if (!key)
    throw Error(Error::Kind::state,
                "the private key of '" + generation.label() + "' is not in the inventory");
  if (key->uri.empty()) return open(key->keyring).signer(*key);
  auto found = tokens().find(ossl::TokenUri::parse(key->uri));
  if (found.signer->public_key().id() != key->id)
    throw Error(Error::Kind::crypto,
                "the key on the token is not the one of '" + generation.label() + "'",
                "it is recorded as '" + printable(key->uri) + "': something else replaced it");
  return std::move(found.signer);
}

ca::NewKey Keys::key_for(const policy::Item& item) {
  if (item.policy->renewal.reuse_key)
    if (const auto newest = newest_in_use(workspace_.inventory(), item.name);
        newest && newest->key && believed(workspace_.inventory(), *newest->key))
      if (auto key = workspace_.inventory().key(*newest->key)) return {*key, signer(*newest)};
  if (item.key.store == policy::KeyStore::pkcs11) return token_key(item);
  const auto& key = item.policy->key;
  return open(item.key.keyring).generate(item.key.keyring, key.spec, export_rule(key.key_export));
}

}  // namespace sealwright::workspace
