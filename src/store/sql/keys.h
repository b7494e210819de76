#pragma once
// Private keys, sealed under the data key of their keyring. The id is SHA-256 of the public key.

namespace sealwright::store::sql::keys {

constexpr const char* create_table =
    "CREATE TABLE keys ("
    " id BLOB PRIMARY KEY,"
    " keyring TEXT NOT NULL REFERENCES keyrings (name),"
    " sealed BLOB NOT NULL,"
    " spki BLOB NOT NULL,"
    " algorithm TEXT NOT NULL,"
    " export_rule TEXT NOT NULL CHECK (export_rule IN ('never', 'ask', 'allowed')),"
    " created BIGINT NOT NULL)";
/// Schema 2: keys on tokens have a URI, and nothing sealed.
constexpr const char* add_uri = "ALTER TABLE keys ADD COLUMN uri TEXT NOT NULL DEFAULT ''";
constexpr const char* insert =
    "INSERT INTO keys (id, keyring, sealed, spki, algorithm, export_rule, created, uri)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
constexpr const char* select_one =
    "SELECT id, keyring, sealed, spki, algorithm, export_rule, created, uri FROM keys"
    " WHERE id = ?1";
constexpr const char* select_all =
    "SELECT id, keyring, sealed, spki, algorithm, export_rule, created, uri FROM keys"
    " ORDER BY created, id";
/// Not while a certificate was made for it.
constexpr const char* remove_unused =
    "DELETE FROM keys WHERE id = ?1"
    " AND NOT EXISTS (SELECT 1 FROM generations WHERE key_id = ?1)"
    " AND NOT EXISTS (SELECT 1 FROM requests WHERE key_id = ?1 AND outcome = 'waiting')";

}  // namespace sealwright::store::sql::keys
