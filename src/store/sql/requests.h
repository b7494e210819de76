#pragma once
// Requests that wait for an authority elsewhere, and what came of them.

namespace sealwright::store::sql::requests {

constexpr const char* create_table =
    "CREATE TABLE requests ("
    " id INTEGER PRIMARY KEY,"
    " entity INTEGER NOT NULL REFERENCES entities (id),"
    " number INTEGER NOT NULL,"
    " kind TEXT NOT NULL CHECK (kind IN ('ceremony', 'foreign')),"
    " issuer TEXT NOT NULL,"
    " policy TEXT NOT NULL,"
    " revision INTEGER NOT NULL,"
    " subject TEXT NOT NULL,"
    " request BLOB NOT NULL,"
    " key_id BLOB NOT NULL,"
    " created BIGINT NOT NULL,"
    " outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'accepted', 'cancelled')),"
    " settled BIGINT,"
    " reason TEXT NOT NULL,"
    " FOREIGN KEY (policy, revision) REFERENCES policies (name, revision))";
constexpr const char* create_waiting_index =
    "CREATE UNIQUE INDEX requests_waiting ON requests (entity) WHERE outcome = 'waiting'";
constexpr const char* insert =
    "INSERT INTO requests (id, entity, number, kind, issuer, policy, revision, subject, request,"
    " key_id, created, outcome, reason)"
    " SELECT COALESCE(MAX(id), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'waiting', ''"
    " FROM requests RETURNING id";
constexpr const char* settle =
    "UPDATE requests SET outcome = ?2, settled = ?3, reason = ?4"
    " WHERE id = ?1 AND outcome = 'waiting'";

#define SEALWRIGHT_SELECT_REQUEST                                                         \
  "SELECT requests.id, entities.kind, entities.name, requests.number, requests.kind,"     \
  " requests.issuer, requests.policy, requests.revision, policies.sha256, policies.text," \
  " policies.first_used, requests.subject, requests.request, requests.key_id,"            \
  " requests.created FROM requests"                                                       \
  " JOIN entities ON entities.id = requests.entity"                                       \
  " JOIN policies ON policies.name = requests.policy AND policies.revision = requests.revision"

constexpr const char* select_waiting =
    SEALWRIGHT_SELECT_REQUEST " WHERE requests.outcome = 'waiting' ORDER BY requests.id";
constexpr const char* select_waiting_one =
    SEALWRIGHT_SELECT_REQUEST " WHERE requests.outcome = 'waiting' AND entities.name = ?1";
#undef SEALWRIGHT_SELECT_REQUEST

}  // namespace sealwright::store::sql::requests
