#include "fixture.h"

using namespace sealwright;

namespace {

store::Generation made(store::Inventory& inventory, const std::string& name, std::uint8_t seed,
                       store::Origin origin) {
  auto intent = test::intent(name, 1, seed);
  intent.origin = origin;
  return inventory.finish_issuance(inventory.begin_issuance(intent), test::certificate(seed));
}

}  // namespace

TEST_CASE("names are counted and listed by where they came from", "[store]") {
  test::Hours hours;
  auto inventory = store::Inventory::create(":memory:", test::workspace(), hours.clock());
  const auto a = made(inventory, "a", 1, store::Origin::hierarchy);
  made(inventory, "c", 2, store::Origin::command);
  made(inventory, "b", 3, store::Origin::command);
  using Names = std::vector<std::string>;
  CHECK(inventory.live_names(store::Origin::command, 10) == Names{"b", "c"});
  CHECK(inventory.live_names(store::Origin::command, 1) == Names{"b"});
  CHECK(inventory.count_names(store::Origin::command) == 2);
  inventory.retire(a.id, "done");
  CHECK(inventory.live_names(store::Origin::hierarchy, 10).empty());
  CHECK(inventory.count_names(store::Origin::hierarchy) == 1);
  Names all;
  inventory.for_each_generation([&](const auto& g) { all.push_back(g.name); });
  CHECK(all == Names{"a", "b", "c"});
}

TEST_CASE("as_if_renamed changes nothing, whatever happens in it", "[store]") {
  test::Hours hours;
  auto inventory = store::Inventory::create(":memory:", test::workspace(), hours.clock());
  made(inventory, "old", 1, store::Origin::hierarchy);
  const auto head = inventory.head();
  inventory.as_if_renamed({{"old", "new"}}, [&] {
    CHECK(inventory.entity("new"));
    CHECK_FALSE(inventory.entity("old"));
  });
  CHECK_THROWS_WITH(
      inventory.as_if_renamed({{"old", "new"}}, [] { throw std::runtime_error("stop"); }), "stop");
  CHECK(inventory.entity("old"));
  CHECK_FALSE(inventory.entity("new"));
  CHECK(inventory.head() == head);
}

TEST_CASE("a signature is needed while it counts: not withdrawn, timestamped or not yet ended",
          "[store]") {
  test::Hours hours;
  auto inventory = store::Inventory::create(":memory:", test::workspace(), hours.clock());
  const auto signer = made(inventory, "signer", 1, store::Origin::hierarchy);
  const Time later = signer.not_after + std::chrono::hours(1);
  const auto sign = [&](const std::string& kind, std::optional<Time> timestamp) {
    store::SignatureIntent intent;
    intent.generation = signer.id;
    intent.kind = kind;
    const auto id = inventory.begin_signature(intent);
    store::SignatureResult result;
    result.timestamp = timestamp;
    inventory.finish_signature(id, result);
    return id;
  };
  CHECK_FALSE(inventory.is_needed(signer.id, hours.now));
  sign("crl", std::nullopt);
  CHECK_FALSE(inventory.is_needed(signer.id, hours.now));
  sign("pe", std::nullopt);
  CHECK(inventory.is_needed(signer.id, hours.now));
  CHECK_FALSE(inventory.is_needed(signer.id, later));
  const auto stamped = sign("pe", hours.now);
  CHECK(inventory.is_needed(signer.id, later));
  inventory.withdraw_signature(stamped, "gone");
  CHECK_FALSE(inventory.is_needed(signer.id, later));
}
