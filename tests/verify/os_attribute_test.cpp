#include "verify/os_attribute.h"

#include <catch2/catch.hpp>

TEST_CASE("OSAttr covers the versions it lists and newer ones", "[os]") {
  struct Row {
    const char *attribute, *target;
    bool covered;
  };
  const Row rows[] = {
      {"2:10.0", "win11-24h2-x64", true},
      {"2:6.1,2:10.0", "win7-x64", true},
      {"2:10.0", "win81-x64", false},
      {"2:6.1", "win11-24h2-x64", true},
      {"2:5.1,2:5.2", "XP_X64", true},
      {"2:5.2", "xp-x86", false},
      {"2:5.00", "win2000-x86", true},
      {"1:4.10,2:10.0", "win7-x64", false},
      {"", "win7-x64", true},
      {"nonsense", "win7-x64", true},
      {" 2:6.0 , 2:6.2 ", "win8-x64", true},
      {"2:6.", "win8-x64", true},
      {"2:99999999999999999999.0", "win8-x64", true},
  };
  for (const auto& row : rows) {
    INFO("'" << row.attribute << "' for " << row.target);
    const auto targets = sealwright::parse_windows_target(row.target);
    REQUIRE(targets.size() == 1);
    CHECK(sealwright::verify::covers(row.attribute, *targets.front()) == row.covered);
  }
}
