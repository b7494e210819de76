#include "driver/package_check.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "../signing/pki.h"
#include "base/encoding.h"
#include "base/file.h"
#include "driver/package_sign.h"
#include "sample_package.h"

using namespace sealwright;
using namespace sealwright::driver;
using test::package_options;
using test::put;
namespace fs = std::filesystem;

namespace {
/// The sample driver with a catalog.
void make_package(const fs::path& folder, CatalogVersion version) {
  test::copy_sample_driver(folder);
  CatalogOptions options;
  options.version = version;
  options.time = test::noon;
  options.random = test::counting_random();
  write_catalogs(read_package(folder, package_options({"10_X64"})), options, Existing::refuse);
}

Membership membership(const PackageCheck& check, const std::string& destination) {
  for (const auto& file : check.files)
    if (file.file.destination == destination) return file.membership;
  return Membership::no_catalog;
}
}  // namespace

TEST_CASE("a package with its own catalog is complete", "[package_check]") {
  for (const auto version : {CatalogVersion::v1, CatalogVersion::v2}) {
    test::Scratch scratch;
    make_package(scratch.path(), version);
    const auto check = check_package(scratch.path());
    CHECK(check.complete());
    REQUIRE(check.catalogs.size() == 1);
    CHECK(check.catalogs[0].defect.empty());
    CHECK(check.catalogs[0].unmatched_members.empty());
    CHECK(check.catalogs[0].architectures == std::vector<Architecture>{Architecture::x64});
    REQUIRE(check.files.size() == 3);
    for (const auto& file : check.files) {
      CHECK(file.catalog == "sealwright-sample.cat");
      CHECK(file.listed_name == file.file.destination);
      CHECK(file.os_attribute == "2:10.0");
      CHECK(file.found_by.size() == (version == CatalogVersion::v1 ? 1 : 2));
    }
  }
}

TEST_CASE("what happened to a file since the catalog was made is told", "[package_check]") {
  test::Scratch scratch;
  make_package(scratch.path(), CatalogVersion::v2);
  const auto inf = text(read_file(scratch / "sample.inf"));
  const auto check_again = [&] { return check_package(scratch.path()); };

  SECTION("its lines end in LF now") {
    auto lf = inf;
    std::erase(lf, '\r');
    put(scratch.path(), "sample.inf", lf);
    const auto check = check_again();
    CHECK(membership(check, "sample.inf") == Membership::line_endings_crlf);
    CHECK_FALSE(check.complete());
    CHECK(check.catalogs[0].unmatched_members.empty());
  }
  SECTION("it was edited") {
    put(scratch.path(), "sample.inf", inf + "; edited\r\n");
    const auto check = check_again();
    CHECK(membership(check, "sample.inf") == Membership::changed);
    CHECK(check.catalogs[0].unmatched_members == std::vector<std::string>{"sample.inf"});
  }
  SECTION("it is new") {
    auto more = inf;
    more.replace(more.find("sample.dat = 1"), 0, "new.dat = 1\r\n");
    more.replace(more.rfind("sample.dat"), 0, "new.dat\r\n");
    put(scratch.path(), "sample.inf", more);
    put(scratch.path(), "new.dat", "new");
    CHECK(membership(check_again(), "new.dat") == Membership::not_listed);
  }
  SECTION("it is gone") {
    fs::remove(scratch / "sample.dat");
    const auto check = check_again();
    CHECK(check.package.findings.size() == 1);
    CHECK(check.catalogs[0].unmatched_members == std::vector<std::string>{"sample.dat"});
  }
  SECTION("the driver was signed, which its digest leaves out") {
    const auto identity = test::pki().identity();
    signing::sign_file(scratch / "sample.sys", scratch / "sample.sys", identity, {},
                       Existing::replace);
    CHECK(check_again().complete());
  }
  SECTION("the catalog is gone") {
    fs::remove(scratch / "sealwright-sample.cat");
    const auto check = check_again();
    CHECK(membership(check, "sample.sys") == Membership::no_catalog);
    CHECK(check.catalogs[0].defect == "is not in the package");
    CHECK(check.catalogs[0].path.empty());
  }
  SECTION("the catalog is no catalog") {
    put(scratch.path(), "sealwright-sample.cat", "text");
    const auto check = check_again();
    CHECK(membership(check, "sample.sys") == Membership::no_catalog);
    CHECK_THAT(check.catalogs[0].defect, Catch::StartsWith("not a catalog ("));
  }
}

TEST_CASE("line ends are told apart in UTF-16 too", "[package_check]") {
  const auto lf = std::string(
      "[Version]\nSignature = \"$Windows NT$\"\nDriverVer = 01/02/2025,1.0.0.0\n"
      "CatalogFile = x.cat\n[DefaultInstall.NTamd64]\nAddReg = R\n");
  std::string crlf;
  for (const char c : lf) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  const auto bytes = [](const std::string& mark, const Bytes& rest) { return mark + text(rest); };
  const struct {
    const char* name;
    std::string before, after;
    Membership expected;
  } rows[] = {
      {"8 bits, CRLF to LF", crlf, lf, Membership::line_endings_crlf},
      {"8 bits, LF to CRLF", lf, crlf, Membership::line_endings_lf},
      {"UTF-16LE, CRLF to LF", bytes("\xff\xfe", utf16le(crlf)), bytes("\xff\xfe", utf16le(lf)),
       Membership::line_endings_crlf},
      {"UTF-16BE, LF to CRLF", bytes("\xfe\xff", utf16be(lf)), bytes("\xfe\xff", utf16be(crlf)),
       Membership::line_endings_lf},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      test::Scratch scratch;
      put(scratch.path(), "x.inf", row.before);
      CatalogOptions options;
      options.random = test::counting_random();
      write_catalogs(read_package(scratch.path(), package_options({"10_X64"})), options,
                     Existing::refuse);
      put(scratch.path(), "x.inf", row.after);
      CHECK(membership(check_package(scratch.path()), "x.inf") == row.expected);
    }
}
