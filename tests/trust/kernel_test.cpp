#include "trust/kernel.h"

#include <catch2/catch.hpp>
#include <set>

#include "x509/issuing.h"
#include "x509/oids.h"

using namespace sealwright;
using trust::RootOwner;

namespace {

const WindowsTarget& target(const std::string& name) {
  const auto found = parse_windows_target(name);
  REQUIRE(found.size() == 1);
  return *found.front();
}

constexpr Time before_2015{std::chrono::sys_days{std::chrono::year{2014} / 1 / 1}};
constexpr Time after_2015{std::chrono::sys_days{std::chrono::year{2019} / 1 / 1}};

trust::DriverSignature by(RootOwner root, Time issued = after_2015,
                          std::vector<Oid> purposes = {}) {
  trust::DriverSignature made;
  made.valid = true;
  made.root = root;
  made.signer_issued = issued;
  made.purposes = std::move(purposes);
  made.root_name = "Some Root";
  return made;
}

}  // namespace

TEST_CASE("each version's kernel has its own rule for each kind of signature", "[trust]") {
  const auto attested = std::vector{x509::oids::whql_crypto, x509::oids::whql_attested};
  struct Row {
    const char* os;
    trust::DriverSignature signature;
    std::optional<bool> loads;
    const char* rule;
  };
  const Row rows[] = {
      {"win2000-x86", by(RootOwner::other), true, "kernel-no-check"},
      {"XP_X64", by(RootOwner::other), true, "kernel-no-check"},
      {"vista-x86", by(RootOwner::other), true, "kernel-x86-boot-start"},
      {"win10-22h2-x86", by(RootOwner::other), true, "kernel-x86-boot-start"},
      {"vista-x64", by(RootOwner::other), false, "kernel-cross-signed"},
      {"win7-x64", by(RootOwner::code_verification), true, "kernel-cross-signed"},
      {"win7-x64", by(RootOwner::microsoft), true, "kernel-cross-signed"},
      {"win10-1511-x64", by(RootOwner::code_verification), true, "kernel-cross-signed"},
      {"win10-1607-x64", by(RootOwner::code_verification), false, "kernel-portal-only"},
      {"win10-1607-x64", by(RootOwner::code_verification, before_2015), true, "kernel-portal-only"},
      {"win10-1809-x64", by(RootOwner::code_verification, before_2015), false,
       "kernel-portal-only"},
      {"win11-24h2-x64", by(RootOwner::microsoft, after_2015, attested), true,
       "kernel-portal-only"},
      {"server2016-x64", by(RootOwner::microsoft, after_2015, attested), false,
       "kernel-server-whql"},
      {"server2016-x64", by(RootOwner::microsoft, after_2015, {x509::oids::whql_crypto}), true,
       "kernel-server-whql"},
      {"server2012r2", by(RootOwner::code_verification), true, "kernel-cross-signed"},
      {"win11-24h2-arm64", by(RootOwner::microsoft), true, "kernel-whql-catalog"},
      {"win11-24h2-arm64", by(RootOwner::code_verification), false, "kernel-whql-catalog"},
  };
  for (const auto& row : rows) {
    INFO(row.os);
    const auto answer = trust::judge_load(target(row.os), &row.signature);
    INFO(answer.text);
    CHECK(answer.loads == row.loads);
    CHECK(answer.rule == row.rule);
    CHECK((answer.loads == true || !answer.remedy.empty()));
  }
}

TEST_CASE("what a kernel does not load is told by its reason", "[trust]") {
  const auto& windows = target("win11-24h2-x64");
  CHECK(trust::judge_load(windows, nullptr).text == "does not load it: it is not signed");
  auto signature = by(RootOwner::microsoft);
  signature.valid = false;
  CHECK(trust::judge_load(windows, &signature).text ==
        "does not load it: its signature is not valid");
  signature = by(RootOwner::other);
  CHECK(trust::judge_load(windows, &signature).text ==
        "does not load it: only Microsoft's roots count, and its chain ends in 'Some Root'");
  signature = by(RootOwner::microsoft);
  signature.signer_expired = true;
  CHECK_THAT(trust::judge_load(windows, &signature).text,
             Catch::Contains("expired, and no timestamp"));
  signature = by(RootOwner::microsoft);
  signature.root_known = false;
  CHECK_FALSE(trust::judge_load(windows, &signature).loads.has_value());
}

TEST_CASE("Windows 7 loads SHA-2 signatures once it can read them", "[trust]") {
  auto signature = by(RootOwner::microsoft);
  CHECK(trust::judge_load(target("win7-x64"), &signature).text ==
        "loads it once SHA-2 support is installed (KB3033929, KB4474419)");
  signature.sha1 = true;
  CHECK(trust::judge_load(target("win7-x64"), &signature).text == "loads it");
}

TEST_CASE("a root that only calls itself Microsoft's is somebody else's", "[trust]") {
  const auto fake = x509::made::issue({.subject = "CN=Microsoft Root Certificate Authority 2010",
                                       .extensions = x509::made::authority()});
  CHECK(trust::owner_of(fake.certificate) == RootOwner::other);
  CHECK(trust::owner_named(fake.certificate.subject()) == RootOwner::microsoft);
  CHECK(trust::owner_named(x509::Name::parse("CN=Microsoft Code Verification Root")) ==
        RootOwner::code_verification);
}

TEST_CASE("every Windows version has a load rule", "[trust]") {
  std::set<std::string_view> used;
  for (const auto& windows : windows_targets()) used.insert(trust::load_rule(windows).id);
  CHECK(used.size() == trust::load_rules().size());
}
