#pragma once
// The audit chain: each event carries the hash of the one before it.

namespace sealwright::store::sql::events {

constexpr const char* create_table =
    "CREATE TABLE events ("
    " sequence INTEGER PRIMARY KEY,"
    " happened BIGINT NOT NULL,"
    " kind TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " details TEXT NOT NULL,"
    " previous BLOB NOT NULL,"
    " hash BLOB NOT NULL)";
constexpr const char* insert =
    "INSERT INTO events (sequence, happened, kind, subject, details, previous, hash)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
constexpr const char* select_head =
    "SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1";
constexpr const char* select_after =
    "SELECT sequence, happened, kind, subject, details, previous, hash FROM events"
    " WHERE sequence > ?1 ORDER BY sequence";

/// The last of a kind about a subject.
constexpr const char* create_subject_index =
    "CREATE INDEX events_subject ON events (subject, kind)";
constexpr const char* select_last =
    "SELECT sequence, happened, kind, subject, details, previous, hash FROM events"
    " WHERE subject = ?1 AND kind = ?2 ORDER BY sequence DESC LIMIT 1";

}  // namespace sealwright::store::sql::events
