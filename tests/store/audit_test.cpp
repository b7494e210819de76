// The chain of events: what it notices is done to it with SQLite's own program, from outside.

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

TEST_CASE("the chain of events is intact, and its head moves with each change", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto head = inventory.head();
  CHECK(head.sequence == 1);
  inventory.record_event("key.exported", "driver@1", Json::object().set("reason", "CI"));
  CHECK_FALSE(inventory.head() == head);
  const auto events = inventory.events(1);
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == "key.exported");
  CHECK(events[0].subject == "driver@1");
  CHECK(events[0].details == R"({"reason":"CI"})");
  CHECK(events[0].at == hours.now);
  CHECK(events[0].previous == head.hash);
  CHECK(inventory.verify_events().intact());
  CHECK(inventory.verify_events().events == 2);
}

TEST_CASE("events of another workspace do not fit", "[store]") {
  Hours hours;
  auto other = workspace();
  other.id = "ffeeddccbbaa99887766554433221100";
  const auto one = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto two = store::Inventory::create(":memory:", other, hours.clock());
  CHECK_FALSE(one.head() == two.head());
}

TEST_CASE("a change to any event is noticed", "[store]") {
  if (!have_program("sqlite3")) {
    WARN("SKIPPED: sqlite3 is not installed");
    return;
  }
  const struct {
    const char *name, *sql;
    std::int64_t broken;
    const char* reason;
  } rows[] = {
      {"details edited", "UPDATE events SET details = '{}' WHERE sequence = 2", 2,
       "it is not as it was written"},
      {"time edited", "UPDATE events SET happened = happened - 1 WHERE sequence = 3", 3,
       "it is not as it was written"},
      {"a text moved from one field to the next",
       "UPDATE events SET kind = 'a.', subject = 'bx' WHERE sequence = 2", 2,
       "it is not as it was written"},
      {"one removed", "DELETE FROM events WHERE sequence = 2", 2, "the event is missing"},
      {"one removed and the rest moved up",
       "DELETE FROM events WHERE sequence = 2; UPDATE events SET sequence = 2 WHERE sequence = 3",
       2, "it does not follow the event before it"},
      {"all removed", "DELETE FROM events", 1, "the event is missing"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      Hours hours;
      const Scratch scratch;
      const auto path = scratch / "inventory.db";
      {
        auto inventory = store::Inventory::create(path, workspace(), hours.clock());
        inventory.record_event("a.b", "x", Json::object().set("n", 1));
        inventory.record_event("c.d", "y", Json::object());
      }
      REQUIRE(run({"sqlite3", path.string(), row.sql}).exit_code == 0);
      const auto inventory = store::Inventory::open(path, hours.clock());
      const auto check = inventory.verify_events();
      CHECK_FALSE(check.intact());
      CHECK(check.broken == row.broken);
      CHECK(check.reason == row.reason);
    }
}
