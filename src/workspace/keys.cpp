#include "workspace/keys.h"

#include <algorithm>

#include "base/error.h"

namespace sealwright::workspace {

namespace fs = std::filesystem;

Keys::Keys(Workspace& workspace, AskPassphrase ask, ca::KeyringOptions options)
    : workspace_(workspace), ask_(std::move(ask)), options_(std::move(options)) {}

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
  return open(key->keyring).signer(*key);
}

}  // namespace sealwright::workspace
