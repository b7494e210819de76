#pragma once
// What opens keyrings: how its key is derived, and the data keys sealed under it.

namespace sealwright::store::sql::slots {

constexpr const char* create_table =
    "CREATE TABLE slots ("
    " id TEXT PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL CHECK (kind IN ('passphrase', 'key-file')),"
    " salt BLOB NOT NULL,"
    " scrypt_n BIGINT NOT NULL,"
    " scrypt_r BIGINT NOT NULL,"
    " scrypt_p BIGINT NOT NULL,"
    " created BIGINT NOT NULL)";
constexpr const char* create_keyrings_table =
    "CREATE TABLE slot_keyrings ("
    " slot TEXT NOT NULL REFERENCES slots (id),"
    " keyring TEXT NOT NULL REFERENCES keyrings (name),"
    " data_key TEXT NOT NULL,"
    " sealed BLOB NOT NULL,"
    " PRIMARY KEY (slot, keyring))";
constexpr const char* insert =
    "INSERT INTO slots (id, name, kind, salt, scrypt_n, scrypt_r, scrypt_p, created)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
constexpr const char* insert_keyring =
    "INSERT INTO slot_keyrings (slot, keyring, data_key, sealed) VALUES (?1, ?2, ?3, ?4)";
constexpr const char* select_all =
    "SELECT id, name, kind, salt, scrypt_n, scrypt_r, scrypt_p, created, keyring, data_key, sealed"
    " FROM slots JOIN slot_keyrings ON slot = id ORDER BY name, keyring";
constexpr const char* select_id = "SELECT id FROM slots WHERE name = ?1";
/// A keyring that only this slot opens.
constexpr const char* select_sole =
    "SELECT keyring FROM slot_keyrings AS mine WHERE slot = ?1 AND NOT EXISTS"
    " (SELECT 1 FROM slot_keyrings AS other"
    "  WHERE other.keyring = mine.keyring AND other.slot <> mine.slot)"
    " ORDER BY keyring";
constexpr const char* remove_keyrings = "DELETE FROM slot_keyrings WHERE slot = ?1";
constexpr const char* remove = "DELETE FROM slots WHERE id = ?1";

}  // namespace sealwright::store::sql::slots
