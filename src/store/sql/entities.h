#pragma once
// The names of the hierarchy. A name is one entity, whatever its kind.

namespace sealwright::store::sql::entities {

constexpr const char* create_table =
    "CREATE TABLE entities ("
    " id INTEGER PRIMARY KEY,"
    " kind TEXT NOT NULL CHECK (kind IN ('authority', 'certificate')),"
    " name TEXT NOT NULL UNIQUE,"
    " created BIGINT NOT NULL)";
/// Schema 2: where the name came from.
constexpr const char* add_origin =
    "ALTER TABLE entities ADD COLUMN origin TEXT NOT NULL DEFAULT 'hierarchy'"
    " CHECK (origin IN ('hierarchy', 'command', 'import'))";
constexpr const char* insert =
    "INSERT INTO entities (id, kind, name, created, origin)"
    " SELECT COALESCE(MAX(id), 0) + 1, ?1, ?2, ?3, ?4 FROM entities RETURNING id";
constexpr const char* select_all =
    "SELECT id, kind, name, created, origin FROM entities ORDER BY name";
constexpr const char* select_one =
    "SELECT id, kind, name, created, origin FROM entities WHERE name = ?1";
constexpr const char* rename = "UPDATE entities SET name = ?2 WHERE name = ?1";

}  // namespace sealwright::store::sql::entities
