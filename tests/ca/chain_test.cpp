#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

TEST_CASE("a certificate is found by everything a person may type", "[ca]") {
  Lab lab;
  const auto issuer = lab.issuing();
  const auto one = lab.issue("driver", signing_policy(), issuer);
  const auto two = lab.issue("driver", signing_policy(), issuer);
  const auto three = lab.issue("driver", signing_policy(), issuer);
  lab.inventory.activate(two.id);
  REQUIRE(three.state == store::GenerationState::next);

  std::string spaced;
  const std::string hex = ascii_lower(one.thumbprint.hex());
  for (std::size_t i = 0; i < hex.size(); i += 2) spaced += hex.substr(i, 2) + " ";
  const struct {
    const char* name;
    std::string reference;
    const store::Generation& found;
  } rows[] = {
      {"a bare name", "driver", two},
      {"active", "driver@active", two},
      {"a number", "driver@1", one},
      {"another number", "driver@3", three},
      {"next", "driver@next", three},
      {"previous", "driver@previous", one},
      {"thumbprint", one.thumbprint.hex(), one},
      {"thumbprint as Windows copies it", "\u200e" + spaced, one},
      {"SHA-256", to_hex(three.sha256), three},
      {"serial", "serial:" + one.serial.hex(), one},
      {"serial with a zero before it", "serial:00" + one.serial.hex(), one},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    CHECK(ca::find_generation(lab.inventory, row.reference).id == row.found.id);
  }
  CHECK(ca::find_generations(lab.inventory, "driver@all").size() == 3);
  CHECK(ca::find_generations(lab.inventory, "driver@live").size() == 3);
  lab.inventory.retire(one.id, "done");
  CHECK(ca::find_generations(lab.inventory, "driver@live").size() == 2);
  CHECK(ca::find_generations(lab.inventory, "driver").size() == 1);

  const auto error = error_of([&] { ca::find_exactly(lab.inventory, "driver"); });
  CHECK(error.message ==
        "'driver' has several live generations: driver@2 (active), driver@3 (next)");
  CHECK(error.hint == "say which: driver@2 or driver@3");
  CHECK(ca::find_exactly(lab.inventory, "driver@3").id == three.id);
  CHECK(ca::find_exactly(lab.inventory, "lab-root").label() == "lab-root@1");
}

TEST_CASE("what is not found is answered with what there is", "[ca]") {
  Lab lab;
  lab.issue("driver-signing", signing_policy(), lab.issuing());
  const struct {
    const char *reference, *message, *hint;
    Error::Kind kind;
  } rows[] = {
      {"driver-sining", "nothing is called 'driver-sining'", "did you mean 'driver-signing'?",
       Error::Kind::state},
      {"driver-signing@7", "'driver-signing' has no generation 7",
       "there are driver-signing@1 (active)", Error::Kind::state},
      {"driver-signing@next", "'driver-signing' has no next generation",
       "there are driver-signing@1 (active)", Error::Kind::state},
      {"driver-signing@newest", "unknown generation 'newest'",
       "write a number, active, next or previous", Error::Kind::usage},
      {"0123456789012345678901234567890123456789",
       "no certificate has the thumbprint 0123456789012345678901234567890123456789", "",
       Error::Kind::state},
      {"serial:77", "no certificate has the serial:77", "", Error::Kind::state},
      {"serial:7g", "'serial:7g' is not a serial number", "write serial: and hex digits",
       Error::Kind::usage},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.reference) {
      const auto error = error_of([&] { ca::find_generation(lab.inventory, row.reference); });
      CHECK(error.message == row.message);
      CHECK(error.hint == row.hint);
      CHECK(error.kind == row.kind);
    }
}

TEST_CASE("a chain goes up to the root, which stays out of signatures", "[ca]") {
  Lab lab;
  const auto leaf = lab.issue("driver", signing_policy(), lab.issuing());
  const auto chain = ca::chain_of(lab.inventory, leaf);
  REQUIRE(chain.size() == 3);
  CHECK(chain[0] == ca::certificate_of(leaf));
  CHECK(chain[2].self_signed());
  CHECK(ca::without_root(chain).size() == 2);
  const auto root = *lab.inventory.active("lab-root");
  CHECK(ca::without_root(ca::chain_of(lab.inventory, root)).size() == 1);
}
