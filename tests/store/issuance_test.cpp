// House rule 1: what the inventory holds before and after a signature.

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

TEST_CASE("an intent is on record before its certificate is", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto id = inventory.begin_issuance(intent("driver", 1, 1));
  const auto waiting = inventory.unfinished_issuances();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].name == "driver");
  CHECK(waiting[0].subject == "CN=driver");
  CHECK(waiting[0].serial.hex() == "1101");
  CHECK(waiting[0].running);
  CHECK(inventory.generations().empty());

  inventory.finish_issuance(id, certificate(1));
  CHECK(inventory.unfinished_issuances().empty());
  CHECK(event_kinds(inventory) == std::vector<std::string>{"workspace.created", "policy.used",
                                                           "issuance.started",
                                                           "generation.issued"});
}

TEST_CASE("what was issued or is being issued is not issued again", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.begin_issuance(intent("driver", 1, 1));
  auto same_serial = intent("other", 1, 2);
  same_serial.serial = Serial{{0x11, 1}};
  auto same_bytes = intent("other", 1, 2);
  same_bytes.to_be_signed = digest(1);
  auto other_kind = intent("driver", 2, 2);
  other_kind.kind = store::EntityKind::authority;
  const struct {
    const char* name;
    store::IssuanceIntent intent;
    const char* message;
  } rows[] = {
      {"the same number", intent("driver", 1, 2),
       "'driver@1' was issued by another run, or is being issued"},
      {"the same serial", same_serial, "serial number 1101 was drawn before by this issuer"},
      {"the same bytes", same_bytes, "'other@1' was signed before, byte for byte"},
      {"another kind", other_kind, "'driver' is the name of another certificate"},
  };
  const auto head = inventory.head();
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const auto error = error_of([&] { inventory.begin_issuance(row.intent); });
      CHECK(error.message == row.message);
      CHECK(error.kind == Error::Kind::state);
      CHECK(inventory.head() == head);
    }
}

TEST_CASE("the same serial number below another issuer is another certificate", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  issue(inventory, "one", 1, 1);
  auto elsewhere = intent("two", 1, 2);
  elsewhere.serial = Serial{{0x11, 1}};
  elsewhere.issuer_name = digest(0xdd);
  inventory.finish_issuance(inventory.begin_issuance(elsewhere), certificate(2));
  CHECK(inventory.find(Serial{{0x11, 1}}).size() == 2);
}

TEST_CASE("an abandoned intent frees its number, keeps its serial and loses its key", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.add_keyring({"signing", "dk", {}});
  auto wanted = intent("driver", 1, 1);
  wanted.new_key = store::KeyRecord{
      wanted.key, "signing", {1, 2, 3}, {4}, "RSA-3072", store::ExportRule::ask, {}};
  const auto id = inventory.begin_issuance(wanted);
  CHECK(inventory.key(wanted.key)->export_rule == store::ExportRule::ask);
  inventory.abandon_issuance(id, "interrupted");

  CHECK_FALSE(inventory.key(wanted.key));
  CHECK(inventory.unfinished_issuances().empty());
  CHECK(inventory.next_number("driver") == 1);
  CHECK(error_of([&] { inventory.finish_issuance(id, certificate(1)); }).message ==
        "another run has settled this issuance meanwhile");
  CHECK_THROWS_WITH(inventory.begin_issuance(intent("driver", 1, 1)),
                    Catch::Contains("was drawn before"));
  issue(inventory, "driver", 1, 2);
}

TEST_CASE("a key that a certificate uses outlives an abandoned intent for it", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.add_keyring({"signing", "dk", {}});
  auto first = intent("driver", 1, 1);
  first.new_key = store::KeyRecord{
      first.key, "signing", {1, 2, 3}, {4}, "RSA-3072", store::ExportRule::never, {}};
  const auto g = inventory.finish_issuance(inventory.begin_issuance(first), certificate(1));
  CHECK(g.key == first.key);
  auto again = intent("driver", 2, 2);
  again.key = first.key;
  inventory.abandon_issuance(inventory.begin_issuance(again), "interrupted");
  CHECK(inventory.key(first.key));
}

TEST_CASE("a policy revision says one thing for ever", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  issue(inventory, "driver", 1, 1);
  auto changed = intent("driver", 2, 2);
  changed.policy = policy("driver-signing", 1, 7);
  const auto error = error_of([&] { inventory.begin_issuance(changed); });
  CHECK(error.message ==
        "policy 'driver-signing' was changed, but its revision is still 1, under which something "
        "was issued");
  CHECK(error.hint == "set revision: 2");
  CHECK(error.kind == Error::Kind::policy);
  changed.policy = policy("driver-signing", 2, 7);
  inventory.begin_issuance(changed);
  CHECK(inventory.policies().size() == 2);
  CHECK(inventory.policy("driver-signing", 1)->text == "name: driver-signing\n");
}

TEST_CASE("what is done together is done as a whole or not at all", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto head = inventory.head();
  CHECK_THROWS_WITH(inventory.together([&] {
    issue(inventory, "one", 1, 1);
    issue(inventory, "two", 1, 1);
  }),
                    Catch::Contains("was drawn before"));
  CHECK(inventory.head() == head);
  CHECK(inventory.generations().empty());

  SECTION("even when the error of a part is swallowed") {
    CHECK_THROWS_WITH(inventory.together([&] {
      issue(inventory, "one", 1, 1);
      CHECK_THROWS(issue(inventory, "two", 1, 1));
    }),
                      Catch::Contains("a part of a transaction failed"));
    CHECK(inventory.head() == head);
  }
  inventory.together([&] {
    issue(inventory, "one", 1, 1);
    issue(inventory, "two", 1, 2);
  });
  CHECK(inventory.generations().size() == 2);
}
