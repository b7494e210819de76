#include "workspace/signing_identity.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "fixture.h"

using namespace sealwright;
using test::LabWorkspace;

TEST_CASE("who may sign, and who is refused with the reason", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  struct Row {
    const char* reference;
    int days_later;
    const char* message;
  };
  const Row rows[] = {
      {"driver-signing", 0, nullptr},
      {"driver-signing@1", 0, nullptr},
      {"timestamping", 0,
       "'timestamping@1' is not for code signing: Windows would answer 0x800B0110"},
      {"lab-issuing", 0, "'lab-issuing@1' is a CA certificate: it signs certificates, not files"},
      {"driver-signing", 800,
       "'driver-signing@1' is valid from 2026-06-14T23:50:00Z to 2028-06-15T00:00:00Z, not now"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.reference << " after " << row.days_later) {
      LabWorkspace& later = lab;
      later.now += std::chrono::days(row.days_later);
      auto workspace = later.open();
      auto keys = test::keys_of(workspace);
      if (row.message)
        CHECK_THROWS_WITH(workspace::named_signer(workspace, keys, row.reference), row.message);
      else
        CHECK(workspace::named_signer(workspace, keys, row.reference).chain.size() == 2);
    }
}

TEST_CASE("a renewed certificate signs only once it is active", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  lab.now += std::chrono::days(600);
  lab.apply();
  auto workspace = lab.open();
  auto keys = test::keys_of(workspace);
  CHECK(workspace::named_signer(workspace, keys, "driver-signing").generation.number == 1);
  CHECK_THROWS_WITH(workspace::named_signer(workspace, keys, "driver-signing@2"),
                    "'driver-signing@2' is not active yet: the machines may not trust it");
  workspace.inventory().activate(workspace.inventory().generation("driver-signing", 2)->id);
  CHECK(workspace::named_signer(workspace, keys, "driver-signing").generation.number == 2);
}

TEST_CASE("words for timestamp authorities", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  auto workspace = lab.open();
  auto keys = test::keys_of(workspace);
  const Clock clock = [&] { return lab.now; };
  const auto source = [&](const std::string& word) {
    return workspace::timestamp_source(&workspace, &keys, word, clock, ossl::system_random());
  };
  CHECK(source("local").authority == "local");
  CHECK(source("http://tsa.invalid/").authority == "http://tsa.invalid/");
  CHECK_THROWS_WITH(source("locla"), "there is no timestamp authority 'locla'");
  CHECK_THROWS_WITH(
      workspace::timestamp_source(nullptr, nullptr, "local", clock, ossl::system_random()),
      "timestamp authority 'local' is a name, and there is no workspace");
}
