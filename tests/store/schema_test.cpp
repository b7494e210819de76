#include "store/schema.h"

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

const std::vector<store::SchemaStep> longer = [] {
  const auto known = store::schema_steps();
  std::vector<store::SchemaStep> steps(known.begin(), known.end());
  steps.push_back({"ALTER TABLE entities ADD COLUMN note TEXT", "UPDATE entities SET note = 'x'"});
  return steps;
}();

}  // namespace

TEST_CASE("an older schema is brought up to date with what is in it", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  {
    auto inventory = store::Inventory::create(path, workspace(), hours.clock());
    issue(inventory, "driver", 1, 1);
  }
  const auto database = store::Database::open(path, {});
  const int before = store::schema_version(*database);
  store::migrate(*database, store::Migrate::existing, longer);
  CHECK(store::schema_version(*database) == before + 1);
  store::Statement row(*database, "SELECT name, note FROM entities");
  REQUIRE(row.step());
  CHECK(row.get<std::string>() == "driver");
  CHECK(row.get<std::string>() == "x");
}

TEST_CASE("a step that fails leaves the schema as it was", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  store::Inventory::create(path, workspace(), hours.clock());
  const auto database = store::Database::open(path, {});
  auto failing = longer;
  failing.push_back({"ALTER TABLE absent ADD COLUMN x TEXT"});
  const int before = store::schema_version(*database);
  CHECK_THROWS_WITH(store::migrate(*database, store::Migrate::existing, failing),
                    Catch::Contains("no such table: absent"));
  CHECK(store::schema_version(*database) == before);
  store::migrate(*database, store::Migrate::existing, longer);
}

TEST_CASE("an inventory of a newer version is refused and left alone", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  store::Inventory::create(path, workspace(), hours.clock());
  {
    const auto database = store::Database::open(path, {});
    store::migrate(*database, store::Migrate::existing, longer);
  }
  const auto error = error_of([&] { store::Inventory::open(path, hours.clock()); });
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message == "'" + path.string() + "' was made by a newer version of sealwright");
  CHECK(error.hint == "it has schema 4, this version knows 3: use the newer version");
}
