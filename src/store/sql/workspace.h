#pragma once
// One row: whose inventory this is. `last_holder` numbers the processes that recorded intents.

namespace sealwright::store::sql::workspace {

constexpr const char* create_table =
    "CREATE TABLE workspace ("
    " id TEXT PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " lab INTEGER NOT NULL,"
    " created BIGINT NOT NULL,"
    " last_holder BIGINT NOT NULL)";
/// Schema 2: whether it is the workspace in the safe.
constexpr const char* add_offline =
    "ALTER TABLE workspace ADD COLUMN offline INTEGER NOT NULL DEFAULT 0";
constexpr const char* insert =
    "INSERT INTO workspace (id, name, lab, created, last_holder, offline)"
    " VALUES (?1, ?2, ?3, ?4, 0, ?5)";
constexpr const char* select = "SELECT id, name, lab, created, offline FROM workspace";
constexpr const char* next_holder =
    "UPDATE workspace SET last_holder = last_holder + 1 RETURNING last_holder";

}  // namespace sealwright::store::sql::workspace
