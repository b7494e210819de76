#include "base/encoding.h"
#include "base/error.h"
#include "store/database.h"
#include "store/inventory.h"
#include "store/sql/keyrings.h"
#include "store/sql/keys.h"
#include "store/sql/slots.h"

namespace sealwright::store {
namespace {

ExportRule export_rule(const std::string& text) {
  if (text == "allowed") return ExportRule::allowed;
  return text == "ask" ? ExportRule::ask : ExportRule::never;
}

KeyRecord read_key(Statement& row) {
  KeyRecord key;
  key.id = row.get<KeyId>();
  key.keyring = row.get<std::string>();
  key.sealed = row.get<Bytes>();
  key.spki = row.get<Bytes>();
  key.algorithm = row.get<std::string>();
  key.export_rule = export_rule(row.get<std::string>());
  key.created = row.get<Time>();
  key.uri = row.get<std::string>();
  return key;
}

SlotRecord read_slot(Statement& row) {
  SlotRecord slot;
  slot.id = row.get<std::string>();
  slot.name = row.get<std::string>();
  slot.kind = row.get<std::string>() == "key-file" ? SlotKind::key_file : SlotKind::passphrase;
  slot.salt = row.get<Bytes>();
  slot.scrypt_n = row.get<std::uint64_t>();
  slot.scrypt_r = row.get<std::uint32_t>();
  slot.scrypt_p = row.get<std::uint32_t>();
  slot.created = row.get<Time>();
  return slot;
}

Json slot_details(const SlotRecord& slot) {
  Json keyrings = Json::array();
  for (const auto& opens : slot.opens) keyrings.push(opens.keyring);
  return Json::object().set("kind", to_text(slot.kind)).set("keyrings", std::move(keyrings));
}

std::string id_of_slot(Database& database, const std::string& name) {
  Statement row(database, sql::slots::select_id);
  if (!row.with(name).step()) throw Error(Error::Kind::state, "there is no slot '" + name + "'");
  return row.get<std::string>();
}

}  // namespace

std::optional<KeyRecord> Inventory::key(const KeyId& id) const {
  Statement row(*database_, sql::keys::select_one);
  if (!row.with(id).step()) return std::nullopt;
  return read_key(row);
}

std::vector<KeyRecord> Inventory::keys() const {
  Statement row(*database_, sql::keys::select_all);
  std::vector<KeyRecord> all;
  while (row.step()) all.push_back(read_key(row));
  return all;
}

/// Part of the transaction that says what the key is for.
void Inventory::insert_key(const KeyRecord& key) {
  const bool fresh = Statement(*database_, sql::keys::insert)
                         .with(key.id, key.keyring, key.sealed, key.spki, key.algorithm,
                               to_text(key.export_rule), now(), key.uri)
                         .run_unless_taken();
  if (!fresh)
    throw Error(Error::Kind::state, "key " + key.id.hex() + " is in the inventory already");
}

std::vector<KeyringRecord> Inventory::keyrings() const {
  Statement row(*database_, sql::keyrings::select_all);
  std::vector<KeyringRecord> all;
  while (row.step()) {
    KeyringRecord keyring;
    keyring.name = row.get<std::string>();
    keyring.data_key = row.get<std::string>();
    keyring.created = row.get<Time>();
    all.push_back(std::move(keyring));
  }
  return all;
}

void Inventory::add_keyring(const KeyringRecord& keyring) {
  Transaction transaction(*database_);
  if (!Statement(*database_, sql::keyrings::insert)
           .with(keyring.name, keyring.data_key, now())
           .run_unless_taken())
    throw Error(Error::Kind::state, "keyring '" + keyring.name + "' already exists");
  append("keyring.created", keyring.name, Json::object());
  transaction.commit();
}

std::vector<SlotRecord> Inventory::slots() const {
  Statement row(*database_, sql::slots::select_all);
  std::vector<SlotRecord> all;
  while (row.step()) {
    SlotRecord slot = read_slot(row);
    SlotRecord::Opens opens;
    opens.keyring = row.get<std::string>();
    opens.data_key = row.get<std::string>();
    opens.sealed = row.get<Bytes>();
    if (all.empty() || all.back().id != slot.id) all.push_back(std::move(slot));
    all.back().opens.push_back(std::move(opens));
  }
  return all;
}

void Inventory::insert_slot(const SlotRecord& slot) {
  if (!Statement(*database_, sql::slots::insert)
           .with(slot.id, slot.name, to_text(slot.kind), slot.salt, std::int64_t(slot.scrypt_n),
                 slot.scrypt_r, slot.scrypt_p, now())
           .run_unless_taken())
    throw Error(Error::Kind::state, "slot '" + slot.name + "' already exists");
  for (const auto& opens : slot.opens)
    Statement(*database_, sql::slots::insert_keyring)
        .with(slot.id, opens.keyring, opens.data_key, opens.sealed)
        .run();
}

void Inventory::delete_slot(const std::string& id) {
  Statement(*database_, sql::slots::remove_keyrings).with(id).run();
  Statement(*database_, sql::slots::remove).with(id).run();
}

void Inventory::add_slot(const SlotRecord& slot) {
  Transaction transaction(*database_);
  insert_slot(slot);
  append("slot.added", slot.name, slot_details(slot));
  transaction.commit();
}

void Inventory::remove_slot(const std::string& name) {
  Transaction transaction(*database_);
  const std::string id = id_of_slot(*database_, name);
  {
    Statement row(*database_, sql::slots::select_sole);
    if (row.with(id).step())
      throw Error(
          Error::Kind::state,
          "slot '" + name + "' is the only one that opens keyring '" + row.get<std::string>() + "'",
          "add another slot for it first");
  }
  delete_slot(id);
  append("slot.removed", name, Json::object());
  transaction.commit();
  forget_old_slots();
}

void Inventory::replace_slot(const SlotRecord& slot) {
  Transaction transaction(*database_);
  delete_slot(id_of_slot(*database_, slot.name));
  insert_slot(slot);
  append("slot.replaced", slot.name, slot_details(slot));
  transaction.commit();
  forget_old_slots();
}

/// SQLite keeps what was overwritten readable in its log until a checkpoint.
void Inventory::forget_old_slots() {
  try {
    database_->checkpoint();
  } catch (const Error& error) {
    if (error.kind != Error::Kind::state) throw;
    throw Error(Error::Kind::state,
                "the slot is changed, but another process reads the inventory, and what the slot "
                "was is still in its log",
                "end the other process; the next change to a slot clears the log");
  }
}

}  // namespace sealwright::store
