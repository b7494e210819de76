#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
using store::GenerationState;

TEST_CASE("an entity's generations are found by everything they are known by", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto first = issue(inventory, "driver", 1, 1);
  const auto second = issue(inventory, "driver", 2, 2, GenerationState::next);

  CHECK(first.label() == "driver@1");
  CHECK(first.policy.name == "driver-signing");
  CHECK(first.policy.sha256 == digest(1));
  CHECK(first.created == hours.now);
  CHECK(first.activated == hours.now);
  CHECK_FALSE(second.activated);
  CHECK(first.certificate == Bytes{0x30, 0x01, 1});
  CHECK(inventory.generation("driver", 2)->id == second.id);
  CHECK(inventory.active("driver")->id == first.id);
  CHECK(inventory.find(second.thumbprint)->id == second.id);
  CHECK(inventory.find_sha256(second.sha256)->id == second.id);
  CHECK(inventory.find(first.serial).size() == 1);
  CHECK(inventory.generations_of("driver").size() == 2);
  CHECK(inventory.next_number("driver") == 3);
  CHECK(inventory.next_number("nothing") == 1);
  CHECK_FALSE(inventory.generation("driver", 3));
  CHECK_FALSE(inventory.active("nothing"));
  CHECK(inventory.entity("driver")->kind == store::EntityKind::certificate);
}

TEST_CASE("certificates that end soon are listed soonest first, without those out of use",
          "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  issue(inventory, "later", 1, 9);
  issue(inventory, "sooner", 1, 3);
  issue(inventory, "last", 1, 50);
  inventory.retire(issue(inventory, "gone", 1, 1).id, "not needed");

  std::vector<std::string> names;
  for (const auto& g : inventory.expiring_before(*parse_time("2027-01-20")))
    names.push_back(g.name);
  CHECK(names == std::vector<std::string>{"sooner", "later"});
}

TEST_CASE("activating a generation makes the one before it retiring", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto first = issue(inventory, "driver", 1, 1);
  const auto second = issue(inventory, "driver", 2, 2, GenerationState::next);
  hours.now += std::chrono::days(3);
  inventory.activate(second.id);

  CHECK(inventory.generation(first.id)->state == GenerationState::retiring);
  CHECK(inventory.generation(first.id)->retiring == hours.now);
  CHECK(inventory.active("driver")->id == second.id);
  CHECK(inventory.generation(second.id)->activated == hours.now);

  SECTION("and so does one that is issued as active") {
    const auto third = issue(inventory, "driver", 3, 3);
    CHECK(inventory.generation(second.id)->state == GenerationState::retiring);
    CHECK(inventory.active("driver")->id == third.id);
  }
}

TEST_CASE("a generation only goes on: next, active, retiring, retired, or revoked", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto g = issue(inventory, "driver", 1, 1);
  const auto refused = [&](auto&& work) { return error_of(work).message; };

  CHECK(refused([&] { inventory.activate(g.id); }) == "cannot activate 'driver@1': it is active");
  inventory.start_retiring(g.id);
  CHECK(refused([&] { inventory.start_retiring(g.id); }) ==
        "cannot start retiring 'driver@1': it is retiring");
  inventory.retire(g.id, "replaced");
  CHECK(inventory.generation(g.id)->reason == "replaced");
  CHECK(refused([&] { inventory.retire(g.id, "again"); }) ==
        "cannot retire 'driver@1': it is retired");
  inventory.revoke(g.id, {"stolen", {}, {}, ""});
  CHECK(inventory.generation(g.id)->state == GenerationState::revoked);
  CHECK(refused([&] {
          inventory.revoke(g.id, {"again", {}, {}, ""});
        }) == "cannot revoke 'driver@1': it is revoked");
  CHECK(refused([&] { inventory.retire(store::GenerationId{99}, "x"); }) ==
        "there is no such generation");
  CHECK(inventory.verify_events().intact());
}

TEST_CASE("an entity keeps its generations when it is renamed", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto g = issue(inventory, "drv", 1, 1);
  issue(inventory, "other", 1, 2);
  inventory.rename("drv", "driver-2023");
  CHECK(inventory.generation(g.id)->label() == "driver-2023@1");
  CHECK(error_of([&] { inventory.rename("driver-2023", "other"); }).message ==
        "'other' already exists");
  CHECK(error_of([&] { inventory.rename("nobody", "someone"); }).message ==
        "nothing is called 'nobody'");
}
