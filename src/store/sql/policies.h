#pragma once
// Every policy revision that something was issued under, with its text as it was.

namespace sealwright::store::sql::policies {

constexpr const char* create_table =
    "CREATE TABLE policies ("
    " name TEXT NOT NULL,"
    " revision INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL,"
    " text TEXT NOT NULL,"
    " first_used BIGINT NOT NULL,"
    " PRIMARY KEY (name, revision))";
constexpr const char* insert =
    "INSERT INTO policies (name, revision, sha256, text, first_used) VALUES (?1, ?2, ?3, ?4, ?5)";
constexpr const char* select_one =
    "SELECT name, revision, sha256, text, first_used FROM policies"
    " WHERE name = ?1 AND revision = ?2";
constexpr const char* select_all =
    "SELECT name, revision, sha256, text, first_used FROM policies ORDER BY name, revision";

}  // namespace sealwright::store::sql::policies
