// Programs we did not write judge our lists.

#include <chrono>
#include <fstream>
#include <iostream>

#include "base/file.h"
#include "ca/crl.h"
#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
using x509::RevocationReason;

namespace {

// 2026-01-04, within the lists made here.
constexpr const char* attime = "1767520800";
const ca::CrlTerms terms{{0, std::chrono::days(7)}, {0, std::chrono::days(3)}};

/// A chain with two publishers, the first of them revoked, and the lists of both authorities.
struct Lists {
  explicit Lists(const ossl::KeySpec& spec, Time now = *parse_time("2026-01-02T12:00:00Z")) {
    auto roots = root_policy(), issuings = issuing_policy(), signings = signing_policy();
    roots.key.spec = issuings.key.spec = signings.key.spec = spec;
    *lab.now = now;
    const auto root = lab.issue("lab-root", roots, std::nullopt);
    const auto issuing = lab.issue("lab-issuing", issuings, root);
    const auto bad = lab.issue("bad", signings, issuing);
    const auto good = lab.issue("good", signings, issuing);
    ca::revoke(lab.inventory, bad, {RevocationReason::key_compromise, now, ""});
    for (const auto* authority : {&root, &issuing}) {
      const auto crl = ca::issue_crl(lab.inventory, *authority, *lab.signer(*authority), terms);
      write_file(scratch / (authority->name + ".crl"), view(x509::Crl::from_der(crl.crl).to_pem()));
      write_file(scratch / (authority->name + ".der"), crl.crl);
    }
    for (const auto* generation : {&root, &issuing, &bad, &good})
      write_file(scratch / (generation->name + ".pem"),
                 view(ca::certificate_of(*generation).to_pem()));
  }
  std::string at(const std::string& name) const { return (scratch / name).string(); }
  Lab lab;
  Scratch scratch;
};

const struct {
  const char* name;
  ossl::KeySpec spec;
} keys[] = {
    {"RSA-2048", {ossl::KeyType::rsa, 2048, {}}},
    {"P-256", {ossl::KeyType::ec, 0, ossl::Curve::p256}},
    {"P-384", {ossl::KeyType::ec, 0, ossl::Curve::p384}},
};

bool missing(const char* program) {
  if (have_program(program)) return false;
  WARN("SKIPPED: " << program << " is not installed");
  return true;
}

}  // namespace

TEST_CASE("openssl refuses what our lists revoke, and nothing else", "[ca][oracle]") {
  if (missing("openssl")) return;
  for (const auto& key : keys) DYNAMIC_SECTION(key.name) {
      const Lists lists(key.spec);
      const auto verified = [&](const std::string& leaf) {
        return run({"openssl", "verify", "-x509_strict", "-attime", attime, "-crl_check_all",
                    "-CRLfile", lists.at("lab-root.crl"), "-CRLfile", lists.at("lab-issuing.crl"),
                    "-CAfile", lists.at("lab-root.pem"), "-untrusted", lists.at("lab-issuing.pem"),
                    lists.at(leaf)});
      };
      const auto good = verified("good.pem");
      INFO(good.err);
      CHECK(good.out == lists.at("good.pem") + ": OK\n");
      CHECK_THAT(verified("bad.pem").err, Catch::Contains("certificate revoked"));
      const auto signature = run({"openssl", "crl", "-in", lists.at("lab-issuing.crl"), "-CAfile",
                                  lists.at("lab-issuing.pem"), "-noout", "-text"});
      CHECK(signature.err == "verify OK\n");
      for (const char* said : {"X509v3 CRL Number: \n                1",
                               "CRL Reason Code: \n                Key Compromise",
                               "Invalidity Date: \n                Jan  2 12:00:00 2026 GMT",
                               "Authority Key Identifier"})
        CHECK_THAT(signature.out, Catch::Contains(said));
    }
}

TEST_CASE("certtool verifies our lists", "[ca][oracle]") {
  if (missing("certtool")) return;
  for (const auto& key : keys) DYNAMIC_SECTION(key.name) {
      // This one judges by the system's clock alone.
      const Lists lists(key.spec,
                        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
      const auto verified = [&](const std::string& authority) {
        return run({"certtool", "--verify-crl", "--load-ca-certificate", lists.at(authority),
                    "--infile", lists.at("lab-issuing.crl")});
      };
      const auto good = verified("lab-issuing.pem");
      INFO(good.out << good.err);
      CHECK_THAT(good.out, Catch::Contains("Verification output: Verified."));
      CHECK_THAT(verified("lab-root.pem").out, Catch::Contains("Not verified."));
    }
}

TEST_CASE("NSS takes our lists into its database", "[ca][oracle]") {
  if (missing("crlutil") || missing("certutil")) return;
  const Lists lists(keys[1].spec);
  const std::string database = "sql:" + lists.scratch.path().string();
  REQUIRE(run({"certutil", "-N", "-d", database, "--empty-password"}).exit_code == 0);
  for (const char* name : {"lab-root", "lab-issuing"})
    REQUIRE(run({"certutil", "-A", "-d", database, "-n", name, "-t", "C,C,C", "-i",
                 lists.at(std::string(name) + ".pem"), "-a"})
                .exit_code == 0);
  const auto taken =
      run({"crlutil", "-I", "-d", database, "-i", lists.at("lab-issuing.der"), "-t", "1"});
  INFO(taken.out << taken.err);
  CHECK(taken.exit_code == 0);
  const auto listed = run({"crlutil", "-L", "-d", database, "-n", "lab-issuing"});
  CHECK_THAT(listed.out, Catch::Contains("lab-issuing"));
}

TEST_CASE("a list of 200,000 entries is issued, and read by openssl", "[ca][oracle]") {
  Lab lab;
  const auto root = lab.issue("lab-root", root_policy(), std::nullopt);
  lab.inventory.together([&] {
    for (std::uint32_t i = 1; i <= 200'000; ++i) {
      Serial serial{{0x01, std::uint8_t(i >> 16), std::uint8_t(i >> 8), std::uint8_t(i)}};
      lab.inventory.add_revocation(root.id, {serial, *lab.now, "superseded", {}});
    }
  });
  const auto seconds = [](auto&& work) {
    const auto from = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
  };
  store::CrlRecord record;
  const double ours =
      seconds([&] { record = ca::issue_crl(lab.inventory, root, *lab.signer(root), terms); });
  std::optional<std::string> due;
  const double asked = seconds([&] { due = ca::crl_due(lab.inventory, root, terms); });
  CHECK_FALSE(due);
  CHECK(x509::Crl::from_der(record.crl).entries().size() == 200'000);
  if (missing("openssl")) return;
  const Scratch scratch;
  write_file(scratch / "list.der", record.crl);
  write_file(scratch / "root.pem", view(ca::certificate_of(root).to_pem()));
  Ran read;
  const double theirs = seconds([&] {
    read = run({"openssl", "crl", "-inform", "DER", "-in", (scratch / "list.der").string(),
                "-CAfile", (scratch / "root.pem").string(), "-noout", "-crlnumber"});
  });
  CHECK(read.err == "verify OK\n");
  CHECK(read.out == "crlNumber=0x01\n");
  std::cout << "a list of 200,000 entries: issued in " << ours << " s, openssl reads it in "
            << theirs << " s, whether one is due costs " << asked << " s\n";
}
