#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

TEST_CASE("a bundle gets a new version when its content changed, and only then", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  CHECK_FALSE(inventory.latest_bundle_version("trust"));
  CHECK(inventory.add_bundle_version("trust", digest(1), "{}").version == 1);
  CHECK(inventory.add_bundle_version("trust", digest(1), "{}").version == 1);
  CHECK(inventory.add_bundle_version("trust", digest(2), "{\"a\":1}").version == 2);
  CHECK(inventory.add_bundle_version("other", digest(2), "{}").version == 1);
  CHECK(inventory.add_bundle_version("trust", digest(1), "{}").version == 3);
  CHECK(inventory.bundle_versions("trust").size() == 3);
  CHECK(inventory.bundle_version("trust", 2)->state == "{\"a\":1}");
  CHECK(inventory.latest_bundle_version("trust")->version == 3);
}

TEST_CASE("a roll back is on record beside the version that it makes", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.add_bundle_version("trust", digest(1), "{}");
  inventory.add_bundle_version("other", digest(1), "{}");
  inventory.add_bundle_version("trust", digest(2), "{}");
  CHECK_FALSE(inventory.last_event("bundle.rolled-back", "trust@2"));
  inventory.add_bundle_version("trust", digest(3), "{}", 1);
  CHECK(inventory.last_event("bundle.rolled-back", "trust@3")->details == "{\"to\":1}");
  CHECK(inventory.bundle_names() == std::vector<std::string>{"other", "trust"});
}

TEST_CASE("the day of a deployment is that of its first report", "[store]") {
  Hours hours;
  auto inventory = store::Inventory::create(":memory:", workspace(), hours.clock());
  inventory.add_bundle_version("trust", digest(1), "{}");
  const Time first = hours.now;
  inventory.record_deployment("trust", 1, 10, 5000);
  hours.now += std::chrono::days(7);
  inventory.record_deployment("trust", 1, 4990, 5000);
  const auto version = inventory.bundle_version("trust", 1);
  CHECK(version->deployed == first);
  CHECK(version->machines == 4990);
  CHECK(version->machines_total == 5000);
  CHECK_THROWS_WITH(inventory.record_deployment("trust", 2, 0, 0), "there is no bundle 'trust@2'");
}
