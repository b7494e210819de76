#pragma once
// What was signed with keys of the inventory, certificates apart: the intent first, then how it
// ended.

namespace sealwright::store::sql::signatures {

constexpr const char* create_table =
    "CREATE TABLE signatures ("
    " id INTEGER PRIMARY KEY,"
    " generation INTEGER NOT NULL REFERENCES generations (id),"
    " file_name TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " digest_algorithm TEXT NOT NULL,"
    " digest BLOB NOT NULL,"
    " file_before BLOB,"
    " tbs_sha256 BLOB NOT NULL,"
    " holder BIGINT NOT NULL,"
    " started BIGINT NOT NULL,"
    " outcome TEXT NOT NULL CHECK (outcome IN ('unfinished', 'made', 'abandoned')),"
    " settled BIGINT,"
    " file_after BLOB,"
    " timestamp_time BIGINT,"
    " timestamp_authority TEXT NOT NULL,"
    " withdrawn BIGINT,"
    " reason TEXT NOT NULL)";
constexpr const char* create_generation_index =
    "CREATE INDEX signatures_generation ON signatures (generation)";
constexpr const char* create_before_index =
    "CREATE INDEX signatures_before ON signatures (file_before)";
constexpr const char* create_after_index =
    "CREATE INDEX signatures_after ON signatures (file_after)";
constexpr const char* create_unfinished_index =
    "CREATE INDEX signatures_unfinished ON signatures (id) WHERE outcome = 'unfinished'";
constexpr const char* insert =
    "INSERT INTO signatures (id, generation, file_name, kind, digest_algorithm, digest,"
    " file_before, tbs_sha256, holder, started, outcome, timestamp_authority, reason)"
    " SELECT COALESCE(MAX(id), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'unfinished', '', ''"
    " FROM signatures RETURNING id";
constexpr const char* finish =
    "UPDATE signatures SET outcome = 'made', settled = ?2, file_after = ?3, timestamp_time = ?4,"
    " timestamp_authority = ?5 WHERE id = ?1 AND outcome = 'unfinished'";
constexpr const char* abandon =
    "UPDATE signatures SET outcome = 'abandoned', settled = ?2, reason = ?3"
    " WHERE id = ?1 AND outcome = 'unfinished'";
constexpr const char* withdraw =
    "UPDATE signatures SET withdrawn = ?2, reason = ?3"
    " WHERE id = ?1 AND outcome = 'made' AND withdrawn IS NULL";

#define SEALWRIGHT_SELECT_SIGNATURE                                                            \
  "SELECT id, generation, file_name, kind, digest_algorithm, digest, file_before, tbs_sha256," \
  " file_after, timestamp_time, timestamp_authority, outcome, holder, started, settled,"       \
  " withdrawn, reason FROM signatures"
constexpr const char* select_one = SEALWRIGHT_SELECT_SIGNATURE " WHERE id = ?1";
constexpr const char* select_by_generation =
    SEALWRIGHT_SELECT_SIGNATURE " WHERE generation = ?1 ORDER BY id";
constexpr const char* select_by_file =
    SEALWRIGHT_SELECT_SIGNATURE " WHERE file_before = ?1 OR file_after = ?1 ORDER BY id";
constexpr const char* select_unfinished =
    SEALWRIGHT_SELECT_SIGNATURE " WHERE outcome = 'unfinished' ORDER BY id";
#undef SEALWRIGHT_SELECT_SIGNATURE

}  // namespace sealwright::store::sql::signatures
