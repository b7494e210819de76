#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "base/file.h"
#include "trust/result_code.h"
#include "verify/pki.h"
#include "x509/oids.h"

namespace sealwright::test {
namespace {

namespace code = trust::code;
namespace fs = std::filesystem;

const std::vector<std::string> newer = {"win10-22h2-x64", "win11-24h2-x64"};

/// A signed copy of the sample driver.
struct Sample {
  Scratch scratch;
  fs::path folder;
  explicit Sample(const Maker& maker = {}, const std::vector<std::string>& os = newer) {
    folder = copy_sample(scratch / "sample");
    maker.sign_package(folder, os);
  }
  void write(const std::string& name, BytesView bytes) const {
    write_file(folder / name, bytes, {Access::everyone, Existing::replace});
  }
};

const verify::Verdict& of(const verify::Report& report, const std::string& ending) {
  const auto found = std::ranges::find_if(
      report.verdicts, [&](const auto& verdict) { return verdict.path.ends_with(ending); });
  REQUIRE(found != report.verdicts.end());
  return *found;
}

void change_byte(const Sample& sample, const std::string& name, std::size_t at) {
  auto bytes = read_file(sample.folder / name);
  bytes[at] ^= 1;
  sample.write(name, bytes);
}

struct Row {
  const char* what;
  std::function<void(Sample&, verify::Question&)> change;
  std::uint32_t code;  ///< Of the package; 0: good.
  const char* rule;
  const char* reason;
};

const Row rows[] = {
    {"nothing", [](Sample&, verify::Question&) {}, 0, "",
     "driver package, 3 files: installs without a question"},
    {"a file changed", [](Sample& s, verify::Question&) { change_byte(s, "sample.dat", 7); },
     code::file_not_in_catalog, "catalog-member",
     "'sample.dat': it changed after 'sealwright-sample.cat' was made: its hash is not listed"},
    {"the driver changed",
     [](Sample& s, verify::Question&) { change_byte(s, "sample.sys", 0x500); },
     code::file_not_in_catalog, "catalog-member", "'sample.sys': it changed after"},
    {"line ends of the INF changed",
     [](Sample& s, verify::Question&) {
       auto inf = text(read_file(s.folder / "sample.inf"));
       const bool crlf = inf.find("\r\n") != std::string::npos;
       std::string changed;
       for (const char c : inf)
         if (crlf ? c != '\r' : true) changed += !crlf && c == '\n' ? "\r\n" : std::string(1, c);
       s.write("sample.inf", view(changed));
     },
     code::file_not_in_catalog, "catalog-member", "lists it with other line ends"},
    {"the catalog is missing",
     [](Sample& s, verify::Question&) { fs::remove(s.folder / "sealwright-sample.cat"); },
     code::invalid_catalog_data, "catalog-readable",
     "'sealwright-sample.cat': the catalog that the INF names is not there"},
    {"the catalog is no catalog",
     [](Sample& s, verify::Question&) { s.write("sealwright-sample.cat", view("junk")); },
     code::invalid_catalog_data, "catalog-readable", "'sealwright-sample.cat'"},
    {"the catalog lost its signature",
     [](Sample& s, verify::Question&) {
       const auto catalog = signing::read_catalog(read_file(s.folder / "sealwright-sample.cat"));
       s.write("sealwright-sample.cat", signing::encode_unsigned(catalog));
     },
     code::no_signature, "signature-present", "'sealwright-sample.cat': the catalog is not signed"},
    {"the INF names no catalog",
     [](Sample& s, verify::Question&) {
       auto inf = text(read_file(s.folder / "sample.inf"));
       inf.erase(inf.find("CatalogFile"),
                 inf.find("\n", inf.find("CatalogFile")) + 1 - inf.find("CatalogFile"));
       s.write("sample.inf", view(inf));
     },
     code::no_catalog, "no-catalog-file", "sample.inf"},
    {"a file is missing", [](Sample& s, verify::Question&) { fs::remove(s.folder / "sample.dat"); },
     code::file_not_found, "missing-file", "sample.dat"},
    {"no INF is there", [](Sample& s, verify::Question&) { fs::remove(s.folder / "sample.inf"); },
     code::file_not_found, "no-inf", ""},
    {"the root is not trusted", [](Sample&, verify::Question& q) { q.machine.stores.root.clear(); },
     code::chaining, "chain-complete", "the issuer of 'Test Issuing'"},
    {"the publisher is not known",
     [](Sample&, verify::Question& q) { q.machine.stores.trusted_publisher.clear(); },
     code::trust_not_established, "publisher-trusted",
     "'Test Publisher' is not in TrustedPublisher"},
    {"only the publisher's authority is known as publisher",
     [](Sample&, verify::Question& q) {
       q.machine.stores.trusted_publisher = {pki().issuing.certificate, pki().root.certificate};
     },
     code::trust_not_established, "publisher-trusted",
     "'Test Publisher' is not in TrustedPublisher"},
    {"the publisher is distrusted",
     [](Sample&, verify::Question& q) {
       q.machine.stores.disallowed = {pki().publisher.certificate};
     },
     code::publisher_not_trusted, "chain-not-disallowed", "is in the Disallowed store"},
    {"an older Windows asks",
     [](Sample&, verify::Question& q) { q.os = parse_windows_targets({"win81-x64"}); },
     code::os_attribute_mismatch, "catalog-os",
     "Windows 8.1 x64: 'sealwright-sample.cat' lists 'sample.inf' for 2:10.0 (OSAttr), not for "
     "this "
     "Windows (2:6.3)"},
    {"a Windows asks that cannot use catalogs of version 2",
     [](Sample&, verify::Question& q) { q.os = parse_windows_targets({"win7-x64"}); },
     code::file_not_in_catalog, "catalog-version", "Windows 7 x64"},
    {"a Windows of another architecture asks",
     [](Sample&, verify::Question& q) { q.os = parse_windows_targets({"win11-24h2-arm64"}); },
     code::no_compatible_drivers, "inf-architecture", "no INF has models"},
    {"all architectures of a Windows ask",
     [](Sample&, verify::Question& q) { q.os = parse_windows_targets({"win10-22h2"}); }, 0, "",
     "installs without a question"},
    {"nobody says which Windows", [](Sample&, verify::Question& q) { q.os.clear(); }, 0, "",
     "installs without a question"},
    {"after the publisher's end", [](Sample&, verify::Question& q) { q.now = late_day; }, 0, "",
     "installs without a question"},
    {"the kernel is asked", [](Sample&, verify::Question& q) { q.use = verify::Use::kernel; },
     code::invalid_image_hash, "kernel-portal-only",
     "the kernel of Windows 10 22H2 x64 does not load 'sample.sys': only Microsoft's roots count"},
};

}  // namespace

TEST_CASE("a driver package is judged as an installation would", "[package]") {
  for (const auto& row : rows) DYNAMIC_SECTION(row.what) {
      Sample sample;
      auto asked = question(verify::Use::driver, newer);
      row.change(sample, asked);
      const auto report = verify::judge_package(sample.folder, asked);
      REQUIRE_FALSE(report.verdicts.empty());
      const auto& verdict = report.verdicts.front();
      CHECK(verdict.kind == "package");
      CHECK(trust::to_text(verdict.code) == trust::to_text(row.code));
      CHECK(verdict.rule == row.rule);
      CHECK_THAT(verdict.reason, Catch::Contains(row.reason));
      CHECK(verify::exit_code(report) == (row.code == 0 ? 0 : 1));
      CHECK((verdict.ok || !verdict.remedy.empty()));
    }
}

TEST_CASE("every catalog and file of a package has a verdict of its own", "[package]") {
  Sample sample;
  change_byte(sample, "sample.dat", 3);
  const auto report = verify::judge_package(sample.folder, question(verify::Use::driver, newer));
  CHECK(report.verdicts.size() == 5);
  CHECK(of(report, "sealwright-sample.cat").ok);
  CHECK(of(report, "sample.inf").ok);
  CHECK(of(report, "sample.sys").ok);
  CHECK_THAT(of(report, "sample.sys").reason,
             Catch::Contains("listed in 'sealwright-sample.cat'; signed by 'Test Publisher'"));
  const auto& changed = of(report, "sample.dat");
  CHECK(changed.code == code::file_not_in_catalog);
  CHECK(changed.kind == "file");
  const auto& catalog = of(report, "sealwright-sample.cat");
  CHECK(std::ranges::any_of(catalog.checks, [](const auto& check) {
    return check.text == "it lists what is not in the package as it is: 'sample.dat'";
  }));
}

TEST_CASE("each Windows version has its own answer", "[package]") {
  Sample sample({}, {"win7-x64", "win10-22h2-x64"});
  const auto report = verify::judge_package(
      sample.folder, question(verify::Use::driver, {"win7-x64", "win10-22h2"}));
  const auto& verdict = report.verdicts.front();
  INFO(verdict.reason);
  CHECK(verdict.ok);
  REQUIRE(verdict.systems.size() == 4);
  for (const auto& system : verdict.systems) {
    INFO(system.install);
    const bool x64 = system.target->architecture == Architecture::x64;
    CHECK(system.installs == x64);
    if (x64) {
      CHECK(system.loads == false);
      CHECK_THAT(system.install, Catch::StartsWith("installs without a question"));
      const bool old = system.target->id == "win7";
      CHECK((system.install.find("once SHA-2 support is there") != std::string::npos) == old);
      CHECK_THAT(system.kernel, Catch::StartsWith("does not load 'sample.sys': only Microsoft's"));
    } else {
      CHECK(system.install == "no INF is for this architecture");
    }
  }
}

TEST_CASE("one Windows version that refuses says nothing about another", "[package]") {
  Sample sample;
  const auto report = verify::judge_package(
      sample.folder, question(verify::Use::driver, {"win81-x64", "win10-22h2-x64"}));
  const auto& verdict = report.verdicts.front();
  CHECK(verdict.code == code::os_attribute_mismatch);
  REQUIRE(verdict.systems.size() == 2);
  CHECK_THAT(verdict.systems[0].install, Catch::StartsWith("does not install: "));
  CHECK(verdict.systems[1].install == "installs without a question");
  CHECK(verdict.systems[1].installs == true);
}

TEST_CASE("a package that an administrator is asked about is not good for all, and says so",
          "[package]") {
  Sample sample;
  auto asked = question(verify::Use::driver, {"win10-22h2-x64"});
  asked.machine.stores.trusted_publisher.clear();
  const auto verdict = verify::judge_package(sample.folder, asked).verdicts.front();
  REQUIRE(verdict.systems.size() == 1);
  CHECK(verdict.systems[0].installs == false);
  CHECK(verdict.systems[0].install == "installs after a question to an administrator");
  CHECK(verdict.systems[0].loads == false);
}

TEST_CASE("a folder that cannot be read has a verdict with its exit code", "[package]") {
  const auto report = verify::judge_package("/nonexistent/package", question());
  REQUIRE(report.verdicts.size() == 1);
  CHECK(report.verdicts[0].kind == "package");
  CHECK((verify::exit_code(report) == 7 || verify::exit_code(report) == 3));
}

}  // namespace sealwright::test
