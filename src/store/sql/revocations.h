#pragma once
// What is revoked below an authority: certificates of the inventory, and those of its history whose
// certificates nobody has any more. And the lists that said so.

namespace sealwright::store::sql::revocations {

constexpr const char* create_table =
    "CREATE TABLE revocations ("
    " issuer INTEGER NOT NULL REFERENCES generations (id),"
    " serial BLOB NOT NULL,"
    " revoked BIGINT NOT NULL,"
    " reason TEXT NOT NULL,"
    " invalidity BIGINT,"
    " PRIMARY KEY (issuer, serial))";
constexpr const char* insert =
    "INSERT INTO revocations (issuer, serial, revoked, reason, invalidity)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";
constexpr const char* select_of =
    "SELECT serial, revoked, reason, invalidity FROM revocations WHERE issuer = ?1"
    " ORDER BY serial";
constexpr const char* select_one =
    "SELECT serial, revoked, reason, invalidity FROM revocations"
    " WHERE issuer = ?1 AND serial = ?2";
constexpr const char* count = "SELECT COUNT(*) FROM revocations WHERE issuer = ?1";

constexpr const char* create_lists_table =
    "CREATE TABLE crls ("
    " issuer INTEGER NOT NULL REFERENCES generations (id),"
    " number BIGINT NOT NULL,"
    " this_update BIGINT NOT NULL,"
    " next_update BIGINT NOT NULL,"
    " crl BLOB NOT NULL,"
    " created BIGINT NOT NULL,"
    " covers BIGINT NOT NULL,"
    " PRIMARY KEY (issuer, number))";
constexpr const char* insert_list =
    "INSERT INTO crls (issuer, number, this_update, next_update, crl, created, covers)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
constexpr const char* select_latest_list =
    "SELECT issuer, number, this_update, next_update, crl, created, covers FROM crls"
    " WHERE issuer = ?1 AND length(crl) > 0 ORDER BY number DESC LIMIT 1";
/// A number that was given away elsewhere stands there without its list.
constexpr const char* select_last_number =
    "SELECT COALESCE(MAX(number), 0) FROM crls WHERE issuer = ?1";
/// What the lists of an issuer say of one certificate is not so any more.
constexpr const char* outdate_lists = "UPDATE crls SET covers = covers - 1 WHERE issuer = ?1";
/// Only the last lists are kept whole; their numbers stay taken.
constexpr const char* remove_old_lists = "DELETE FROM crls WHERE issuer = ?1 AND number < ?2";

}  // namespace sealwright::store::sql::revocations
