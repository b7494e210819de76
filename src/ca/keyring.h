#pragma once
// Keyrings: private keys at rest and how they are opened (house rule 4). Each keyring has one
// random data key; each private key is sealed under it; each slot holds the data keys of the
// keyrings it opens, sealed under a key made from a passphrase (scrypt) or from a key file (HKDF).
// Only what a command asks for is opened.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ossl/seal.h"
#include "ossl/signer.h"
#include "store/inventory.h"

namespace sealwright::ca {

constexpr std::size_t key_file_bytes = 32;

/// What a person or a machine presents to open slots.
class Credential {
 public:
  /// Throws Error::Kind::input for an empty passphrase, or one over 1,024 bytes.
  static Credential passphrase(ossl::Secret passphrase);
  /// Throws Error::Kind::input unless the file has exactly key_file_bytes bytes, and
  /// Error::Kind::policy when others than its owner may read or write it.
  static Credential key_file(const std::filesystem::path& path);
  static Credential key_file(ossl::Secret content);

  store::SlotKind kind() const { return kind_; }
  const ossl::Secret& secret() const { return secret_; }

 private:
  Credential(store::SlotKind kind, ossl::Secret secret) : kind_(kind), secret_(std::move(secret)) {}
  store::SlotKind kind_;
  ossl::Secret secret_;
};

/// Writes a new random key file (0600). Throws Error::Kind::state when it is there already.
void write_key_file(const std::filesystem::path& path, const ossl::Random& random);

/// The key file that opens a lab made with `--no-passphrase`: `.sealwright/lab.key` beside the
/// inventory. Whoever can read the workspace can use its keys; only labs may have it.
constexpr const char* lab_key_file = "lab.key";

struct KeyringOptions {
  ossl::Random random = ossl::system_random();
  ossl::ScryptCost cost;  ///< Of new passphrase slots.
};

/// A private key that was just made: sealed for the inventory, and able to sign.
struct NewKey {
  store::KeyRecord record;
  std::unique_ptr<ossl::Signer> signer;
};

/// Data keys in memory, wiped at the end; move-only.
class OpenKeyrings {
 public:
  OpenKeyrings(OpenKeyrings&&) = default;
  OpenKeyrings& operator=(OpenKeyrings&&) = default;

  bool holds(const std::string& keyring) const { return data_keys_.contains(keyring); }
  std::vector<std::string> names() const;
  /// Takes the other's keyrings too: for work that needs two credentials.
  void merge(OpenKeyrings other);

  /// Makes a key for `keyring`; it is stored by whoever records why it was made (issue()).
  NewKey generate(const std::string& keyring, const ossl::KeySpec& spec,
                  store::ExportRule rule) const;
  /// Seals a key that came from outside.
  store::KeyRecord seal(const std::string& keyring, const ossl::PrivateKey& key,
                        store::ExportRule rule) const;
  /// A Signer over a key of the inventory. It records nothing by itself: certificates are signed
  /// through issue(), everything else through RecordingSigner. Throws Error::Kind::crypto when the
  /// keyring is not open or the sealed key does not open.
  std::unique_ptr<ossl::Signer> signer(const store::KeyRecord& key) const;
  /// For exports only (ca/export.h).
  ossl::PrivateKey unseal(const store::KeyRecord& key) const;

 private:
  friend class Slots;  // keyring.cpp: what turns slots into data keys and back
  struct DataKey {
    std::string id;
    ossl::Secret key;
  };
  OpenKeyrings(std::string workspace, ossl::Random random)
      : workspace_(std::move(workspace)), random_(std::move(random)) {}
  const DataKey& data_key(const std::string& keyring) const;
  std::string workspace_;
  ossl::Random random_;
  std::map<std::string, DataKey> data_keys_;
};

/// A slot that is to be: its name, what opens it, and which keyrings it opens.
struct SlotRequest {
  std::string name;
  const Credential& credential;
  std::vector<std::string> keyrings;
};

/// Makes keyrings with fresh data keys and their first slots, in one transaction. Every keyring
/// must be opened by a slot. Throws Error::Kind::policy for a slot that opens `signing` and
/// `services` both, unless the workspace is a lab.
OpenKeyrings create_keyrings(store::Inventory& inventory, const std::vector<std::string>& keyrings,
                             const std::vector<SlotRequest>& slots, const KeyringOptions& options);

/// Opens `wanted` (empty: all that the credential opens). Throws Error::Kind::crypto "the
/// passphrase opens no slot", or when the slots it opens lack a keyring that is wanted;
/// Error::Kind::state for a keyring that does not exist.
OpenKeyrings open_keyrings(const store::Inventory& inventory, const Credential& credential,
                           const std::vector<std::string>& wanted, const KeyringOptions& options);

/// Adds a slot; its keyrings must be open. Same policy as create_keyrings().
void add_slot(store::Inventory& inventory, const OpenKeyrings& open, const SlotRequest& slot,
              const KeyringOptions& options);
/// Gives the slot that `old` opens a new credential; it opens what it did before.
void change_slot(store::Inventory& inventory, const std::string& name, const Credential& old,
                 const Credential& replacement, const KeyringOptions& options);

}  // namespace sealwright::ca
