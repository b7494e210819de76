#include "ca/keyring.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"

namespace sealwright::ca {
namespace {

constexpr std::size_t max_passphrase_bytes = 1024;
constexpr std::size_t data_key_bytes = 32, salt_bytes = 32, id_bytes = 16;

/// Each part with its length, so that no two lists of parts give the same bytes.
Bytes joined(std::initializer_list<BytesView> parts) {
  Bytes all;
  for (const BytesView part : parts) {
    put_u32le(all, std::uint32_t(part.size()));
    append(all, part);
  }
  return all;
}

/// What a private key is sealed with (house rule 4).
Bytes key_associated_data(const std::string& workspace, const KeyId& row, const KeyId& public_key) {
  return joined({view(workspace), view("key"), row.value, public_key.value});
}

Bytes slot_associated_data(const std::string& workspace, const std::string& slot,
                           const std::string& keyring, const std::string& data_key) {
  return joined({view(workspace), view("slot"), view(slot), view(keyring), view(data_key)});
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

std::string_view what_opens(store::SlotKind kind) {
  return kind == store::SlotKind::passphrase ? "the passphrase" : "the key file";
}

std::vector<std::string> keyrings_of(const store::SlotRecord& slot) {
  std::vector<std::string> names;
  for (const auto& opens : slot.opens) names.push_back(opens.keyring);
  return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Credential Credential::passphrase(ossl::Secret passphrase) {
  if (passphrase.empty()) throw Error(Error::Kind::input, "the passphrase is empty");
  if (passphrase.size() > max_passphrase_bytes)
    throw Error(Error::Kind::input,
                "the passphrase is longer than " + std::to_string(max_passphrase_bytes) + " bytes");
  return Credential(store::SlotKind::passphrase, std::move(passphrase));
}

Credential Credential::key_file(ossl::Secret content) {
  if (content.size() != key_file_bytes)
    throw Error(Error::Kind::input, "a key file has " + std::to_string(key_file_bytes) +
                                        " bytes, this one has " + std::to_string(content.size()));
  return Credential(store::SlotKind::key_file, std::move(content));
}

Credential Credential::key_file(const std::filesystem::path& path) {
  const InputFile file(path);
  constexpr auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  if ((std::filesystem::status(path).permissions() & others) != std::filesystem::perms::none)
    throw Error(Error::Kind::policy, "the key file '" + path.string() + "' is open to others",
                "chmod 600 it; and if others could read it, make new keys");
  try {
    ossl::Secret content(std::size_t(std::min<std::uint64_t>(file.size(), max_passphrase_bytes)));
    file.read_at(0, content.writable());
    return key_file(std::move(content));
  } catch (const Error& error) {
    throw with_prefix(error, "'" + path.string() + "'");
  }
}

void write_key_file(const std::filesystem::path& path, const ossl::Random& random) {
  ossl::Secret content(key_file_bytes);
  random(content.writable());
  write_file(path, content.view(), {Access::owner, Existing::refuse});
}

/// Turns slots into data keys and back.
class Slots {
 public:
  Slots(const store::WorkspaceRecord& workspace, const KeyringOptions& options)
      : workspace_(workspace), options_(options) {}

  OpenKeyrings nothing_open() const { return OpenKeyrings(workspace_.id, options_.random); }

  /// Adds a keyring with a fresh data key; returns its name in the inventory.
  store::KeyringRecord make_keyring(const std::string& name, OpenKeyrings& open) const {
    OpenKeyrings::DataKey made{random_id(), ossl::Secret(data_key_bytes)};
    options_.random(made.key.writable());
    store::KeyringRecord record{name, made.id, {}};
    open.data_keys_.insert_or_assign(name, std::move(made));
    return record;
  }

  store::SlotRecord make_slot(const SlotRequest& request, const OpenKeyrings& open) const {
    check(request);
    store::SlotRecord slot;
    slot.id = random_id();
    slot.name = request.name;
    slot.kind = request.credential.kind();
    slot.salt = ossl::random_bytes(options_.random, salt_bytes);
    if (slot.kind == store::SlotKind::passphrase) {
      slot.scrypt_n = options_.cost.n;
      slot.scrypt_r = options_.cost.r;
      slot.scrypt_p = options_.cost.p;
    }
    const ossl::Secret wrapping_key = derive(slot, request.credential);
    for (const auto& keyring : std::set(request.keyrings.begin(), request.keyrings.end())) {
      const auto& data_key = open.data_key(keyring);
      const Bytes bound = slot_associated_data(workspace_.id, slot.id, keyring, data_key.id);
      slot.opens.push_back({keyring, data_key.id,
                            ossl::seal(wrapping_key, data_key.key.view(), bound, options_.random)});
    }
    return slot;
  }

  /// Adds the `wanted` keyrings of `slot` (empty: all) to `open`; false when the credential is not
  /// the slot's.
  bool open_slot(const store::SlotRecord& slot, const Credential& credential,
                 const std::vector<std::string>& wanted, OpenKeyrings& open) const {
    if (slot.kind != credential.kind()) return false;
    const ossl::Secret wrapping_key = derive(slot, credential);
    for (const auto& opens : slot.opens) {
      const Bytes bound =
          slot_associated_data(workspace_.id, slot.id, opens.keyring, opens.data_key);
      try {
        ossl::Secret data_key = ossl::unseal(wrapping_key, opens.sealed, bound);
        // A data key that nobody asked for is wiped at once.
        if (wanted.empty() || contains(wanted, opens.keyring))
          open.data_keys_.insert_or_assign(
              opens.keyring, OpenKeyrings::DataKey{opens.data_key, std::move(data_key)});
      } catch (const Error& error) {
        if (error.kind != Error::Kind::crypto) throw;
        return false;
      }
    }
    return true;
  }

 private:
  void check(const SlotRequest& request) const {
    if (request.keyrings.empty())
      throw Error(Error::Kind::usage, "slot '" + request.name + "' would open no keyring");
    if (!workspace_.lab && contains(request.keyrings, "signing") &&
        contains(request.keyrings, "services"))
      throw Error(Error::Kind::policy,
                  "slot '" + request.name +
                      "' would open 'signing' and 'services' both, and its thief could backdate "
                      "signatures",
                  "give 'services' a slot of its own");
  }

  ossl::Secret derive(const store::SlotRecord& slot, const Credential& credential) const {
    if (slot.kind == store::SlotKind::key_file)
      return ossl::hkdf(credential.secret(), slot.salt, "sealwright slot");
    return ossl::scrypt(credential.secret(), slot.salt,
                        {slot.scrypt_n, slot.scrypt_r, slot.scrypt_p});
  }

  std::string random_id() const { return to_hex(ossl::random_bytes(options_.random, id_bytes)); }

  const store::WorkspaceRecord& workspace_;
  const KeyringOptions& options_;
};

std::vector<std::string> OpenKeyrings::names() const {
  std::vector<std::string> names;
  for (const auto& [name, key] : data_keys_) names.push_back(name);
  return names;
}

void OpenKeyrings::merge(OpenKeyrings other) { data_keys_.merge(other.data_keys_); }

const OpenKeyrings::DataKey& OpenKeyrings::data_key(const std::string& keyring) const {
  const auto found = data_keys_.find(keyring);
  if (found == data_keys_.end())
    throw Error(Error::Kind::crypto, "keyring '" + keyring + "' is not open");
  return found->second;
}

store::KeyRecord OpenKeyrings::seal(const std::string& keyring, const ossl::PrivateKey& key,
                                    store::ExportRule rule) const {
  const ossl::PublicKey& public_key = key.public_key();
  const KeyId id = public_key.id();
  store::KeyRecord record;
  record.id = id;
  record.keyring = keyring;
  record.sealed = ossl::seal(data_key(keyring).key, key.to_pkcs8().view(),
                             key_associated_data(workspace_, id, id), random_);
  record.spki = public_key.spki();
  record.algorithm = public_key.description();
  record.export_rule = rule;
  return record;
}

NewKey OpenKeyrings::generate(const std::string& keyring, const ossl::KeySpec& spec,
                              store::ExportRule rule) const {
  data_key(keyring);  // before the time a key takes is spent
  auto key = ossl::PrivateKey::generate(spec);
  auto record = seal(keyring, key, rule);
  return {std::move(record), std::make_unique<ossl::KeySigner>(std::move(key))};
}

ossl::PrivateKey OpenKeyrings::unseal(const store::KeyRecord& key) const {
  const auto& opened = data_key(key.keyring);
  const auto public_key = ossl::PublicKey::from_spki(key.spki);
  const auto wrong = [&] {
    return Error(Error::Kind::crypto, "private key " + key.id.hex() + " does not open",
                 "the inventory was changed by something else; restore it from a backup");
  };
  try {
    const ossl::Secret pkcs8 = ossl::unseal(
        opened.key, key.sealed, key_associated_data(workspace_, key.id, public_key.id()));
    auto private_key = ossl::PrivateKey::from_pkcs8(pkcs8.view());
    if (!(private_key.public_key() == public_key)) throw wrong();
    return private_key;
  } catch (const Error& error) {
    if (error.kind != Error::Kind::crypto) throw;
    throw wrong();
  }
}

std::unique_ptr<ossl::Signer> OpenKeyrings::signer(const store::KeyRecord& key) const {
  return std::make_unique<ossl::KeySigner>(unseal(key));
}

OpenKeyrings create_keyrings(store::Inventory& inventory, const std::vector<std::string>& keyrings,
                             const std::vector<SlotRequest>& slots, const KeyringOptions& options) {
  const Slots maker(inventory.workspace(), options);
  OpenKeyrings open = maker.nothing_open();
  std::vector<store::KeyringRecord> new_keyrings;
  for (const auto& name : keyrings) new_keyrings.push_back(maker.make_keyring(name, open));
  std::vector<store::SlotRecord> new_slots;
  for (const auto& request : slots) new_slots.push_back(maker.make_slot(request, open));
  for (const auto& name : keyrings)
    if (std::none_of(slots.begin(), slots.end(),
                     [&](const auto& slot) { return contains(slot.keyrings, name); }))
      throw Error(Error::Kind::usage, "no slot opens keyring '" + name + "'");
  inventory.together([&] {
    for (const auto& keyring : new_keyrings) inventory.add_keyring(keyring);
    for (const auto& slot : new_slots) inventory.add_slot(slot);
  });
  return open;
}

namespace {

void check_keyrings_exist(const store::Inventory& inventory,
                          const std::vector<std::string>& wanted) {
  std::vector<std::string> known;
  for (const auto& keyring : inventory.keyrings()) known.push_back(keyring.name);
  for (const auto& name : wanted)
    if (!contains(known, name))
      throw Error(Error::Kind::state, "there is no keyring '" + name + "'",
                  known.empty() ? "" : "there are " + quoted_list(known));
}

bool all_open(const OpenKeyrings& open, const std::vector<std::string>& wanted) {
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(),
                                        [&](const auto& name) { return open.holds(name); });
}

Error opens_no_slot(const std::vector<store::SlotRecord>& slots, store::SlotKind kind) {
  std::vector<std::string> names;
  for (const auto& slot : slots)
    if (slot.kind == kind) names.push_back(slot.name);
  const std::string thing = kind == store::SlotKind::passphrase ? "passphrase" : "key file";
  return Error(Error::Kind::crypto, std::string(what_opens(kind)) + " opens no slot",
               names.empty() ? "no slot of this workspace takes a " + thing
                             : "slots that take a " + thing + ": " + quoted_list(names));
}

Error lacks_keyring(const std::vector<store::SlotRecord>& slots, store::SlotKind kind,
                    const std::string& keyring) {
  std::vector<std::string> names;
  for (const auto& slot : slots)
    if (contains(keyrings_of(slot), keyring)) names.push_back(slot.name);
  return Error(Error::Kind::crypto,
               std::string(what_opens(kind)) + " does not open keyring '" + keyring + "'",
               names.empty() ? "" : "slots that open it: " + quoted_list(names));
}

}  // namespace

OpenKeyrings open_keyrings(const store::Inventory& inventory, const Credential& credential,
                           const std::vector<std::string>& wanted, const KeyringOptions& options) {
  check_keyrings_exist(inventory, wanted);
  const Slots opener(inventory.workspace(), options);
  OpenKeyrings open = opener.nothing_open();
  auto slots = inventory.slots();
  // A slot without any wanted keyring is tried last, and only to tell a wrong passphrase from a
  // wrong slot.
  const auto useful = std::stable_partition(slots.begin(), slots.end(), [&](const auto& slot) {
    const auto opens = keyrings_of(slot);
    return wanted.empty() || std::any_of(wanted.begin(), wanted.end(),
                                         [&](const auto& name) { return contains(opens, name); });
  });
  bool opened = false;
  for (auto slot = slots.begin(); slot != slots.end() && !all_open(open, wanted); ++slot) {
    if (slot >= useful && opened) break;
    opened |= opener.open_slot(*slot, credential, wanted, open);
  }
  if (!opened) throw opens_no_slot(slots, credential.kind());
  for (const auto& name : wanted)
    if (!open.holds(name)) throw lacks_keyring(slots, credential.kind(), name);
  return open;
}

void add_slot(store::Inventory& inventory, const OpenKeyrings& open, const SlotRequest& slot,
              const KeyringOptions& options) {
  inventory.add_slot(Slots(inventory.workspace(), options).make_slot(slot, open));
}

void change_slot(store::Inventory& inventory, const std::string& name, const Credential& old,
                 const Credential& replacement, const KeyringOptions& options) {
  const Slots maker(inventory.workspace(), options);
  const auto slots = inventory.slots();
  const auto slot =
      std::find_if(slots.begin(), slots.end(), [&](const auto& s) { return s.name == name; });
  if (slot == slots.end()) throw Error(Error::Kind::state, "there is no slot '" + name + "'");
  OpenKeyrings open = maker.nothing_open();
  if (!maker.open_slot(*slot, old, {}, open))
    throw Error(Error::Kind::crypto,
                std::string(what_opens(old.kind())) + " does not open slot '" + name + "'");
  inventory.replace_slot(maker.make_slot({name, replacement, keyrings_of(*slot)}, open));
}

}  // namespace sealwright::ca
