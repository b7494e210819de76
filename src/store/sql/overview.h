#pragma once
// Questions about the inventory as a whole, each one statement however much it holds.

namespace sealwright::store::sql::overview {

/// In the order of the index on names, so that a limit ends the work.
constexpr const char* select_live_names =
    "SELECT name FROM entities WHERE origin = ?1 AND EXISTS (SELECT 1 FROM generations"
    " WHERE generations.entity = entities.id"
    " AND generations.state IN ('next', 'active', 'retiring')) ORDER BY name LIMIT ?2";
constexpr const char* count_names = "SELECT COUNT(*) FROM entities WHERE origin = ?1";
constexpr const char* count_expiring =
    "SELECT COUNT(*) FROM generations"
    " WHERE not_after < ?1 AND state IN ('next', 'active', 'retiring')";
constexpr const char* count_live_below =
    "SELECT COUNT(*) FROM (SELECT 1 FROM generations"
    " WHERE issuer = ?1 AND state IN ('next', 'active', 'retiring') LIMIT 1) AS live";
/// Revocation lists bind nobody: the next one takes the place of the last.
constexpr const char* count_needed =
    "WITH RECURSIVE below (id) AS (SELECT ?1 UNION SELECT generations.id FROM generations"
    " JOIN below ON generations.issuer = below.id)"
    " SELECT COUNT(*) FROM (SELECT 1 FROM below"
    " JOIN generations ON generations.id = below.id"
    " JOIN signatures ON signatures.generation = below.id"
    " WHERE signatures.outcome = 'made' AND signatures.withdrawn IS NULL"
    " AND signatures.kind NOT IN ('crl', 'ocsp', 'request')"
    " AND (signatures.timestamp_time IS NOT NULL OR signatures.kind = 'timestamp'"
    "  OR generations.not_after >= ?2) LIMIT 1) AS needed";

}  // namespace sealwright::store::sql::overview
