// The table of Windows versions: both spellings, and what catalogs say.

#include "base/windows_version.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "base/error.h"

namespace sealwright {
namespace {

std::string names(const std::vector<const WindowsTarget*>& targets) {
  std::string all;
  for (const auto* target : targets) all += (all.empty() ? "" : ",") + std::string(target->inf2cat);
  return all;
}

std::string catalog(const std::vector<std::string>& wanted) {
  std::string all;
  std::string_view last;
  for (const auto* target : parse_windows_targets(wanted)) {
    if (target->catalog_os == last) continue;
    last = target->catalog_os;
    all += (all.empty() ? "" : ",") + std::string(last);
  }
  return all;
}
}  // namespace

TEST_CASE("a Windows version is known by both spellings", "[base]") {
  const std::pair<const char*, const char*> rows[] = {
      {"win10-22h2", "10_VB_X86,10_VB_X64,10_VB_ARM64"},
      {"win10-22h2-x64", "10_VB_X64"},
      {"10_VB", "10_VB_X86,10_VB_X64,10_VB_ARM64"},
      {"10_vb_x64", "10_VB_X64"},
      {"WIN11-24H2", "10_GE_X64,10_GE_ARM64"},
      {"10_GE_X64", "10_GE_X64"},
      {"2000", "2000"},
      {"XP_X86", "XP_X86"},
      {"xp-sp3", "XP_X86"},
      {"xp", "XP_X86,XP_X64"},
      {"server2008r2", "Server2008R2_X64"},
      {"Server2008R2_IA64", "Server2008R2_IA64"},
      {"win8.1", "6_3_X86,6_3_X64"},
      {"8_ARM", "8_ARM"},
      {"10_X64", "10_X64"},
      {"win7-sp1", "7_X86,7_X64"},
      {"server2022", "ServerFE_X64"},
      {"ServerRS5_X64", "ServerRS5_X64"},
      {"win12", ""},
      {"", ""},
      {"10_VB_IA64", ""},
  };
  for (const auto& [name, expected] : rows) DYNAMIC_SECTION("'" << name << "'") {
      CHECK(names(parse_windows_target(name)) == expected);
    }
}

TEST_CASE("an inf2cat name stands for its oldest version, a short name for its own", "[base]") {
  CHECK(parse_windows_target("10_VB_X64").at(0)->build == 19041);
  CHECK(parse_windows_target("win10-22h2-x64").at(0)->build == 19045);
  CHECK(parse_windows_target("7_X64").at(0)->id == "win7");
}

TEST_CASE("catalogs list systems as inf2cat does", "[base]") {
  // Each expected value was read from a catalog that inf2cat wrote.
  CHECK(catalog({"vista", "server2008", "win7", "server2008r2", "win8", "server2012", "win81",
                 "10_X86", "10_X64", "Server10_X64"}) ==
        "VistaX86,VistaX64,Server2008X86,Server2008X64,7X86,7X64,Server2008R2X64,8X86,8X64,"
        "Server2012X64,_v63,_v63_X64,"
        "_v100,_v100_X64,Server_v100_X64");
  CHECK(catalog({"10_NI_X64", "10_X64", "10_AU_X64", "10_RS2_X64", "10_RS3_X64", "10_RS4_X64",
                 "10_RS5_X64", "10_19H1_X64", "10_VB_X64", "10_CO_X64"}) ==
        "_v100_X64,_v100_X64_RS1,_v100_X64_RS2,_v100_X64_RS3,_v100_X64_RS4,_v100_X64_RS5,_v100_X64_"
        "19H1,_v100_X64_Vb,"
        "_v100_X64_21H2,_v100_X64_22H2");
  CHECK(catalog({"Server2008_X64", "7_X64", "Server2008R2_X64", "8_X64", "Server8_X64", "6_3_X64",
                 "Server6_3_X64", "10_AU_X64"}) ==
        "Server2008X64,7X64,Server2008R2X64,8X64,Server2012X64,_v63_X64,_v63_Server_X64,_v100_X64_"
        "RS1");
  CHECK(catalog({"XP_X64", "Server2003_X64", "Server2003_X86", "Server2003_IA64"}) ==
        "XPX64,Server2003X86,Server2003IA64,Server2003X64");
}

TEST_CASE("kernel versions are those of OSAttr", "[base]") {
  const auto attribute = [](const char* name) {
    return parse_windows_target(name).at(0)->os_attribute;
  };
  CHECK(attribute("2000") == "2:5.00");
  CHECK(attribute("XP_X86") == "2:5.1");
  CHECK(attribute("XP_X64") == "2:5.1,2:5.2");
  CHECK(attribute("Server2003_X64") == "2:5.2");
  CHECK(attribute("7_X64") == "2:6.1");
  CHECK(attribute("6_3_X64") == "2:6.3");
  CHECK(attribute("10_GE_X64") == "2:10.0");
}

TEST_CASE("rules that depend on the version can be read off the table", "[base]") {
  CHECK(parse_windows_target("7_X64").at(0)->needs_catalog_v1());
  CHECK_FALSE(parse_windows_target("8_X64").at(0)->needs_catalog_v1());
  CHECK(parse_windows_target("7_X64").at(0)->oldest_driver_date == "2009-04-21");
  CHECK(parse_windows_target("Vista_X64").at(0)->oldest_driver_date.empty());
  CHECK(parse_windows_target("server2025-x64").at(0)->server);
  CHECK(inf_decoration(Architecture::x64) == "amd64");
  CHECK(to_text(Architecture::x64) == "x64");
}

TEST_CASE("the table of Windows versions is in order and says nothing twice", "[base]") {
  std::set<std::pair<std::string_view, Architecture>> seen;
  int order = -1;
  for (const auto& target : windows_targets()) {
    INFO(target.id);
    CHECK(seen.insert({target.id, target.architecture}).second);
    CHECK(target.table_order >= order);
    order = target.table_order;
    CHECK(target.released.size() == 10);
    const auto found = parse_windows_target(target.inf2cat);
    REQUIRE(found.size() == 1);
    CHECK(found.front()->inf2cat == target.inf2cat);
  }
}

TEST_CASE("a mistyped Windows version is answered with the nearest", "[base]") {
  CHECK(nearest_windows_target("win11-24h3") == "win11-24h2");
  CHECK(nearest_windows_target("10_GE_X46") == "10_GE_X64");
  CHECK(nearest_windows_target("solaris").empty());
  try {
    parse_windows_targets({"win7", "win1-24h2"});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.message == "unknown Windows version 'win1-24h2'");
    CHECK(error.hint == "did you mean 'win11-24h2'?");
  }
}

}  // namespace sealwright
