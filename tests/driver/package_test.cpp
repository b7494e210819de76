#include "driver/package.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "sample_package.h"

using namespace sealwright;
using namespace sealwright::driver;
using test::inf_text;
using test::package_options;
using test::put;
namespace fs = std::filesystem;

namespace {
constexpr auto version =
    "Class = System\r\nProvider = Tests\r\nCatalogFile = x.cat\r\nDriverVer = 01/02/2025,1.2.3.4";

/// A package INF that copies what `files` lists for x64.
std::string installing(const std::string& files, const std::string& media) {
  return inf_text(version,
                  "[Manufacturer]\r\nTests = Models,NTamd64\r\n"
                  "[Models.NTamd64]\r\nDevice = Install, Root\\Test\r\n"
                  "[Install.NT]\r\nCopyFiles = Files\r\n[Files]\r\n" +
                      files + "\r\n" + media);
}

std::vector<std::string> texts(const Package& package) {
  std::vector<std::string> texts;
  for (const auto& finding : package.findings)
    texts.push_back(std::string(to_text(finding.severity)) + " " + finding.text());
  return texts;
}

/// "relative as destination" of the first INF's files.
std::vector<std::string> files(const Package& package) {
  std::vector<std::string> files;
  for (const auto& inf : package.infs)
    for (const auto& file : inf.files) files.push_back(file.relative + " as " + file.destination);
  return files;
}
}  // namespace

TEST_CASE("the sample driver is a package without findings", "[package]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  const auto package = read_package(scratch.path(), package_options({"10_X64"}));
  CHECK(texts(package).empty());
  CHECK(package.acceptable());
  REQUIRE(package.infs.size() == 1);
  const auto& inf = package.infs[0];
  CHECK(inf.driver_class == "System");
  CHECK(inf.provider == "Sealwright");
  CHECK(inf.driver_date == "2025-06-01");
  CHECK(inf.driver_version == "1.0.0.0");
  CHECK(inf.hardware_ids == std::vector<std::string>{"root\\sealwrightsample"});
  CHECK(inf.catalogs ==
        std::map<Architecture, std::string>{{Architecture::x64, "sealwright-sample.cat"}});
  CHECK(files(package) == std::vector<std::string>{"sample.inf as sample.inf",
                                                   "sample.sys as sample.sys",
                                                   "sample.dat as sample.dat"});
  CHECK(inf.files[1].section == "Files");
  CHECK(inf.files[1].line == 33);
}

TEST_CASE("what is wrong with a package is said with its place and inf2cat's number", "[package]") {
  const std::string media = "[SourceDisksNames]\r\n1 = Disk\r\n[SourceDisksFiles]\r\n";
  const auto with_version = [&](const std::string& lines) {
    return inf_text(lines,
                    "[Manufacturer]\r\nTests = Models,NTamd64\r\n[Models.NTamd64]\r\n"
                    "Device = Install, Root\\Test\r\n[Install.NT]\r\nAddReg = Nothing");
  };
  const struct {
    const char* name;
    std::string inf;
    std::vector<std::string> expected;
  } rows[] = {
      {"a file that is not there",
       installing("x.sys", media + "x.sys = 1"),
       {"error x.inf:14: 'x.sys' of [Files] is missing (22.9.1)"}},
      {"a file that is not in its folder",
       installing("x.sys",
                  "[SourceDisksNames]\r\n1 = Disk,,,\\amd64\r\n[SourceDisksFiles]\r\nx.sys=1,sub"),
       {"error x.inf:14: 'x.sys' of [Files] is missing: no '\\amd64\\sub\\x.sys' in the package "
        "(22.9.1)"}},
      {"a file that is not listed",
       installing("here.sys", media),
       {"error x.inf:14: 'here.sys' of [Files] is missing from [SourceDisksFiles] (22.9.10)"}},
      {"a file outside",
       installing("x.sys", media + "x.sys = 1,..\\other"),
       {"error x.inf:14: 'x.sys' of [Files] is outside the package: '..\\other\\x.sys' (22.9.1)"}},
      {"a file on a drive",
       installing("x.sys", media + "x.sys = 1,c:\\windows"),
       {"error x.inf:14: 'x.sys' of [Files] is outside the package: 'c:\\windows\\x.sys' "
        "(22.9.1)"}},
      {"a link that leads outside",
       installing("link.sys", media + "link.sys = 1"),
       {"error x.inf:14: 'link.sys' of [Files] is outside the package: 'link.sys' (22.9.1)"}},
      {"a file in a cabinet",
       installing("x.sys", "[SourceDisksNames]\r\n1 = Disk,x.cab\r\n[SourceDisksFiles]\r\nx.sys=1"),
       {"error x.inf:14: 'x.sys' of [Files] is in the cabinet 'x.cab', which this version does not "
        "unpack "
        "(22.9.1)"}},
      {"a file of Windows",
       installing("usbser.sys", media + "usbser.sys = 1"),
       {"warning x.inf:14: possible Windows XP/Windows Server 2003 file redistribution violation "
        "('usbser.sys') (22.9.8)"}},
      {"the catalog itself",
       installing("x.cat", media + "x.cat = 1"),
       {"warning x.inf:14: [Files] copies the catalog 'x.cat': it cannot list itself"}},
      {"no catalog",
       with_version("DriverVer = 01/02/2025,1.0.0.0"),
       {"error x.inf:1: missing AMD64 CatalogFile entry (CatalogFile.ntamd64, CatalogFile.nt, "
        "CatalogFile) "
        "in [Version] (22.9.4)"}},
      {"a catalog elsewhere",
       with_version("DriverVer = 01/02/2025,1.0.0.0\r\nCatalogFile = ..\\x.cat"),
       {"error x.inf:4: '..\\x.cat' cannot be the name of a catalog"}},
      {"a catalog over a driver",
       with_version("DriverVer = 01/02/2025,1.0.0.0\r\nCatalogFile = here.sys"),
       {"error x.inf:4: 'here.sys' cannot be the name of a catalog"}},
      {"no DriverVer",
       with_version("CatalogFile = x.cat"),
       {"error x.inf:1: DriverVer is missing (22.9.6)"}},
      {"an empty DriverVer",
       with_version("CatalogFile = x.cat\r\nDriverVer = ; stamped later"),
       {"error x.inf:4: DriverVer is missing (22.9.6)"}},
      {"DriverVer with dots",
       with_version("CatalogFile = x.cat\r\nDriverVer = 02.01.2025,1.0.0.0"),
       {"error x.inf:4: DriverVer '02.01.2025,1.0.0.0' is in incorrect format (22.9.6)"}},
      {"DriverVer of all zeros",
       with_version("CatalogFile = x.cat\r\nDriverVer = 01/02/2025,0.0.0.0"),
       {"error x.inf:4: DriverVer '01/02/2025,0.0.0.0' is in incorrect format (22.9.6)"}},
      {"DriverVer on a day that is none",
       with_version("CatalogFile = x.cat\r\nDriverVer = 02/30/2025"),
       {"error x.inf:4: DriverVer '02/30/2025' is in incorrect format (22.9.6)"}},
      {"DriverVer tomorrow",
       with_version("CatalogFile = x.cat\r\nDriverVer = 06/16/2026,1.0.0.0"),
       {"error x.inf:4: DriverVer is set to a date in the future (2026-06-16; today is 2026-06-15 "
        "UTC) "
        "(22.9.7)"}},
      {"DriverVer too old",
       with_version("CatalogFile = x.cat\r\nDriverVer = 04/20/2009,1.0.0.0"),
       {"error x.inf:4: DriverVer 2009-04-20 is before 2009-04-21, the earliest that Windows 10 "
        "takes "
        "(22.9.7)"}},
      {"another Signature",
       "[Version]\r\nSignature=$Other$\r\n" + std::string(version) +
           "\r\n[DefaultInstall.NTamd64]\r\nAddReg=R",
       {"error x.inf:1: Signature '$Other$' is not known"}},
      {"no [Version]",
       "[DefaultInstall.NTamd64]\r\nAddReg=R",
       {"error x.inf: has no [Version] section"}},
      {"an INF that cannot be read",
       "[Version]\r\n[Open\r\n",
       {"error x.inf:2: the section name is not closed"}},
      {"no installation INF",
       inf_text(version, ""),
       {"error no installation INF found in the root of the package",
        "note x.inf: installs nothing by itself: no catalog lists it"}},
      {"an install section that is not there",
       inf_text(version, "[Manufacturer]\r\nT=M,NTamd64\r\n[M.NTamd64]\r\nD=Gone,Root\\T"),
       {"warning x.inf:10: the install section [Gone] is not in the INF"}},
      {"a list of files that is not there",
       inf_text(version, "[DefaultInstall.NTamd64]\r\nCopyFiles = Gone"),
       {"warning x.inf:8: the section [Gone] that CopyFiles names is not in the INF"}},
      {"no models for the target",
       inf_text(version, "[Manufacturer]\r\nT=M,NTx86\r\n[M.NTx86]\r\nD=I,Root\\T"),
       {"error no INF has models for the Windows versions asked for",
        "warning x.inf: has no models section for x64: Windows finds no device in it there"}},
      {"text before the first section",
       "/*\r\n" + with_version(version),
       {"warning x.inf:1: text before the first section is ignored"}},
      {"files that Windows brings",
       inf_text(std::string(version) + "\r\nLayoutFile = layout.inf",
                "[DefaultInstall.NTamd64]\r\nCopyFiles = @usbser.sys"),
       {"note x.inf:9: 'usbser.sys' is taken from Windows (LayoutFile): no catalog of this package "
        "lists it"}},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      test::Scratch scratch;
      const auto folder = scratch / "package";
      put(folder, "x.inf", row.inf);
      put(folder, "here.sys", "here");
      put(folder, "usbser.sys", "usbser");
      put(folder, "x.cab", "MSCF");
      put(folder, "x.cat", "catalog");
      put(scratch.path(), "other/x.sys", "outside");
      fs::create_symlink(scratch / "other/x.sys", folder / "link.sys");
      const auto package = read_package(folder, package_options({"10_X64"}));
      CHECK(texts(package) == row.expected);
      const bool error = row.expected[0].starts_with("error");
      CHECK(package.acceptable() == !error);
      for (const auto& finding : package.findings)
        if (finding.severity != Finding::Severity::note) CHECK_FALSE(finding.remedy.empty());
    }
}

TEST_CASE("files are found where the INF says, in any case", "[package]") {
  test::Scratch scratch;
  put(scratch.path(), "X.INF",
      installing("renamed.sys, Drv.SYS\r\nsecond.dll\r\nOTHER\\third.dat",
                 "[SourceDisksNames.amd64]\r\n1 = Disk,,,\\Bin\\AMD64\r\n[SourceDisksNames]\r\n1 = "
                 "Disk,,,x86\r\n"
                 "2 = Other\r\n"
                 "[SourceDisksFiles]\r\ndrv.sys = 1\r\nsecond.dll = 2\r\nother\\third.dat = 2\r\n"
                 "[SourceDisksFiles.amd64]\r\nsecond.dll = 2,Sub"));
  put(scratch.path(), "bin/amd64/DRV.sys", "drv");
  put(scratch.path(), "sub/Second.dll", "second");
  put(scratch.path(), "other/third.dat", "third");
  const auto package = read_package(scratch.path(), package_options({"10_X64"}));
  CHECK(texts(package).empty());
  CHECK(files(package) ==
        std::vector<std::string>{"X.INF as x.inf", "bin/amd64/DRV.sys as renamed.sys",
                                 "sub/Second.dll as second.dll", "other/third.dat as third.dat"});
}

TEST_CASE("only sections for the architectures asked for count", "[package]") {
  test::Scratch scratch;
  put(scratch.path(), "x.inf",
      inf_text(
          std::string(version) + "\r\nCatalogFile.NTx86 = x32.cat",
          "[Manufacturer]\r\nTests = Models,NTx86,NTamd64,NTarm64.10.0...16299\r\n"
          "[Models.NTx86]\r\nDevice = Install, Root\\X86\r\n"
          "[Models.NTamd64]\r\nDevice = Install, *Root\\X64, Compatible\r\n"
          "[Models.NTarm64.10.0...16299]\r\nDevice = Install, Root\\Arm\r\n"
          "[Install.NTx86]\r\nCopyFiles = @a.sys\r\n[Install.NTamd64]\r\nCopyFiles = @b.sys\r\n"
          "[Install.NT]\r\nCopyFiles = @c.sys\r\n[Install]\r\nCopyFiles = @never.sys\r\n"
          "[SourceDisksNames]\r\n1=Disk\r\n[SourceDisksFiles]\r\na.sys=1\r\nb.sys=1\r\nc.sys=1"));
  for (const auto* name : {"a.sys", "b.sys", "c.sys"}) put(scratch.path(), name, name);
  const struct {
    std::vector<std::string> targets, files, ids;
  } rows[] = {
      {{"10_X86"}, {"a.sys as a.sys"}, {"root\\x86"}},
      {{"10_X64"}, {"b.sys as b.sys"}, {"root\\x64", "compatible"}},
      {{"10_VB_ARM64"}, {"c.sys as c.sys"}, {"root\\arm"}},
      {{"10_X86", "10_X64"},
       {"a.sys as a.sys", "b.sys as b.sys"},
       {"root\\x86", "root\\x64", "compatible"}},
      {{},
       {"a.sys as a.sys", "b.sys as b.sys", "c.sys as c.sys"},
       {"root\\x86", "root\\x64", "compatible", "root\\arm"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.targets);
    const auto package = read_package(scratch.path(), package_options(row.targets));
    CHECK(package.acceptable());
    auto found = files(package);
    found.erase(found.begin());  // the INF
    CHECK(found == row.files);
    CHECK(package.infs[0].hardware_ids == row.ids);
  }
  const auto both = read_package(scratch.path(), package_options({"10_X86", "10_X64"}));
  CHECK(both.infs[0].catalogs == std::map<Architecture, std::string>{{Architecture::x86, "x32.cat"},
                                                                     {Architecture::x64, "x.cat"}});
}

TEST_CASE("models for a newer Windows than any target do not count", "[package]") {
  test::Scratch scratch;
  put(scratch.path(), "x.inf",
      inf_text(version,
               "[Manufacturer]\r\nT = M,NTamd64.6.1,NTamd64.10.0\r\n[M.NTamd64.6.1]\r\nD=I,Old\r\n"
               "[M.NTamd64.10.0]\r\nD=I,New\r\n[I.NT]\r\nAddReg=R"));
  const auto ids = [&](const char* target) {
    return read_package(scratch.path(), package_options({target})).infs[0].hardware_ids;
  };
  CHECK(ids("7_X64") == std::vector<std::string>{"old"});
  CHECK(ids("10_X64") == std::vector<std::string>{"old", "new"});
}

TEST_CASE("files are found through everything that copies them", "[package]") {
  test::Scratch scratch;
  put(scratch.path(), "x.inf",
      inf_text(version,
               "[Manufacturer]\r\nT = M,NTamd64\r\n[M.NTamd64]\r\nD=I,Root\\T\r\n"
               "[I.NTamd64]\r\nCopyFiles=@direct.sys, "
               "List\r\nCopyINF=y.inf\r\nInclude=y.inf\r\nNeeds=Shared\r\n"
               "[I.NTamd64.CoInstallers]\r\nCopyFiles=@co.dll\r\n"
               "[I.NTamd64.Interfaces]\r\nAddInterface={a},,Interface\r\n[Interface.NT]"
               "\r\nCopyFiles=@if.dll\r\n"
               "[ClassInstall32]\r\nCopyFiles=@class.dll\r\n[List]\r\nlisted.dat\r\n"
               "[SourceDisksNames]\r\n1=Disk\r\n[SourceDisksFiles]\r\ndirect.sys=1\r\nco.dll="
               "1\r\nif.dll=1\r\n"
               "class.dll=1\r\nlisted.dat=1"));
  put(scratch.path(), "y.inf",
      inf_text("",
               "[Shared]\r\nCopyFiles=@shared.sys\r\nInclude=x.inf\r\nNeeds=Shared,I.NTamd64\r\n"
               "[SourceDisksFiles]\r\nshared.sys=1"));
  for (const auto* name :
       {"direct.sys", "co.dll", "if.dll", "class.dll", "listed.dat", "shared.sys"})
    put(scratch.path(), name, name);
  const auto package = read_package(scratch.path(), package_options({"10_X64"}));
  CHECK(package.acceptable());
  auto found = files(package);
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{"class.dll as class.dll", "co.dll as co.dll",
                                          "direct.sys as direct.sys", "if.dll as if.dll",
                                          "listed.dat as listed.dat", "shared.sys as shared.sys",
                                          "x.inf as x.inf", "y.inf as y.inf"});
}

TEST_CASE("files that no INF installs are told apart from catalogs", "[package]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  put(scratch.path(), "readme.txt", "text");
  put(scratch.path(), "sub/extra.dll", "extra");
  put(scratch.path(), ".git/config", "hidden");
  put(scratch.path(), "SEALWRIGHT-sample.CAT", "catalog");
  put(scratch.path(), "old.cat", "catalog");
  const auto package = read_package(scratch.path(), package_options({"10_X64"}));
  CHECK(package.unlisted == std::vector<std::string>{"readme.txt", "sub/extra.dll"});
  CHECK(package.catalogs_present == std::vector<std::string>{"SEALWRIGHT-sample.CAT"});
  CHECK(package.stray_catalogs == std::vector<std::string>{"old.cat"});
}

TEST_CASE("a package that is not acceptable is refused with its first error", "[package]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  fs::remove(scratch / "sample.sys");
  fs::remove(scratch / "sample.dat");
  const auto package = read_package(scratch.path(), package_options({"10_X64"}));
  try {
    package.require_acceptable();
    FAIL("it was accepted");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::input);
    CHECK(error.message == "sample.inf:33: 'sample.sys' of [Files] is missing (22.9.1)");
    CHECK(error.hint == "put the file there, or correct [SourceDisksFiles] and [SourceDisksNames]");
    CHECK(error.causes ==
          std::vector<std::string>{"sample.inf:34: 'sample.dat' of [Files] is missing (22.9.1)"});
  }
}

TEST_CASE("read_package refuses what is no folder", "[package]") {
  test::Scratch scratch;
  put(scratch.path(), "file", "");
  const auto file = (scratch / "file").native(), none = (scratch / "none").native();
  CHECK_THROWS_WITH(read_package(file), "'" + file + "' is not a folder");
  CHECK_THROWS_WITH(read_package(none),
                    "cannot read folder '" + none + "': No such file or directory");
}

TEST_CASE("an INF that goes in circles is read once", "[package]") {
  test::Scratch scratch;
  std::string inf = "[DefaultInstall.NTamd64]\r\nInclude=x.inf\r\nNeeds=A\r\n";
  for (char c = 'A'; c <= 'Z'; ++c)
    inf +=
        std::string("[") + c + "]\r\nNeeds=A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W,X,Y,Z\r\n";
  put(scratch.path(), "x.inf", inf_text(version, inf));
  CHECK(read_package(scratch.path(), package_options({"10_X64"})).acceptable());
}
