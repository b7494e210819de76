#pragma once
// The Windows stores that scripts fill. `folded` is the store's name in lower case: Windows tells
// names apart by their letters, not by their case.

namespace sealwright::store::sql::windows_stores {

/// Schema 3. `number` keeps the order of what was added in one second.
constexpr const char* create_table =
    "CREATE TABLE windows_stores ("
    " location TEXT NOT NULL CHECK (location IN ('CurrentUser', 'LocalMachine')),"
    " folded TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " sha256 BLOB NOT NULL,"
    " certificate BLOB NOT NULL,"
    " added BIGINT NOT NULL,"
    " number BIGINT NOT NULL,"
    " PRIMARY KEY (location, folded, sha256))";
constexpr const char* insert =
    "INSERT INTO windows_stores (location, folded, name, sha256, certificate, added, number)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, COALESCE(MAX(number), 0) + 1 FROM windows_stores";
constexpr const char* remove =
    "DELETE FROM windows_stores WHERE location = ?1 AND folded = ?2 AND sha256 = ?3";
constexpr const char* select_of =
    "SELECT name, sha256, certificate, added FROM windows_stores"
    " WHERE location = ?1 AND folded = ?2 ORDER BY number";
constexpr const char* select_names =
    "SELECT location, MIN(name) FROM windows_stores GROUP BY location, folded"
    " ORDER BY location, folded";

}  // namespace sealwright::store::sql::windows_stores
