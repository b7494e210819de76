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
namespace oids = x509::oids;

struct Row {
  const char* what;
  std::function<void(Maker&, verify::Question&)> change;
  std::uint32_t code;
  const char* rule;
  const char* reason;  ///< Contained in it.
};

const Row rows[] = {
    {"nothing", [](Maker&, verify::Question&) {}, 0, "",
     "signed by 'Test Publisher', timestamped 2026-06-15T00:00:00Z"},
    {"no timestamp", [](Maker& m, verify::Question&) { m.authority.reset(); }, 0, "",
     "signed by 'Test Publisher', not timestamped: good until 2028-01-01"},
    {"a root that is not trusted",
     [](Maker&, verify::Question& q) { q.machine.stores.root.clear(); }, code::chaining,
     "chain-complete", "the issuer of 'Test Issuing' (Test Root) is not at hand"},
    {"a self-signed certificate that is not trusted",
     [](Maker& m, verify::Question&) {
       m.publisher = leaf("Alone", {oids::code_signing}, "2028-01-01", nullptr);
       m.chain.clear();
     },
     code::untrusted_root, "chain-root-trusted",
     "'Alone' ends the chain and is not in the Root store"},
    {"a self-signed certificate that is trusted",
     [](Maker& m, verify::Question& q) {
       m.publisher = leaf("Alone", {oids::code_signing}, "2028-01-01", nullptr);
       m.chain.clear();
       q.machine.stores.root.push_back(m.publisher.certificate);
     },
     0, "", "signed by 'Alone'"},
    {"an intermediate that did not come along",
     [](Maker& m, verify::Question&) {
       m.chain.clear();
       m.authority.reset();
     },
     code::chaining, "chain-complete", "the issuer of 'Test Publisher'"},
    {"an intermediate that only the CA store has",
     [](Maker& m, verify::Question& q) {
       m.chain.clear();
       m.authority.reset();
       q.machine.stores.ca = {pki().issuing.certificate};
     },
     0, "", "signed by 'Test Publisher'"},
    {"an expired certificate without a timestamp",
     [](Maker& m, verify::Question& q) {
       m.authority.reset();
       q.now = late_day;
     },
     code::expired, "chain-valid-in-time",
     "'Test Publisher' expired at 2028-01-01T00:00:00Z, and the signature has no timestamp"},
    {"an expired certificate with a timestamp",
     [](Maker&, verify::Question& q) { q.now = late_day; }, 0, "", "timestamped 2026-06-15"},
    {"an expired certificate whose timestamp comes from an expired authority",
     [](Maker& m, verify::Question& q) {
       m.authority = leaf("Short Timestamps", {oids::time_stamping}, "2026-07-01");
       q.now = late_day;
     },
     0, "", "timestamped 2026-06-15"},
    {"a certificate for lifetime signing after its end, timestamp or not",
     [](Maker& m, verify::Question& q) {
       m.publisher = leaf("Lifetime", {oids::code_signing, oids::lifetime_signing});
       q.now = late_day;
     },
     code::expired, "chain-valid-in-time", "'Lifetime' expired at 2028-01-01T00:00:00Z"},
    {"a timestamp authority whose root is not trusted",
     [](Maker& m, verify::Question&) {
       m.authority = leaf("Foreign Timestamps", {oids::time_stamping}, "2030-01-01", nullptr);
       m.authority_chain.clear();
     },
     code::time_stamp, "timestamp",
     "the timestamp is not trusted: 'Foreign Timestamps' ends the chain and is not in the Root "
     "store (0x800B0109)"},
    {"a timestamp that does not count, after the certificate's end",
     [](Maker& m, verify::Question& q) {
       m.authority = leaf("Foreign Timestamps", {oids::time_stamping}, "2030-01-01", nullptr);
       m.authority_chain.clear();
       q.now = late_day;
     },
     code::time_stamp, "timestamp", "the timestamp is not trusted"},
    {"a certificate that is not for code",
     [](Maker& m, verify::Question&) { m.publisher = leaf("Server", {oids::server_auth}); },
     code::wrong_usage, "chain-purpose", "'Server' allows serverAuth, not codeSigning"},
    {"a certificate without usages, which is for all",
     [](Maker& m, verify::Question&) { m.publisher = leaf("Anything", {}); }, 0, "",
     "signed by 'Anything'"},
    {"a publisher in Disallowed",
     [](Maker&, verify::Question& q) {
       q.machine.stores.disallowed = {pki().publisher.certificate};
     },
     code::explicit_distrust, "chain-not-disallowed",
     "'Test Publisher' is in the Disallowed store"},
    {"an issuer in Disallowed",
     [](Maker&, verify::Question& q) { q.machine.stores.disallowed = {pki().issuing.certificate}; },
     code::explicit_distrust, "chain-not-disallowed", "'Test Issuing' is in the Disallowed store"},
    {"judged before the certificate was valid",
     [](Maker& m, verify::Question& q) {
       m.authority.reset();
       q.now = *parse_time("2025-06-01");
     },
     code::expired, "chain-valid-in-time",
     "'Test Publisher' is not valid before 2026-01-01T00:00:00Z"},
    {"expired, where WinTrust State ignores that",
     [](Maker& m, verify::Question& q) {
       m.authority.reset();
       q.now = late_day;
       q.machine.wintrust_state |= 0x100;
     },
     0, "", "signed by 'Test Publisher'"},
    {"a publisher that is unknown, where WinTrust State wants them known",
     [](Maker&, verify::Question& q) {
       q.machine.stores.trusted_publisher.clear();
       q.machine.wintrust_state |= trust::allow_only_per_trust;
     },
     code::security_settings, "publisher-trusted",
     "'Test Publisher' is not in TrustedPublisher, and WinTrust State allows no other publishers"},
    {"page hashes", [](Maker& m, verify::Question&) { m.page_hashes = true; }, 0, "",
     "signed by 'Test Publisher'"},
};

}  // namespace

TEST_CASE("a signed file is judged by chain, purposes, time and timestamps", "[judge]") {
  for (const auto& row : rows) DYNAMIC_SECTION(row.what) {
      Scratch scratch;
      Maker maker;
      auto asked = question();
      row.change(maker, asked);
      maker.sign(unsigned_pe(), scratch / "signed.exe");
      const auto verdict = verify::judge_file(scratch / "signed.exe", asked);
      CHECK(trust::to_text(verdict.code) == trust::to_text(row.code));
      CHECK(verdict.rule == row.rule);
      CHECK_THAT(verdict.reason, Catch::Contains(row.reason));
      CHECK(verdict.ok == (row.code == 0));
      CHECK(verdict.exit_code == (row.code == 0 ? 0 : 1));
      CHECK((verdict.ok || !verdict.remedy.empty()));
    }
}

TEST_CASE("what a verdict says about the signature is what was signed", "[judge]") {
  Scratch scratch;
  Maker().sign(unsigned_pe(), scratch / "signed.exe");
  const auto verdict = verify::judge_file(scratch / "signed.exe", question());
  REQUIRE(verdict.signature);
  const auto& facts = *verdict.signature;
  CHECK(facts.signer == "CN=Test Publisher,O=Tests");
  CHECK(facts.thumbprint == pki().publisher.certificate.thumbprint().hex());
  CHECK(facts.serial == pki().publisher.certificate.serial().hex());
  CHECK(facts.digest == "sha256");
  CHECK(facts.description == "Sample for tests");
  CHECK(facts.url == "https://sealwright.invalid/sample");
  REQUIRE(facts.timestamps.size() == 1);
  CHECK(facts.timestamps[0].kind == "rfc3161");
  CHECK(facts.timestamps[0].time == signing_day);
  CHECK(facts.timestamps[0].authority == "CN=Test Timestamps,O=Tests");
  CHECK(facts.timestamps[0].trusted);
  REQUIRE(facts.chain.size() == 3);
  CHECK(facts.chain[2].subject == "CN=Test Root,O=Tests");
  CHECK(verdict.trust == "the tests' root");
  CHECK(verdict.at == judging_day);
}

TEST_CASE("files without a signature to judge get a verdict too", "[judge]") {
  Scratch scratch;
  write_file(scratch / "readme.txt", view("Hello, I am text and nothing else.\n"));
  write_file(scratch / "script.ps1", view("Write-Host hello\n"));
  write_catalog(scratch / "unsigned.cat");
  struct Missing {
    std::string path;
    std::uint32_t code;
    int exit_code;
    std::string reason;
  };
  const Missing missing[] = {
      {unsigned_pe().string(), code::no_signature, 1, "the file is not signed"},
      {scratch / "unsigned.cat", code::no_signature, 1, "the catalog is not signed"},
      {scratch / "readme.txt", code::subject_form_unknown, 1,
       "the file is of no kind that can hold a signature"},
      {scratch / "script.ps1", 0, 3, "a script, not supported by this version"},
      {scratch / "nothing.sys", 0, 7, "No such file or directory"},
  };
  for (const auto& row : missing) {
    INFO(row.path);
    const auto verdict = verify::judge_file(row.path, question());
    CHECK(trust::to_text(verdict.code) == trust::to_text(row.code));
    CHECK(verdict.exit_code == row.exit_code);
    CHECK_THAT(verdict.reason, Catch::Contains(row.reason));
    CHECK_FALSE(verdict.ok);
  }
}

TEST_CASE("a catalog for installation needs a publisher that the machine trusts", "[judge]") {
  Scratch scratch;
  Maker().sign(write_catalog(scratch / "unsigned.cat"), scratch / "signed.cat");
  auto asked = question(verify::Use::driver);
  CHECK(verify::judge_file(scratch / "signed.cat", asked).ok);
  asked.machine.stores.trusted_publisher = {pki().issuing.certificate};
  const auto verdict = verify::judge_file(scratch / "signed.cat", asked);
  CHECK(verdict.code == code::trust_not_established);
  CHECK(verdict.reason ==
        "'Test Publisher' is not in TrustedPublisher: Windows asks an administrator, and refuses "
        "everyone else");
  CHECK(verdict.remedy ==
        "put the signer's own certificate (not its CA) into LocalMachine\\TrustedPublisher");
}

TEST_CASE("kernels take no private root, and the verdict names the rule of each version",
          "[judge]") {
  struct Kernel {
    const char* os;
    std::optional<bool> loads;
    const char* rule;
  };
  const Kernel kernels[] = {
      {"XP_X64", true, "kernel-no-check"},
      {"server2003-x64", true, "kernel-no-check"},
      {"win7-x86", true, "kernel-x86-boot-start"},
      {"win7-x64", false, "kernel-cross-signed"},
      {"win10-1511-x64", false, "kernel-cross-signed"},
      {"win10-1607-x64", false, "kernel-portal-only"},
      {"win11-24h2-x64", false, "kernel-portal-only"},
      {"win11-24h2-arm64", false, "kernel-whql-catalog"},
      {"server2022", false, "kernel-server-whql"},
  };
  Scratch scratch;
  Maker().sign(unsigned_pe(), scratch / "signed.sys");
  for (const auto& row : kernels) {
    INFO(row.os);
    const auto verdict =
        verify::judge_file(scratch / "signed.sys", question(verify::Use::kernel, {row.os}));
    INFO(verdict.reason);
    REQUIRE(verdict.systems.size() == 1);
    CHECK(verdict.systems[0].loads == row.loads);
    CHECK(verdict.systems[0].rule == row.rule);
    CHECK(verdict.ok == (row.loads == true));
    if (!verdict.ok) {
      CHECK(verdict.code == code::invalid_image_hash);
      CHECK(verdict.rule == row.rule);
      CHECK_THAT(
          verdict.reason,
          Catch::Contains("only Microsoft's roots count, and its chain ends in 'Test Root'"));
      CHECK_THAT(verdict.remedy, Catch::Contains("TESTSIGNING"));
    }
  }
}

TEST_CASE("a cross-certificate of Microsoft's counts where its root is at hand", "[judge]") {
  using namespace x509::made;
  const auto microsoft = issue({.subject = "CN=Microsoft Code Verification Root",
                                .extensions = authority(),
                                .ends = "2046-01-01"});
  Maker maker;
  maker.chain.push_back(issue({.subject = "CN=Test Root,O=Tests",
                               .issuer = &microsoft,
                               .extensions = authority(),
                               .ends = "2040-01-01",
                               .key = pki().root.key})
                            .certificate);
  Scratch scratch;
  maker.sign(unsigned_pe(), scratch / "signed.sys");
  auto verdict =
      verify::judge_file(scratch / "signed.sys", question(verify::Use::kernel, {"win7-x64"}));
  REQUIRE(verdict.systems.size() == 1);
  CHECK_FALSE(verdict.systems[0].loads.has_value());
  CHECK(verdict.code == code::chaining);
  CHECK(verdict.reason ==
        "the kernel of Windows 7 x64 may load it: whether its chain truly ends in 'Microsoft Code "
        "Verification Root' cannot be told without that root");
  // No root of that name but the genuine one helps, and newer kernels need neither.
  auto asked = question(verify::Use::kernel, {"win7-x64", "win11-24h2-x64"});
  asked.machine.stores.root.push_back(microsoft.certificate);
  verdict = verify::judge_file(scratch / "signed.sys", asked);
  REQUIRE(verdict.systems.size() == 2);
  CHECK(verdict.systems[0].loads != true);
  CHECK(verdict.systems[1].loads == false);
}

TEST_CASE("old kernels load what is not signed, and say so only of themselves", "[judge]") {
  auto asked = question(verify::Use::kernel, {"win7-x86"});
  CHECK(verify::judge_file(unsigned_pe(), asked).ok);
  asked = question(verify::Use::kernel, {"win7-x86", "win7-x64"});
  const auto verdict = verify::judge_file(unsigned_pe(), asked);
  CHECK(verdict.code == code::no_signature);
  REQUIRE(verdict.systems.size() == 2);
  CHECK(verdict.systems[0].loads == true);
  CHECK(verdict.systems[1].loads == false);
}

TEST_CASE("a wrong CheckSum is a note to programs, and the end for drivers", "[judge]") {
  Scratch scratch;
  Maker().sign(unsigned_pe(), scratch / "signed.sys");
  auto bytes = read_file(scratch / "signed.sys");
  const auto at = signing::read_signature(scratch / "signed.sys").layout->checksum_offset;
  bytes[at] ^= 0x5a;
  write_file(scratch / "signed.sys", bytes, {Access::everyone, Existing::replace});
  CHECK(verify::judge_file(scratch / "signed.sys", question()).ok);
  const auto verdict =
      verify::judge_file(scratch / "signed.sys", question(verify::Use::kernel, {"win7-x64"}));
  CHECK(verdict.code == code::image_checksum_mismatch);
  CHECK(verdict.rule == "file-checksum");
}

}  // namespace sealwright::test
