#pragma once
// Groups of keys under one data key, which itself is only in the slots.

namespace sealwright::store::sql::keyrings {

constexpr const char* create_table =
    "CREATE TABLE keyrings ("
    " name TEXT PRIMARY KEY,"
    " data_key TEXT NOT NULL UNIQUE,"
    " created BIGINT NOT NULL)";
constexpr const char* insert = "INSERT INTO keyrings (name, data_key, created) VALUES (?1, ?2, ?3)";
constexpr const char* select_all = "SELECT name, data_key, created FROM keyrings ORDER BY name";

}  // namespace sealwright::store::sql::keyrings
