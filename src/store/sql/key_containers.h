#pragma once
// Keys by the names of the CryptoAPI containers in which scripts believe them; `folded` as for
// stores.

namespace sealwright::store::sql::key_containers {

/// Schema 3. A key may be named before it is stored, so nothing refers to `keys`.
constexpr const char* create_table =
    "CREATE TABLE key_containers ("
    " folded TEXT PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " key_id BLOB NOT NULL,"
    " created BIGINT NOT NULL)";
constexpr const char* insert =
    "INSERT INTO key_containers (folded, name, key_id, created) VALUES (?1, ?2, ?3, ?4)";
constexpr const char* select_one =
    "SELECT key_id FROM key_containers WHERE folded = ?1"
    " AND EXISTS (SELECT 1 FROM keys WHERE keys.id = key_containers.key_id)";
/// Its key was never stored, or was destroyed with the issuance it was for.
constexpr const char* remove_unused =
    "DELETE FROM key_containers WHERE folded = ?1"
    " AND NOT EXISTS (SELECT 1 FROM keys WHERE keys.id = key_containers.key_id)";

}  // namespace sealwright::store::sql::key_containers
