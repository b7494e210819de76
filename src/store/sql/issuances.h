#pragma once
// What was to be signed, recorded before it was (house rule 1). A serial number is unique below its
// issuer's name (RFC 5280, 4.1.2.2) and stays taken; the bytes to be signed are unique; a number of
// an entity is issued once.

namespace sealwright::store::sql::issuances {

constexpr const char* create_table =
    "CREATE TABLE issuances ("
    " id INTEGER PRIMARY KEY,"
    " entity INTEGER NOT NULL REFERENCES entities (id),"
    " number INTEGER NOT NULL,"
    " serial BLOB NOT NULL,"
    " issuer_name BLOB NOT NULL,"
    " tbs_sha256 BLOB NOT NULL UNIQUE,"
    " subject TEXT NOT NULL,"
    " issuer INTEGER,"
    " policy TEXT NOT NULL,"
    " revision INTEGER NOT NULL,"
    " key_id BLOB NOT NULL,"
    " own_key INTEGER NOT NULL,"
    " holder BIGINT NOT NULL,"
    " started BIGINT NOT NULL,"
    " outcome TEXT NOT NULL CHECK (outcome IN ('unfinished', 'made', 'abandoned')),"
    " settled BIGINT,"
    " reason TEXT NOT NULL,"
    " UNIQUE (serial, issuer_name),"
    " FOREIGN KEY (policy, revision) REFERENCES policies (name, revision))";
constexpr const char* create_number_index =
    "CREATE UNIQUE INDEX issuances_number ON issuances (entity, number)"
    " WHERE outcome <> 'abandoned'";
constexpr const char* create_unfinished_index =
    "CREATE INDEX issuances_unfinished ON issuances (id) WHERE outcome = 'unfinished'";
/// Schema 2: whether a key was certified before.
constexpr const char* create_key_index = "CREATE INDEX issuances_key ON issuances (key_id)";
constexpr const char* insert =
    "INSERT INTO issuances (id, entity, number, serial, issuer_name, tbs_sha256, subject, issuer,"
    " policy, revision, key_id, own_key, holder, started, outcome, reason)"
    " SELECT COALESCE(MAX(id), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
    " 'unfinished', '' FROM issuances RETURNING id";
constexpr const char* count_serial =
    "SELECT COUNT(*) FROM issuances WHERE serial = ?1 AND issuer_name = ?2";
constexpr const char* count_to_be_signed = "SELECT COUNT(*) FROM issuances WHERE tbs_sha256 = ?1";
constexpr const char* count_number =
    "SELECT COUNT(*) FROM issuances WHERE entity = ?1 AND number = ?2 AND outcome <> 'abandoned'";
constexpr const char* settle =
    "UPDATE issuances SET outcome = ?2, settled = ?3, reason = ?4"
    " WHERE id = ?1 AND outcome = 'unfinished'"
    " RETURNING (SELECT name FROM entities WHERE entities.id = entity), number, entity, issuer,"
    " key_id, own_key";
/// Of what was made elsewhere and never waits.
constexpr const char* settle_quietly =
    "UPDATE issuances SET outcome = ?2, settled = ?3 WHERE id = ?1";
constexpr const char* select_unfinished =
    "SELECT issuances.id, entities.name, number, serial, subject, started, holder"
    " FROM issuances JOIN entities ON entities.id = entity"
    " WHERE outcome = 'unfinished' ORDER BY issuances.id";

constexpr const char* set_issuer =
    "UPDATE issuances SET issuer = ?2 WHERE id = ?1 AND issuer IS NULL";

}  // namespace sealwright::store::sql::issuances
