#pragma once
// The versions of each bundle, and what is known of their deployment.

namespace sealwright::store::sql::bundles {

constexpr const char* create_table =
    "CREATE TABLE bundle_versions ("
    " bundle TEXT NOT NULL,"
    " version INTEGER NOT NULL,"
    " content BLOB NOT NULL,"
    " state TEXT NOT NULL,"
    " created BIGINT NOT NULL,"
    " deployed BIGINT,"
    " machines BIGINT NOT NULL,"
    " machines_total BIGINT NOT NULL,"
    " PRIMARY KEY (bundle, version))";
constexpr const char* insert =
    "INSERT INTO bundle_versions (bundle, version, content, state, created, machines,"
    " machines_total) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)";
constexpr const char* deployed =
    "UPDATE bundle_versions SET deployed = COALESCE(deployed, ?3), machines = ?4,"
    " machines_total = ?5 WHERE bundle = ?1 AND version = ?2";
constexpr const char* select_names = "SELECT DISTINCT bundle FROM bundle_versions ORDER BY bundle";

#define SEALWRIGHT_SELECT_BUNDLE                                                        \
  "SELECT bundle, version, content, state, created, deployed, machines, machines_total" \
  " FROM bundle_versions WHERE bundle = ?1"
constexpr const char* select_all = SEALWRIGHT_SELECT_BUNDLE " ORDER BY version";
constexpr const char* select_one = SEALWRIGHT_SELECT_BUNDLE " AND version = ?2";
constexpr const char* select_latest = SEALWRIGHT_SELECT_BUNDLE " ORDER BY version DESC LIMIT 1";
#undef SEALWRIGHT_SELECT_BUNDLE

}  // namespace sealwright::store::sql::bundles
