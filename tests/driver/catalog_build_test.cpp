#include "driver/catalog_build.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "../signing/pki.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "sample_package.h"

using namespace sealwright;
using namespace sealwright::driver;
using test::inf_text;
using test::package_options;
using test::put;
namespace fs = std::filesystem;

namespace {
CatalogOptions catalog_options() {
  CatalogOptions options;
  options.time = test::noon;
  options.random = test::counting_random();
  return options;
}

std::string install(const std::string& catalogs, const std::string& id) {
  return inf_text("DriverVer = 01/02/2025,1.0.0.0\r\n" + catalogs,
                  "[Manufacturer]\r\nT = M,NTx86,NTamd64\r\n[M.NTx86]\r\nD=I," + id +
                      "\r\n[M.NTamd64]\r\nD=I," + id +
                      "\r\n[I.NTx86]\r\nCopyFiles=@x86.dat\r\n[I.NTamd64]\r\nCopyFiles=@x64.dat\r\n"
                      "[SourceDisksNames]\r\n1=D\r\n[SourceDisksFiles]\r\nx86.dat=1\r\nx64.dat=1");
}
}  // namespace

TEST_CASE("the sample driver's catalog lists its INF, driver and data", "[catalog_build]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  const auto package = read_package(scratch.path(), package_options({"10_X64", "10_GE_X64"}));
  const auto built = build_catalogs(package, catalog_options());
  REQUIRE(built.size() == 1);
  const auto& catalog = built[0].catalog;
  CHECK(built[0].name == "sealwright-sample.cat");
  CHECK(built[0].path == package.folder / "sealwright-sample.cat");
  CHECK(built[0].infs == std::vector<std::string>{"sample.inf"});
  CHECK(built[0].file_count == 3);
  CHECK(catalog.version == 2);
  CHECK(catalog.this_update == test::noon);
  CHECK(to_hex(catalog.list_identifier) == "0102030405060708090a0b0c0d0e0f10");
  CHECK(catalog.attribute("OS") == "_v100_X64,_v100_X64_24H2");
  CHECK(catalog.hardware_ids() == std::vector<std::string>{"root\\sealwrightsample"});
  CHECK(catalog.members.size() == 6);
  std::set<std::string> names;
  for (const auto& member : catalog.members) {
    names.insert(member.attribute("File"));
    CHECK(member.attribute("OSAttr") == "2:10.0");
    CHECK((member.kind == signing::MemberKind::pe) == (member.attribute("File") == "sample.sys"));
  }
  CHECK(names == std::set<std::string>{"sample.dat", "sample.inf", "sample.sys"});
}

TEST_CASE("the same input gives the same catalog", "[catalog_build]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  const auto package = read_package(scratch.path(), package_options({"10_X64"}));
  const auto once = build_catalogs(package, catalog_options());
  const auto again = build_catalogs(package, catalog_options());
  CHECK(signing::encode(once[0].catalog) == signing::encode(again[0].catalog));
}

TEST_CASE("INFs share a catalog or have one for each architecture, as they name it",
          "[catalog_build]") {
  test::Scratch scratch;
  put(scratch.path(), "a.inf",
      install("CatalogFile.NTx86 = A32.cat\r\nCatalogFile = b.cat", "idA"));
  put(scratch.path(), "b.inf", install("CatalogFile = B.CAT", "idB"));
  put(scratch.path(), "x86.dat", "x86");
  put(scratch.path(), "x64.dat", "x64");
  const auto package = read_package(scratch.path(), package_options({"7_X86", "7_X64", "10_X64"}));
  const auto built = build_catalogs(package, catalog_options());
  REQUIRE(built.size() == 2);
  CHECK(built[0].name == "A32.cat");
  CHECK(built[0].infs == std::vector<std::string>{"a.inf"});
  CHECK(built[0].catalog.attribute("OS") == "7X86");
  CHECK(built[1].name == "b.cat");
  CHECK(built[1].infs == std::vector<std::string>{"a.inf", "b.inf"});
  CHECK(built[1].catalog.attribute("OS") == "7X86,7X64,_v100_X64");
  CHECK(built[1].catalog.version == 1);
  // a.inf, b.inf and both data files, each once.
  CHECK(built[1].file_count == 4);
  for (const auto& catalog : built)
    CHECK(catalog.catalog.hardware_ids() == std::vector<std::string>{"ida", "idb"});
}

TEST_CASE("version 1 is taken where a target looks files up by SHA-1 only", "[catalog_build]") {
  const struct {
    std::vector<std::string> targets;
    int version;
  } rows[] = {{{"7_X64"}, 1},           {{"7_X64", "10_X64"}, 1}, {{"8_X64"}, 2},
              {{"8_X64", "10_X64"}, 2}, {{"Vista_X86"}, 1},       {{"10_GE_X64"}, 2}};
  for (const auto& row : rows) {
    CAPTURE(row.targets);
    const auto targets = parse_windows_targets(row.targets);
    CHECK(resolve(CatalogVersion::automatic, targets) == row.version);
    CHECK(resolve(CatalogVersion::v1, targets) == 1);
    CHECK(resolve(CatalogVersion::v2, targets) == 2);
  }
  CHECK(catalog_version_by_name("auto") == CatalogVersion::automatic);
  CHECK(catalog_version_by_name("2") == CatalogVersion::v2);
  CHECK_FALSE(catalog_version_by_name("3"));
}

TEST_CASE("OS and OSAttr are what inf2cat writes", "[catalog_build]") {
  // Read from catalogs that inf2cat wrote.
  const struct {
    std::vector<std::string> targets;
    std::string os, attribute;
  } rows[] = {
      {{"7_X64", "Vista_X86", "XP_X64", "XP_X86", "Vista_X64", "7_X86"},
       "XPX86,XPX64,VistaX86,VistaX64,7X86,7X64",
       "2:5.1,2:5.2,2:6.0,2:6.1"},
      {{"2000", "XP_X86"}, "2000,XPX86", "2:5.00,2:5.1"},
      {{"XP_X64", "Server2003_X86", "Server2003_IA64", "Server2003_X64"},
       "XPX64,Server2003X86,Server2003IA64,Server2003X64",
       "2:5.1,2:5.2"},
      {{"8_X86", "8_X64", "8_ARM", "Server8_X64"}, "8X86,8X64,8ARM,Server2012X64", "2:6.2"},
      {{"6_3_X86", "6_3_X64", "6_3_ARM", "Server6_3_X64"},
       "_v63,_v63_X64,_v63_ARM,_v63_Server_X64",
       "2:6.3"},
      {{"7_X86", "7_X64", "Server2008R2_X64", "8_X86", "8_X64", "6_3_X86", "6_3_X64",
        "Server6_3_X64", "10_X86", "10_X64"},
       "7X86,7X64,Server2008R2X64,8X86,8X64,_v63,_v63_X64,_v63_Server_X64,_v100,_v100_X64",
       "2:6.1,2:6.2,2:6.3,2:10.0"},
      {{"win10-2004-x64", "win10-22h2-x64", "10_VB_X64"}, "_v100_X64_Vb", "2:10.0"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.os);
    const auto targets = parse_windows_targets(row.targets);
    CHECK(os_list(targets) == row.os);
    CHECK(os_attribute(targets) == row.attribute);
  }
}

TEST_CASE("hash_file digests PE files as images, all else byte by byte", "[catalog_build]") {
  test::Scratch scratch;
  const auto pe = hash_file(test::data() / "hello/pe32.exe");
  CHECK(pe.kind == signing::MemberKind::pe);
  CHECK(pe.sha1 != ossl::hash(ossl::Digest::sha1, read_file(test::data() / "hello/pe32.exe")));
  const struct {
    const char* name;
    std::string content;
  } rows[] = {
      {"empty", ""},
      {"text", "text"},
      {"a DOS program", "MZ" + std::string(200, 'x')},
      {"PE headers that lead nowhere", "MZ" + std::string(58, '\0') + "\x40" +
                                           std::string(3, '\0') + std::string("PE\0\0", 4) +
                                           std::string(40, '\xff')},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    put(scratch.path(), "file.sys", row.content);
    const auto flat = hash_file(scratch / "file.sys");
    CHECK(flat.kind == signing::MemberKind::flat);
    CHECK(flat.sha1 == ossl::hash(ossl::Digest::sha1, view(row.content)));
    CHECK(flat.sha256 == ossl::hash(ossl::Digest::sha256, view(row.content)));
  }
}

TEST_CASE("hash_files keeps the order, and says which file it cannot read", "[catalog_build]") {
  test::Scratch scratch;
  std::vector<fs::path> paths;
  for (int i = 0; i < 100; ++i) {
    const auto name = "file" + std::to_string(i);
    put(scratch.path(), name, name);
    paths.push_back(scratch / name);
  }
  std::uint64_t last = 0;
  const auto hashes = hash_files(paths, [&](std::uint64_t done, std::uint64_t total) {
    CHECK(done == last + 1);
    CHECK(total == 100);
    last = done;
  });
  CHECK(last == 100);
  for (int i = 0; i < 100; ++i)
    CHECK(hashes[i].sha1 == ossl::hash(ossl::Digest::sha1, view("file" + std::to_string(i))));
  fs::remove(paths[50]);
  CHECK_THROWS_WITH(hash_files(paths), Catch::Contains("file50"));
  CHECK(hash_files({}).empty());
}

TEST_CASE("build_catalogs refuses a package it should not list", "[catalog_build]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  CHECK_THROWS_WITH(build_catalogs(read_package(scratch.path()), catalog_options()),
                    "no Windows versions named for the catalog");
  fs::remove(scratch / "sample.sys");
  CHECK_THROWS_WITH(
      build_catalogs(read_package(scratch.path(), package_options({"10_X64"})), catalog_options()),
      "sample.inf:33: 'sample.sys' of [Files] is missing (22.9.1)");
}
