#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
using store::SignatureOutcome;

namespace {

store::SignatureIntent signing(const store::Generation& by, const std::string& file) {
  store::SignatureIntent intent;
  intent.generation = by.id;
  intent.file_name = file;
  intent.kind = "pe";
  intent.digest_algorithm = "sha256";
  intent.digest = {1, 2, 3};
  intent.file_before = digest(0x10);
  intent.to_be_signed = digest(0x20);
  return intent;
}

}  // namespace

TEST_CASE("a signature is on record before it is made, and again when it is", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto signer = issue(inventory, "driver", 1, 1);
  const auto id = inventory.begin_signature(signing(signer, "acme.sys"));
  REQUIRE(inventory.unfinished_signatures().size() == 1);
  CHECK(inventory.unfinished_signatures()[0].running);
  CHECK(inventory.signature(id)->outcome == SignatureOutcome::unfinished);

  inventory.finish_signature(id, {digest(0x30), hours.now, "timestamping"});
  const auto record = inventory.signatures(signer.id).at(0);
  CHECK(record.outcome == SignatureOutcome::made);
  CHECK(record.intent.file_name == "acme.sys");
  CHECK(record.intent.digest == Bytes{1, 2, 3});
  CHECK(record.result.timestamp == hours.now);
  CHECK(record.result.timestamp_authority == "timestamping");
  CHECK(inventory.signatures_of_file(digest(0x30)).size() == 1);
  CHECK(inventory.signatures_of_file(digest(0x10)).size() == 1);
  CHECK(inventory.signatures_of_file(digest(0x40)).empty());
  CHECK(inventory.unfinished_signatures().empty());
  CHECK_THROWS_WITH(inventory.finish_signature(id, {}), Catch::Contains("has settled"));

  inventory.withdraw_signature(id, "never shipped");
  CHECK(inventory.signature(id)->withdrawn == hours.now);
  CHECK(inventory.signature(id)->reason == "never shipped");
  CHECK_THROWS_WITH(inventory.withdraw_signature(id, "again"),
                    Catch::Contains("withdrawn already"));
  CHECK(event_kinds(inventory).back() == "signature.withdrawn");
}

TEST_CASE("an abandoned signature says why", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto signer = issue(inventory, "driver", 1, 1);
  const auto id = inventory.begin_signature(signing(signer, "acme.sys"));
  inventory.abandon_signature(id, "the disk is full");
  CHECK(inventory.signature(id)->outcome == SignatureOutcome::abandoned);
  CHECK(inventory.signature(id)->reason == "the disk is full");
  CHECK_THROWS_WITH(inventory.withdraw_signature(id, "x"), Catch::Contains("no such signature"));
}
