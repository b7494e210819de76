#include "base/encoding.h"
#include "fixture.h"
#include "store/database.h"

using namespace sealwright;
using namespace sealwright::test;
using store::StoreLocation;

namespace {

store::StoreMember member(StoreLocation location, const std::string& store, std::uint8_t seed) {
  return {location, store, digest(seed), {0x30, 0x01, seed}, {}};
}

KeyId stored_key(store::Inventory& inventory, const std::string& name, std::uint8_t seed) {
  auto made = intent(name, 1, seed);
  inventory.add_keyring({"k" + name, std::string(32, char('0' + seed)), {}});
  made.new_key = store::KeyRecord{made.key, "k" + name, {seed}, {seed}, "RSA-3072"};
  inventory.finish_issuance(inventory.begin_issuance(made), certificate(seed));
  return made.key;
}

}  // namespace

TEST_CASE("a Windows store holds each certificate once, in the order of adding", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  CHECK(inventory.add_to_windows_store(member(StoreLocation::local_machine, "Root", 2)));
  const Time first = hours.now;
  CHECK(inventory.add_to_windows_store(member(StoreLocation::local_machine, "ROOT", 1)));
  CHECK_FALSE(inventory.add_to_windows_store(member(StoreLocation::local_machine, "root", 2)));
  CHECK(inventory.add_to_windows_store(member(StoreLocation::current_user, "root", 2)));

  const auto held = inventory.windows_store(StoreLocation::local_machine, "rOOT");
  REQUIRE(held.size() == 2);
  CHECK(held[0].sha256 == digest(2));
  CHECK(held[0].certificate == Bytes{0x30, 0x01, 2});
  CHECK(held[0].store == "Root");
  CHECK(held[0].added == first);
  CHECK(held[1].sha256 == digest(1));
  CHECK(inventory.windows_store(StoreLocation::local_machine, "My").empty());
  CHECK(event_kinds(inventory) ==
        std::vector<std::string>{"workspace.created", "store.added", "store.added", "store.added"});
  CHECK(inventory.last_event("store.added", "LocalMachine\\Root"));
}

TEST_CASE("what is taken out of a Windows store is gone, and that is on record", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.add_to_windows_store(member(StoreLocation::current_user, "My", 1));
  CHECK_FALSE(inventory.remove_from_windows_store(StoreLocation::local_machine, "My", digest(1)));
  CHECK_FALSE(inventory.remove_from_windows_store(StoreLocation::current_user, "My", digest(2)));
  CHECK(inventory.remove_from_windows_store(StoreLocation::current_user, "MY", digest(1)));
  CHECK(inventory.windows_stores().empty());
  CHECK(event_kinds(inventory).back() == "store.removed");
  CHECK(inventory.verify_events().intact());
}

TEST_CASE("the Windows stores that hold something are listed once each", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.add_to_windows_store(member(StoreLocation::local_machine, "trustedpublisher", 1));
  inventory.add_to_windows_store(member(StoreLocation::local_machine, "TrustedPublisher", 2));
  inventory.add_to_windows_store(member(StoreLocation::current_user, "PrivateCertStore", 1));
  const auto names = inventory.windows_stores();
  REQUIRE(names.size() == 2);
  CHECK(names[0].location == StoreLocation::current_user);
  CHECK(names[0].store == "PrivateCertStore");
  CHECK(names[1].location == StoreLocation::local_machine);
  CHECK(equal_ignoring_case(names[1].store, "trustedpublisher"));
}

TEST_CASE("a name that Windows cannot have is refused", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  for (const std::string& name :
       {std::string(), std::string("a\\b"), std::string("a\nb"), std::string(256, 'a')}) {
    CAPTURE(name);
    const auto error = error_of(
        [&] { inventory.add_to_windows_store(member(StoreLocation::current_user, name, 1)); });
    CHECK(error.kind == Error::Kind::input);
    CHECK_THAT(error.message, Catch::Contains("cannot be the name of a store"));
    CHECK_THROWS_WITH(inventory.key_named(name), Catch::Contains("name of a key container"));
  }
}

TEST_CASE("a key container names one key for as long as the inventory has it", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto one = stored_key(inventory, "one", 1), two = stored_key(inventory, "two", 2);
  CHECK_FALSE(inventory.key_named("Publisher"));
  inventory.name_key("Publisher", one);
  inventory.name_key("PUBLISHER", one);
  CHECK(inventory.key_named("publisher") == one);
  const auto error = error_of([&] { inventory.name_key("publisher", two); });
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message == "key container 'publisher' holds another key");

  KeyId lost;
  lost.value.fill(9);
  inventory.name_key("lost", lost);
  CHECK_FALSE(inventory.key_named("lost"));
  inventory.name_key("lost", two);
  CHECK(inventory.key_named("lost") == two);
}

TEST_CASE("an inventory from before Windows stores gets them when it is opened", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  {
    auto inventory = store::Inventory::create(path, workspace(), hours.clock());
    issue(inventory, "driver", 1, 1);
  }
  {
    const auto database = store::Database::open(path, {});
    database->execute("DROP TABLE windows_stores");
    database->execute("DROP TABLE key_containers");
    database->execute("UPDATE schema_version SET version = 2");
  }
  auto inventory = store::Inventory::open(path, hours.clock());
  CHECK(inventory.add_to_windows_store(member(StoreLocation::current_user, "My", 1)));
  CHECK(inventory.generations_of("driver").size() == 1);
}
