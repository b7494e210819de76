#pragma once
// The schema by versions. For store alone.

#include <span>
#include <vector>

#include "store/database.h"

namespace sealwright::store {

/// The statements that lead from one version of the schema to the next. Once released, a step is
/// never edited.
using SchemaStep = std::vector<const char*>;

/// All steps; step 0 makes version 1 of an empty database.
std::span<const SchemaStep> schema_steps();

/// The version a database is at. Throws Error::Kind::input when it says none.
int schema_version(Database& database);

/// Brings `database` from its version (0 when `empty`) to the last, in one transaction. Throws
/// Error::Kind::state when it is past it.
enum class Migrate { empty, existing };
void migrate(Database& database, Migrate from, std::span<const SchemaStep> steps);

}  // namespace sealwright::store
