#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
using store::GenerationState;

namespace {

store::RequestIntent request(const std::string& name, int number, std::uint8_t seed) {
  store::RequestIntent made;
  made.name = name;
  made.number = number;
  made.issuer = "offline-root";
  made.policy = policy("issuing-ca");
  made.subject = "CN=" + name;
  made.request = {0x30, 0x01, seed};
  made.key.value.fill(seed);
  return made;
}

store::AdoptedCertificate adopted(const std::string& name, int number, std::uint8_t seed,
                                  GenerationState state = GenerationState::active) {
  store::AdoptedCertificate made;
  made.name = name;
  made.number = number;
  made.policy = policy("issuing-ca");
  made.serial = Serial{{0x11, seed}};
  made.issuer_name = digest(0xee);
  made.to_be_signed = digest(seed);
  made.key.value.fill(seed);
  made.issued = certificate(seed, state);
  return made;
}

}  // namespace

TEST_CASE("a request waits until its certificate is accepted", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto id = inventory.add_request(request("issuing", 1, 7));
  REQUIRE(inventory.waiting_requests().size() == 1);
  const auto waiting = *inventory.waiting_request("issuing");
  CHECK(waiting.intent.request == Bytes{0x30, 0x01, 7});
  CHECK(waiting.intent.policy.text == "name: issuing-ca\n");
  CHECK(waiting.intent.issuer == "offline-root");
  CHECK(waiting.created == hours.now);
  const auto twice = error_of([&] { inventory.add_request(request("issuing", 1, 8)); });
  CHECK(twice.message == "a request for 'issuing@1' is waiting already");

  const auto generation = inventory.accept_request(id, adopted("issuing", 1, 7));
  CHECK(generation.label() == "issuing@1");
  CHECK(generation.state == GenerationState::active);
  CHECK(inventory.waiting_requests().empty());
  CHECK(error_of([&] { inventory.accept_request(id, adopted("issuing", 2, 9)); }).message ==
        "the request waits no more: another run has settled it");
  CHECK(inventory.generations_of("issuing").size() == 1);
  CHECK(event_kinds(inventory) == std::vector<std::string>{"workspace.created", "policy.used",
                                                           "request.made", "request.accepted"});
}

TEST_CASE("a cancelled request leaves its name free", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.cancel_request(inventory.add_request(request("issuing", 1, 7)), "typing mistake");
  CHECK(inventory.waiting_requests().empty());
  CHECK_NOTHROW(inventory.add_request(request("issuing", 1, 8)));
}

TEST_CASE("an adopted certificate is there like any other", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto first = inventory.adopt(adopted("old", 1, 1));
  CHECK(first.state == GenerationState::active);
  CHECK(first.activated == hours.now);
  CHECK(inventory.entity("old")->origin == store::Origin::import);
  auto gone = adopted("old", 2, 2, GenerationState::revoked);
  gone.revoked = *parse_time("2025-05-05");
  gone.reason = "superseded";
  gone.issuer = first.id;
  CHECK(inventory.adopt(gone).revoked == *parse_time("2025-05-05"));
  CHECK(inventory.active("old")->id == first.id);
  CHECK(error_of([&] { inventory.adopt(adopted("other", 1, 1)); }).message ==
        "serial number 1101 was drawn before by this issuer");
  CHECK(inventory.unfinished_issuances().empty());
  CHECK(inventory.verify_events().intact());
}

TEST_CASE("everything revoked below an authority is known once, by serial number", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto ca = inventory.adopt(adopted("ca", 1, 1));
  auto leaf = intent("driver", 1, 9);
  leaf.issuer = ca.id;
  const auto made = inventory.finish_issuance(inventory.begin_issuance(leaf), certificate(9));
  inventory.revoke(made.id, {"keyCompromise", *parse_time("2026-01-01"), *parse_time("2025-12-01"),
                             "laptop stolen"});
  CHECK(inventory.generation(made.id)->invalidity == *parse_time("2025-12-01"));
  inventory.add_revocation(ca.id, {Serial{{0x02}}, *parse_time("2020-01-01"), "", {}});
  inventory.add_revocation(ca.id, {Serial{{0x11, 9}}, *parse_time("2021-01-01"), "", {}});
  CHECK(error_of([&] {
          inventory.add_revocation(ca.id, {Serial{{0x02}}, *parse_time("2020-01-01"), "", {}});
        }).message == "serial number 02 is on record as revoked already");
  const auto all = inventory.revoked_below(ca.id);
  REQUIRE(all.size() == 2);
  CHECK(all[0].serial.hex() == "02");
  CHECK(all[1].reason == "keyCompromise");
  CHECK(all[1].revoked == *parse_time("2026-01-01"));
}

TEST_CASE("the negative serial numbers of old tools stay negative", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  auto old = adopted("old", 1, 1);
  old.serial = Serial{{0xff, 0x10}, true};
  const auto made = inventory.adopt(old);
  CHECK(made.serial == old.serial);
  CHECK(inventory.find(old.serial).size() == 1);
  CHECK(inventory.find(Serial{{0xff, 0x10}}).empty());
  inventory.add_revocation(made.id, {Serial{{0x80}, true}, *parse_time("2020-01-01"), "", {}});
  CHECK(inventory.revoked_below(made.id).front().serial.negative);
}

TEST_CASE("revocation lists count upwards, and the last is kept", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto ca = inventory.adopt(adopted("ca", 1, 1));
  CHECK_FALSE(inventory.latest_crl(ca.id));
  const Time end = hours.now + std::chrono::days(7);
  inventory.add_crl({ca.id, 41, hours.now, end, {1}, {}});
  inventory.add_crl({ca.id, 42, hours.now, end, {2}, {}});
  CHECK(inventory.latest_crl(ca.id)->crl == Bytes{2});
  CHECK(error_of([&] {
          inventory.add_crl({ca.id, 42, hours.now, end, {3}, {}});
        }).message == "revocation list 42 was issued meanwhile");
}

TEST_CASE("numbers of lists that were given away elsewhere are not given again", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  const auto ca = inventory.adopt(adopted("ca", 1, 1));
  CHECK(inventory.last_crl_number(ca.id) == 0);
  inventory.keep_crl_number(ca.id, 9);
  inventory.keep_crl_number(ca.id, 4);
  CHECK(inventory.last_crl_number(ca.id) == 9);
  CHECK_FALSE(inventory.latest_crl(ca.id));
  const Time end = hours.now + std::chrono::days(7);
  CHECK(error_of([&] {
          inventory.add_crl({ca.id, 9, hours.now, end, {1}, {}, 0});
        }).message == "revocation list 9 was issued meanwhile");
  inventory.add_crl({ca.id, 10, hours.now, end, {2}, {}, 0});
  CHECK(inventory.latest_crl(ca.id)->number == 10);
}

TEST_CASE("the last event of a kind is found without reading the others", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.record_event("export.written", "pfx", Json::object().set("n", std::int64_t{1}));
  inventory.record_event("export.written", "pfx", Json::object().set("n", std::int64_t{2}));
  CHECK(inventory.last_event("export.written", "pfx")->details == "{\"n\":2}");
  CHECK_FALSE(inventory.last_event("export.written", "spc"));
}
