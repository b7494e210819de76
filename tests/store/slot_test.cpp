#include "fixture.h"
#include "store/database.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

store::SlotRecord slot(const std::string& id, const std::string& name,
                       const std::vector<std::string>& keyrings) {
  store::SlotRecord made;
  made.id = id;
  made.name = name;
  made.salt = {1, 2, 3, 4};
  made.scrypt_n = 1024;
  made.scrypt_r = 8;
  made.scrypt_p = 1;
  for (const auto& keyring : keyrings) made.opens.push_back({keyring, "dk-" + keyring, {9, 9}});
  return made;
}

store::Inventory with_keyrings(Hours& hours) {
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.add_keyring({"signing", "dk-signing", {}});
  inventory.add_keyring({"issuing", "dk-issuing", {}});
  return inventory;
}

}  // namespace

TEST_CASE("a slot is read back as it was written", "[store]") {
  Hours hours;
  auto inventory = with_keyrings(hours);
  inventory.add_slot(slot("s1", "laptop", {"signing", "issuing"}));
  inventory.add_slot(slot("s2", "ci", {"signing"}));
  const auto slots = inventory.slots();
  REQUIRE(slots.size() == 2);
  CHECK(slots[0].name == "ci");
  CHECK(slots[1].name == "laptop");
  CHECK(slots[1].scrypt_n == 1024);
  CHECK(slots[1].created == hours.now);
  REQUIRE(slots[1].opens.size() == 2);
  CHECK(slots[1].opens[0].keyring == "issuing");
  CHECK(slots[1].opens[0].sealed == Bytes{9, 9});
  CHECK_THROWS_WITH(inventory.add_slot(slot("s3", "ci", {"signing"})), "slot 'ci' already exists");
  CHECK_THROWS_WITH(inventory.add_keyring({"signing", "x", {}}),
                    "keyring 'signing' already exists");
}

TEST_CASE("the last slot of a keyring stays", "[store]") {
  Hours hours;
  auto inventory = with_keyrings(hours);
  inventory.add_slot(slot("s1", "laptop", {"signing", "issuing"}));
  inventory.add_slot(slot("s2", "ci", {"signing"}));
  const auto error = error_of([&] { inventory.remove_slot("laptop"); });
  CHECK(error.message == "slot 'laptop' is the only one that opens keyring 'issuing'");
  CHECK(error.hint == "add another slot for it first");
  inventory.remove_slot("ci");
  CHECK(inventory.slots().size() == 1);
  CHECK_THROWS_WITH(inventory.remove_slot("ci"), "there is no slot 'ci'");
}

TEST_CASE("a replaced slot leaves no byte in the files", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  auto inventory = store::Inventory::create(path, workspace(), hours.clock());
  inventory.add_keyring({"signing", "dk-signing", {}});
  const std::string old_bytes = "OLD-SEALED-BYTES", new_bytes = "NEW-SEALED-BYTES";
  auto before = slot("s1", "laptop", {"signing"});
  before.opens[0].sealed = copy(view(old_bytes));
  inventory.add_slot(before);
  auto after = slot("s2", "laptop", {"signing"});
  after.opens[0].sealed = copy(view(new_bytes));
  inventory.replace_slot(after);

  const auto in_files = [&](const std::string& wanted) {
    const std::string files = run({"cat", path.string(), path.string() + "-wal"}).out;
    return files.find(wanted) != std::string::npos;
  };
  CHECK(in_files(new_bytes));
  CHECK_FALSE(in_files(old_bytes));
}

TEST_CASE("a reader that keeps an old slot readable is named as the reason", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  auto inventory =
      store::Inventory::create(path, workspace(), hours.clock(), {std::chrono::milliseconds(50)});
  inventory.add_keyring({"signing", "dk-signing", {}});
  inventory.add_slot(slot("s1", "laptop", {"signing"}));
  const auto reader = store::Database::open(path, {});
  store::Statement reading(*reader, "SELECT sequence FROM events");
  REQUIRE(reading.step());
  const auto error = error_of([&] { inventory.replace_slot(slot("s2", "laptop", {"signing"})); });
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message ==
        "the slot is changed, but another process reads the inventory, and what the slot was is "
        "still in its log");
  CHECK(inventory.slots().at(0).id == "s2");
}
