#include "fixture.h"
#include "store/database.h"
#include "store/sql/generations.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

store::Generation issued_below(store::Inventory& inventory, const std::string& name,
                               std::uint8_t seed, store::GenerationId issuer) {
  auto wanted = intent(name, 1, seed);
  wanted.issuer = issuer;
  return inventory.finish_issuance(inventory.begin_issuance(wanted), certificate(seed));
}

/// How SQLite goes about a statement with one parameter.
std::string way_of(store::Database& database, const std::string& sql) {
  const std::string explain = "EXPLAIN QUERY PLAN " + sql;
  store::Statement row(database, explain.c_str());
  std::string way;
  while (row.step()) {
    for (int column = 0; column < 3; ++column) (void)row.get<std::int64_t>();
    way += row.get<std::string>() + "\n";
  }
  return way;
}

}  // namespace

TEST_CASE("revocations below an authority are counted, those of its history too", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto ca = issue(inventory, "ca", 1, 1);
  const auto other = issue(inventory, "other", 1, 2);
  const auto leaf = issued_below(inventory, "leaf", 3, ca.id);
  const auto stays = issued_below(inventory, "stays", 4, ca.id);
  CHECK(inventory.revocation_count(ca.id) == 0);
  inventory.revoke(leaf.id, {"superseded", {}, {}, ""});
  inventory.add_revocation(ca.id, {Serial{{0x02}}, *parse_time("2020-01-01"), "", {}});
  CHECK(inventory.revocation_count(ca.id) == 2);
  CHECK(inventory.revocation_count(other.id) == 0);
}

TEST_CASE("one serial number is looked up below its issuer", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto ca = issue(inventory, "ca", 1, 1);
  const auto leaf = issued_below(inventory, "leaf", 3, ca.id);
  CHECK_FALSE(inventory.revoked_serial(ca.id, leaf.serial));
  inventory.revoke(leaf.id, {"keyCompromise", *parse_time("2026-01-01"), {}, ""});
  inventory.add_revocation(ca.id, {Serial{{0x02}}, *parse_time("2020-01-01"), "", {}});
  CHECK(inventory.revoked_serial(ca.id, leaf.serial)->revoked == *parse_time("2026-01-01"));
  CHECK(inventory.revoked_serial(ca.id, Serial{{0x02}})->revoked == *parse_time("2020-01-01"));
  CHECK_FALSE(inventory.revoked_serial(leaf.id, leaf.serial));
}

TEST_CASE("what is distrusted is remembered as such", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto gone = issue(inventory, "gone", 1, 1);
  const auto stolen = issue(inventory, "stolen", 1, 2);
  inventory.revoke(gone.id, {"superseded", {}, {}, ""});
  CHECK(inventory.distrusted().empty());
  inventory.revoke(stolen.id, {"keyCompromise", {}, {}, "laptop", true});
  REQUIRE(inventory.distrusted().size() == 1);
  CHECK(inventory.distrusted()[0].label() == "stolen@1");
  CHECK_FALSE(inventory.generation(gone.id)->distrusted);
  CHECK(inventory.last_event("generation.revoked", "stolen@1")->details ==
        R"({"reason":"keyCompromise","revoked":"2026-01-02T12:00:00Z","note":"laptop",)"
        R"("distrusted":true})");
}

TEST_CASE("finding the few that are revoked reads none of the others", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  store::Inventory::create(path, workspace(), hours.clock());
  const auto database = store::Database::open(path, {});
  for (const char* sql :
       {store::sql::generations::count_revoked, store::sql::generations::select_revoked_serials})
    CHECK_THAT(way_of(*database, sql), Catch::Contains("generations_revoked"));
  CHECK_THAT(way_of(*database, store::sql::generations::select_distrusted),
             Catch::Contains("generations_distrusted"));
}
