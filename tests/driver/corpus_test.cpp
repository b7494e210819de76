// Real driver packages: what inf2cat, makecat and Microsoft's portal made of them.

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "../signing/pki.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "driver/package_check.h"
#include "driver/package_sign.h"
#include "sample_package.h"

using namespace sealwright;
using namespace sealwright::driver;
namespace fs = std::filesystem;

namespace {
/// What a catalog says about its members: tag, File and OSAttr.
using Members = std::multiset<std::vector<std::string>>;
Members members(const signing::Catalog& catalog) {
  Members found;
  for (const auto& member : catalog.members)
    found.insert({to_hex(member.tag), member.attribute("File"), member.attribute("OSAttr"),
                  member.kind ? std::string(to_text(*member.kind)) : ""});
  return found;
}
std::set<std::string> tags(const signing::Catalog& catalog) {
  std::set<std::string> found;
  for (const auto& member : catalog.members) found.insert(to_hex(member.tag));
  return found;
}
std::set<std::string> ids(const signing::Catalog& catalog) {
  const auto list = catalog.hardware_ids();
  return {list.begin(), list.end()};
}

driver::PackageOptions options_for(const std::vector<std::string>& targets) {
  return {parse_windows_targets(targets), *parse_time("2026-11-21T12:00:00Z")};
}

std::vector<BuiltCatalog> build(const fs::path& folder, const std::vector<std::string>& targets,
                                CatalogVersion version) {
  CatalogOptions options;
  options.version = version;
  options.time = test::noon;
  options.random = test::counting_random();
  return build_catalogs(read_package(folder, options_for(targets)), options);
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) found.push_back(entry.path());
  return found;
}
}  // namespace

TEST_CASE("catalogs of real packages are what inf2cat made of them", "[corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus of real files");
    return;
  }
  enum class Ids {
    equal,
    submission
  };  // The portal lists those of all packages handed in together.
  const struct {
    std::string folder, catalog;
    std::vector<std::string> targets;
    CatalogVersion version = CatalogVersion::automatic;
    Ids ids = Ids::equal;
  } rows[] = {
      {"Adafruit_Windows_Drivers__Drivers_Adafruit_usbser",
       "Adafruit_usbser.cat",
       {"XP_X86", "XP_X64", "Vista_X86", "Vista_X64", "7_X86", "7_X64", "8_X86", "8_X64", "6_3_X86",
        "6_3_X64", "10_X86", "10_X64"}},
      {"outline-apps__bin_amd64",
       "tap0901.cat",
       {"Vista_X64", "Server2008_X64", "7_X64", "Server2008R2_X64"}},
      {"ghostpdl__lib", "ghostpdf.cat", {"7_X86", "7_X64", "8_X86", "8_X64"}},
      {"scream__driver_x64", "scream.cat", {"10_X64"}},
      {"scream__driver_arm64", "scream.cat", {"Server10_ARM64"}},
      {"SoftEther__Neo6_Win10_x64_3of127", "Neo6_x64_VPN.cat", {"10_RS3_X64"}, {}, Ids::submission},
      {"SoftEther__Neo6_Win10_x64_3of127",
       "Neo6_x64_VPN37.cat",
       {"10_RS3_X64"},
       {},
       Ids::submission},
      {"SoftEther__SeLow_Win10_x86", "SeLow_Win10_x86.cat", {"10_RS3_X86"}, {}, Ids::submission},
      {"SoftEther__Wfp_Win10_x64", "pxwfp_Win10_x64.cat", {"10_RS3_X64"}, {}, Ids::submission},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.folder << "/" << row.catalog) {
      const auto folder = *corpus / "drivers" / row.folder;
      const auto built = build(folder, row.targets, row.version);
      const auto found = std::find_if(built.begin(), built.end(),
                                      [&](const auto& one) { return one.name == row.catalog; });
      REQUIRE(found != built.end());
      const auto real = signing::read_catalog(read_file(folder / row.catalog));
      CHECK(found->catalog.version == real.version);
      CHECK(members(found->catalog) == members(real));
      CHECK(found->catalog.attribute("OS") == real.attribute("OS"));
      if (row.ids == Ids::equal) CHECK(ids(found->catalog) == ids(real));
    }
}

TEST_CASE("catalogs of real packages have the members that makecat listed", "[corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus of real files");
    return;
  }
  for (const auto* name : {"SoftEther__SeLow_Win8_x64", "SoftEther__Wfp_x86"})
    for (const auto version : {CatalogVersion::v1, CatalogVersion::v2}) {
      CAPTURE(name, static_cast<int>(version));
      const auto folder = *corpus / "drivers" / name;
      const auto built = build(folder, {"8_X86", "8_X64"}, version);
      REQUIRE(built.size() == 1);
      const auto* real = version == CatalogVersion::v1 ? "inf.cat" : "inf2.cat";
      CHECK(tags(built[0].catalog) == tags(signing::read_catalog(read_file(folder / real))));
    }
}

TEST_CASE("every real package is signed, or refused with inf2cat's reason", "[corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus of real files");
    return;
  }
  const struct {
    std::string folder;
    std::vector<std::string> targets;
    std::size_t catalogs;
    std::string refusal;
  } rows[] = {
      {"Adafruit_Windows_Drivers__Drivers_Adafruit_usbser", {"7_X86", "7_X64", "10_X64"}, 1, ""},
      {"SoftEther__Neo6_Win10_x64_3of127", {"10_X64"}, 3, ""},
      {"SoftEther__Neo6_Win8_x86_127inf",
       {"8_X86"},
       0,
       "Neo6_x86_VPN.inf:30: 'Neo_VPN.sys' of [Neo.CopyFiles.Sys] is missing (22.9.1)"},
      {"SoftEther__SeLow_Win10_x86", {"10_X86"}, 1, ""},
      {"SoftEther__SeLow_Win8_x64", {"8_X64"}, 1, ""},
      {"SoftEther__Wfp_Win10_x64", {"10_X64"}, 1, ""},
      {"SoftEther__Wfp_x86", {"8_X86"}, 1, ""},
      {"ghostpdl__lib", {"7_X86", "7_X64"}, 1, ""},
      {"outline-apps__bin_amd64", {"7_X64"}, 1, ""},
      {"plutosdr-m2k-drivers-win",
       {"7_X86", "7_X64", "10_X64"},
       0,
       "pluto-dfu.inf:85: 'WinUSBCoInstaller2.dll' of [CoInstallers_CopyFiles] is missing: no "
       "'x86\\WinUSBCoInstaller2.dll' in the package (22.9.1)"},
      {"pololu-usb-avr-programmer-v2__drivers", {"7_X86", "7_X64"}, 1, ""},
      {"scream__driver_arm64", {"10_VB_ARM64"}, 1, ""},
      {"scream__driver_x64", {"10_X64"}, 1, ""},
      {"usbipd-win__Drivers_x64", {"10_X64"}, 1, ""},
  };
  std::set<std::string> named;
  for (const auto& row : rows) {
    CAPTURE(row.folder);
    named.insert(row.folder);
    test::Scratch scratch;
    for (const auto& entry : fs::directory_iterator(*corpus / "drivers" / row.folder))
      test::put(scratch.path(), entry.path().filename(), text(read_file(entry.path())));
    PackageSignOptions options;
    options.package = options_for(row.targets);
    options.catalog.time = test::noon;
    options.catalog.random = test::counting_random();
    std::size_t catalogs = 0;
    std::string refusal;
    const auto before = test::contents(scratch.path());
    try {
      for (const auto& step : sign_package(scratch.path(), test::pki().identity(), options).steps)
        catalogs += step.action == PackageSignStep::Action::signed_catalog;
    } catch (const Error& error) {
      refusal = error.message;
      CHECK(test::contents(scratch.path()) == before);
    }
    CHECK(catalogs == row.catalogs);
    CHECK(refusal == row.refusal);
    if (refusal.empty()) CHECK(check_package(scratch.path(), options.package).complete());
  }
  for (const auto& entry : fs::directory_iterator(*corpus / "drivers"))
    CHECK(named.contains(entry.path().filename().native()));
}

TEST_CASE("re-hashing finds every member of a real catalog that is on disk", "[corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus of real files");
    return;
  }
  const auto paths = files_below(*corpus);
  const auto hashes = hash_files(paths);
  std::map<std::string, std::size_t> known;  // hash → file
  for (std::size_t i = 0; i < paths.size(); ++i) {
    known.emplace(to_hex(hashes[i].sha1), i);
    known.emplace(to_hex(hashes[i].sha256), i);
  }
  std::size_t catalogs = 0, found = 0;
  for (const auto& path : paths) {
    if (path.extension() != ".cat") continue;
    ++catalogs;
    CAPTURE(path);
    const auto catalog = signing::read_catalog(read_file(path));
    std::set<std::string> beside;
    for (const auto& entry : fs::directory_iterator(path.parent_path()))
      beside.insert(ascii_lower(entry.path().filename().native()));
    const bool is_cats = path.parent_path().filename() == "cats";
    for (const auto& member : catalog.members) {
      const auto name = member.attribute("File");
      const auto hit = known.find(to_hex(member.digest()));
      if (hit != known.end()) {
        ++found;
        CHECK((hashes[hit->second].kind == signing::MemberKind::pe) ==
              (member.kind == signing::MemberKind::pe));
      }
      // Catalogs without names are of packages that are here whole.
      const bool on_disk = name.empty() ? !is_cats : beside.contains(ascii_lower(name));
      CAPTURE(name, member.tag_text());
      if (on_disk) CHECK(hit != known.end());
    }
  }
  CHECK(catalogs == 31);
  CHECK(found == 458);
}
