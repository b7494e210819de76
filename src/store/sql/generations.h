#pragma once
// The certificates. A generation has the number of the issuance it came from, which holds its
// serial number.

namespace sealwright::store::sql::generations {

constexpr const char* create_table =
    "CREATE TABLE generations ("
    " id INTEGER PRIMARY KEY REFERENCES issuances (id),"
    " entity INTEGER NOT NULL REFERENCES entities (id),"
    " number INTEGER NOT NULL,"
    " state TEXT NOT NULL"
    "  CHECK (state IN ('next', 'active', 'retiring', 'retired', 'revoked')),"
    " certificate BLOB NOT NULL,"
    " thumbprint BLOB NOT NULL,"
    " sha256 BLOB NOT NULL UNIQUE,"
    " subject TEXT NOT NULL,"
    " issuer INTEGER REFERENCES generations (id),"
    " not_before BIGINT NOT NULL,"
    " not_after BIGINT NOT NULL,"
    " key_id BLOB REFERENCES keys (id),"
    " created BIGINT NOT NULL,"
    " activated BIGINT,"
    " retiring BIGINT,"
    " retired BIGINT,"
    " revoked BIGINT,"
    " reason TEXT NOT NULL,"
    " UNIQUE (entity, number))";
constexpr const char* create_thumbprint_index =
    "CREATE INDEX generations_thumbprint ON generations (thumbprint)";
constexpr const char* create_issuer_index =
    "CREATE INDEX generations_issuer ON generations (issuer)";
constexpr const char* create_not_after_index =
    "CREATE INDEX generations_not_after ON generations (not_after)"
    " WHERE state IN ('next', 'active', 'retiring')";
/// Schema 2: until when what a revoked certificate signed may be believed.
constexpr const char* add_invalidity = "ALTER TABLE generations ADD COLUMN invalidity BIGINT";
/// Schema 2: whether machines shall have it in Disallowed.
constexpr const char* add_distrusted =
    "ALTER TABLE generations ADD COLUMN distrusted INTEGER NOT NULL DEFAULT 0";
/// Few are revoked, even where very many were issued.
constexpr const char* create_revoked_index =
    "CREATE INDEX generations_revoked ON generations (issuer) WHERE state = 'revoked'";
constexpr const char* create_distrusted_index =
    "CREATE INDEX generations_distrusted ON generations (id) WHERE distrusted = 1";

#define SEALWRIGHT_SELECT_GENERATION                                                        \
  "SELECT generations.id, generations.entity, entities.kind, entities.name,"                \
  " generations.number, generations.state, issuances.policy, issuances.revision,"           \
  " policies.sha256, generations.certificate, issuances.serial, generations.thumbprint,"    \
  " generations.sha256, generations.subject, generations.issuer, generations.not_before,"   \
  " generations.not_after, generations.key_id, generations.created, generations.activated," \
  " generations.retiring, generations.retired, generations.revoked, generations.reason,"    \
  " generations.invalidity, generations.distrusted"                                         \
  " FROM generations"                                                                       \
  " JOIN issuances ON issuances.id = generations.id"                                        \
  " JOIN entities ON entities.id = generations.entity"                                      \
  " JOIN policies ON policies.name = issuances.policy AND policies.revision = issuances.revision"

constexpr const char* select_all =
    SEALWRIGHT_SELECT_GENERATION " ORDER BY entities.name, generations.number";
constexpr const char* select_by_name =
    SEALWRIGHT_SELECT_GENERATION " WHERE entities.name = ?1 ORDER BY generations.number";
constexpr const char* select_by_id = SEALWRIGHT_SELECT_GENERATION " WHERE generations.id = ?1";
constexpr const char* select_by_number =
    SEALWRIGHT_SELECT_GENERATION " WHERE entities.name = ?1 AND generations.number = ?2";
constexpr const char* select_active = SEALWRIGHT_SELECT_GENERATION
    " WHERE entities.name = ?1 AND generations.state = 'active'"
    " ORDER BY generations.number DESC LIMIT 1";
constexpr const char* select_by_thumbprint =
    SEALWRIGHT_SELECT_GENERATION " WHERE generations.thumbprint = ?1 ORDER BY generations.id";
constexpr const char* select_by_sha256 =
    SEALWRIGHT_SELECT_GENERATION " WHERE generations.sha256 = ?1";
constexpr const char* select_by_serial =
    SEALWRIGHT_SELECT_GENERATION " WHERE issuances.serial = ?1 ORDER BY generations.id";
constexpr const char* select_by_issuer =
    SEALWRIGHT_SELECT_GENERATION " WHERE generations.issuer = ?1 ORDER BY generations.id";
constexpr const char* select_without_issuer =
    SEALWRIGHT_SELECT_GENERATION " WHERE generations.issuer IS NULL ORDER BY generations.id";
constexpr const char* select_by_key = SEALWRIGHT_SELECT_GENERATION
    " WHERE issuances.key_id = ?1 ORDER BY entities.name, generations.number";
constexpr const char* select_expiring = SEALWRIGHT_SELECT_GENERATION
    " WHERE generations.not_after < ?1 AND generations.state IN ('next', 'active', 'retiring')"
    " ORDER BY generations.not_after, generations.id";
constexpr const char* select_distrusted = SEALWRIGHT_SELECT_GENERATION
    " WHERE generations.distrusted = 1 ORDER BY entities.name, generations.number";
#undef SEALWRIGHT_SELECT_GENERATION

constexpr const char* select_revoked_serials =
    "SELECT issuances.serial, generations.revoked, generations.reason, generations.invalidity"
    " FROM generations JOIN issuances ON issuances.id = generations.id"
    " WHERE generations.issuer = ?1 AND generations.state = 'revoked' ORDER BY issuances.serial";

constexpr const char* count_revoked =
    "SELECT COUNT(*) FROM generations WHERE issuer = ?1 AND state = 'revoked'";
constexpr const char* select_revoked_serial =
    "SELECT issuances.serial, generations.revoked, generations.reason, generations.invalidity"
    " FROM generations JOIN issuances ON issuances.id = generations.id"
    " WHERE issuances.serial = ?2 AND generations.issuer = ?1 AND generations.state = 'revoked'";

constexpr const char* last_number =
    "SELECT COALESCE(MAX(number), 0) FROM generations"
    " WHERE entity = (SELECT id FROM entities WHERE name = ?1)";
constexpr const char* insert =
    "INSERT INTO generations (id, entity, number, state, certificate, thumbprint, sha256, subject,"
    " issuer, not_before, not_after, key_id, created, activated, reason)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, '')";
constexpr const char* insert_adopted =
    "INSERT INTO generations (id, entity, number, state, certificate, thumbprint, sha256, subject,"
    " issuer, not_before, not_after, key_id, created, activated, retired, revoked, reason,"
    " invalidity) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
    " ?17, ?18)";
constexpr const char* set_issuer =
    "UPDATE generations SET issuer = ?2 WHERE id = ?1 AND issuer IS NULL AND id <> ?2";
constexpr const char* set_key =
    "UPDATE generations SET key_id = ?2 WHERE id = ?1 AND key_id IS NULL"
    " AND (SELECT key_id FROM issuances WHERE issuances.id = ?1) = ?2";
constexpr const char* activate =
    "UPDATE generations SET state = 'active', activated = ?2 WHERE id = ?1 AND state = 'next'";
constexpr const char* start_retiring =
    "UPDATE generations SET state = 'retiring', retiring = ?2 WHERE id = ?1 AND state = 'active'";
constexpr const char* retire =
    "UPDATE generations SET state = 'retired', retired = ?2, reason = ?3"
    " WHERE id = ?1 AND state IN ('next', 'active', 'retiring')";
/// A second time only more strictly.
constexpr const char* revoke =
    "UPDATE generations SET state = 'revoked', revoked = ?2, reason = ?3, invalidity = ?4,"
    " distrusted = CASE WHEN ?5 = 1 THEN 1 ELSE distrusted END"
    " WHERE id = ?1 AND (state <> 'revoked' OR revoked > ?2 OR distrusted < ?5)";
constexpr const char* select_other_active =
    "SELECT id, number FROM generations WHERE entity = ?1 AND state = 'active' AND id <> ?2";

}  // namespace sealwright::store::sql::generations
