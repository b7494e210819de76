#pragma once
// The names of the hierarchy. A name is one entity, whatever its kind.

namespace sealwright::store::sql::entities {

constexpr const char* create_table =
    "CREATE TABLE entities ("
    " id INTEGER PRIMARY KEY,"
    " kind TEXT NOT NULL CHECK (kind IN ('authority', 'certificate')),"
    " name TEXT NOT NULL UNIQUE,"
    " created BIGINT NOT NULL)";
constexpr const char* insert =
    "INSERT INTO entities (id, kind, name, created)"
    " SELECT COALESCE(MAX(id), 0) + 1, ?1, ?2, ?3 FROM entities RETURNING id";
constexpr const char* select_all = "SELECT id, kind, name, created FROM entities ORDER BY name";
constexpr const char* select_one = "SELECT id, kind, name, created FROM entities WHERE name = ?1";
constexpr const char* rename = "UPDATE entities SET name = ?2 WHERE name = ?1";

}  // namespace sealwright::store::sql::entities
