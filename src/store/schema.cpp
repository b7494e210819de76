#include "store/schema.h"

#include "base/error.h"
#include "store/sql/bundles.h"
#include "store/sql/entities.h"
#include "store/sql/events.h"
#include "store/sql/generations.h"
#include "store/sql/issuances.h"
#include "store/sql/key_containers.h"
#include "store/sql/keyrings.h"
#include "store/sql/keys.h"
#include "store/sql/policies.h"
#include "store/sql/requests.h"
#include "store/sql/revocations.h"
#include "store/sql/signatures.h"
#include "store/sql/slots.h"
#include "store/sql/windows_stores.h"
#include "store/sql/workspace.h"

namespace sealwright::store {
namespace {

constexpr const char* create_version = "CREATE TABLE schema_version (version INTEGER NOT NULL)";
constexpr const char* insert_version = "INSERT INTO schema_version (version) VALUES (0)";
constexpr const char* update_version = "UPDATE schema_version SET version = ?1";
constexpr const char* select_version = "SELECT version FROM schema_version";

Error newer(const Database& database, int found, std::size_t known) {
  return Error(Error::Kind::state,
               "'" + database.shown().string() + "' was made by a newer version of sealwright",
               "it has schema " + std::to_string(found) + ", this version knows " +
                   std::to_string(known) + ": use the newer version");
}

}  // namespace

std::span<const SchemaStep> schema_steps() {
  static const std::vector<SchemaStep> steps = {
      {sql::workspace::create_table,
       sql::policies::create_table,
       sql::entities::create_table,
       sql::keyrings::create_table,
       sql::keys::create_table,
       sql::issuances::create_table,
       sql::issuances::create_number_index,
       sql::issuances::create_unfinished_index,
       sql::generations::create_table,
       sql::generations::create_thumbprint_index,
       sql::generations::create_issuer_index,
       sql::generations::create_not_after_index,
       sql::slots::create_table,
       sql::slots::create_keyrings_table,
       sql::signatures::create_table,
       sql::signatures::create_generation_index,
       sql::signatures::create_before_index,
       sql::signatures::create_after_index,
       sql::signatures::create_unfinished_index,
       sql::events::create_table,
       sql::bundles::create_table},
      {sql::workspace::add_offline, sql::entities::add_origin, sql::keys::add_uri,
       sql::issuances::create_key_index, sql::generations::add_invalidity,
       sql::generations::add_distrusted, sql::generations::create_revoked_index,
       sql::generations::create_distrusted_index, sql::requests::create_table,
       sql::requests::create_waiting_index, sql::revocations::create_table,
       sql::revocations::create_lists_table, sql::events::create_subject_index},
      {sql::windows_stores::create_table, sql::key_containers::create_table},
  };
  return steps;
}

int schema_version(Database& database) {
  Statement statement(database, select_version);
  if (!statement.step())
    throw Error(Error::Kind::input, "'" + database.shown().string() + "' is damaged",
                "restore it from a backup");
  return statement.get<int>();
}

void migrate(Database& database, Migrate from, std::span<const SchemaStep> steps) {
  const int last = int(steps.size());
  if (from == Migrate::existing) {
    const int found = schema_version(database);
    if (found > last) throw newer(database, found, steps.size());
    if (found == last) return;
  }
  Transaction transaction(database);
  if (from == Migrate::empty) {
    database.execute(create_version);
    database.execute(insert_version);
  }
  // Again, now that nobody else can change it.
  const int found = schema_version(database);
  if (found > last) throw newer(database, found, steps.size());
  for (int version = found; version < last; ++version)
    for (const char* statement : steps[std::size_t(version)]) database.execute(statement);
  Statement(database, update_version).with(last).run();
  transaction.commit();
}

}  // namespace sealwright::store
