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
constexpr const char* insert =
    "INSERT INTO workspace (id, name, lab, created, last_holder) VALUES (?1, ?2, ?3, ?4, 0)";
constexpr const char* select = "SELECT id, name, lab, created FROM workspace";
constexpr const char* next_holder =
    "UPDATE workspace SET last_holder = last_holder + 1 RETURNING last_holder";

}  // namespace sealwright::store::sql::workspace
