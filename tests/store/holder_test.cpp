#include "store/holder.h"

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

TEST_CASE("a holder is alive as long as it lives, for itself and for others", "[store]") {
  const Scratch scratch;
  const auto path = scratch / "holders";
  store::Holder watcher(path);
  CHECK_FALSE(watcher.alive(7));
  {
    store::Holder one(path);
    CHECK(one.take(7));
    CHECK(one.alive(7));
    CHECK(watcher.alive(7));
    CHECK_FALSE(watcher.alive(8));
    CHECK_FALSE(watcher.take(7));
    CHECK(watcher.take(8));
  }
  CHECK_FALSE(watcher.alive(7));
  CHECK(watcher.alive(8));
}

TEST_CASE("two handles of one inventory see each other's intents as running", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  auto one = store::Inventory::create(path, workspace(), hours.clock());
  auto two = store::Inventory::open(path, hours.clock());
  {
    auto three = store::Inventory::open(path, hours.clock());
    one.begin_issuance(intent("one", 1, 1));
    three.begin_issuance(intent("three", 1, 3));
    const auto seen = two.unfinished_issuances();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].running);
    CHECK(seen[1].running);
  }
  const auto seen = two.unfinished_issuances();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].running);
  CHECK_FALSE(seen[1].running);
}
