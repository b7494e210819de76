#include "bundle/state.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "states.h"

using namespace sealwright;

TEST_CASE("settle refuses what does nothing or harm", "[bundle]") {
  const auto& pki = test::pki();
  struct Row {
    const char* name;
    std::vector<bundle::Entry> present;
    const char* message;
  };
  const Row rows[] = {
      {"a CA as publisher",
       {{bundle::Store::trusted_publisher, pki.issuing.certificate, "ca", {}}},
       "'ca' cannot go into the TrustedPublisher store: it is a CA certificate, and Windows only "
       "looks for the signer's own certificate there"},
      {"a root as publisher",
       {{bundle::Store::trusted_publisher, pki.root.certificate, "root", {}}},
       "'root' cannot go into the TrustedPublisher store: it is a root without code signing usage, "
       "and Windows only looks for the signer's own "
       "certificate there"},
      {"an intermediate as root",
       {{bundle::Store::root, pki.issuing.certificate, "ca", {}}},
       "'ca' cannot go into the Root store: it is not self-signed"},
      {"trusted and distrusted",
       {{bundle::Store::trusted_publisher, pki.code.certificate, "p", {}},
        {bundle::Store::disallowed, pki.code.certificate, "p", {}}},
       "'p' cannot go into the TrustedPublisher store: it is in Disallowed too, which wins"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      bundle::State state;
      state.present = row.present;
      CHECK_THROWS_WITH(bundle::settle(state), row.message);
    }
}

TEST_CASE("settle sorts and drops repeats, so that equal states have equal content", "[bundle]") {
  bundle::State a = test::lab_state(), b = test::lab_state();
  std::reverse(b.present.begin(), b.present.end());
  b.present.push_back(b.present.front());
  b.version = 9;
  bundle::settle(b);
  CHECK(bundle::content_of(a).dump() == bundle::content_of(b).dump());
}

TEST_CASE("derived GUIDs are well-formed and differ with every part", "[bundle]") {
  const std::string guid = bundle::derived_guid({"a", "b"});
  CHECK(guid == bundle::derived_guid({"a", "b"}));
  CHECK(guid != bundle::derived_guid({"ab", ""}));
  REQUIRE(guid.size() == 38);
  CHECK(guid[15] == '8');
  CHECK(guid.find_first_not_of("{}-0123456789ABCDEF") == std::string::npos);
}
