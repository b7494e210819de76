#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
using store::SignatureOutcome;

namespace {

const ossl::SignatureAlgorithm algorithm{ossl::Scheme::ecdsa, ossl::Digest::sha256};

ca::SignatureSubject file(const std::string& name) { return {name, "pe", "sha256", {1, 2}, {}}; }

}  // namespace

TEST_CASE("a signature is on record before the key is used", "[ca]") {
  Lab lab;
  const auto driver = lab.issue("driver", signing_policy(), lab.issuing());
  ca::RecordingSigner signer(lab.inventory, driver, lab.signer(driver));
  CHECK_THROWS_WITH(signer.sign(algorithm, view("x")),
                    "something is signed, and nobody said what it is");
  CHECK(lab.inventory.signatures(driver.id).empty());

  signer.subject(file("acme.sys"));
  const Bytes signature = signer.sign(algorithm, view("attributes"));
  CHECK(signer.public_key().verify(algorithm, view("attributes"), signature));
  REQUIRE(lab.inventory.unfinished_signatures().size() == 1);
  CHECK_THROWS(signer.sign(algorithm, view("another")));
  signer.finish({std::nullopt, *lab.now, "local"});
  const auto record = lab.inventory.signatures(driver.id).at(0);
  CHECK(record.outcome == SignatureOutcome::made);
  CHECK(record.intent.file_name == "acme.sys");
  CHECK(to_hex(record.intent.to_be_signed) ==
        to_hex(ossl::hash(ossl::Digest::sha256, view("attributes"))));
  CHECK_THROWS_WITH(signer.finish({}), "a signature is finished that was not made");
}

TEST_CASE("what is not finished is recorded as abandoned", "[ca]") {
  Lab lab;
  const auto driver = lab.issue("driver", signing_policy(), lab.issuing());
  {
    ca::RecordingSigner signer(lab.inventory, driver, lab.signer(driver));
    signer.subject(file("one.sys"));
    signer.sign(algorithm, view("1"));
    signer.subject(file("two.sys"));
    CHECK(lab.inventory.signatures(driver.id).at(0).outcome == SignatureOutcome::abandoned);
    CHECK_THROWS(signer.sign({ossl::Scheme::rsa_pkcs1, ossl::Digest::sha256}, view("2")));
    CHECK(lab.inventory.signatures(driver.id).at(1).outcome == SignatureOutcome::abandoned);
    signer.subject(file("three.sys"));
    signer.sign(algorithm, view("3"));
  }
  const auto all = lab.inventory.signatures(driver.id);
  REQUIRE(all.size() == 3);
  CHECK(all[2].outcome == SignatureOutcome::abandoned);
  CHECK(all[2].reason == "it was not finished");
  CHECK(lab.inventory.verify_events().intact());
}

TEST_CASE("a signature of a run that was killed is settled by the next", "[ca]") {
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  const Time now = *parse_time("2026-01-02T12:00:00Z");
  {
    Lab lab(path);
    lab.issue("driver", signing_policy(), lab.issuing());
  }
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto lab = Lab::reopen(path, now);
    const auto driver = *lab.inventory.active("driver");
    ca::RecordingSigner signer(lab.inventory, driver, lab.signer(driver));
    signer.subject(file("acme.sys"));
    signer.sign(algorithm, view("attributes"));
    kill(getpid(), SIGKILL);
  }
  waitpid(child, nullptr, 0);
  auto lab = Lab::reopen(path, now);
  const auto settled = ca::settle_unfinished_signatures(lab.inventory);
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].intent.file_name == "acme.sys");
  CHECK(lab.inventory.signature(settled[0].id)->outcome == SignatureOutcome::abandoned);
  CHECK(ca::settle_unfinished_signatures(lab.inventory).empty());
}

TEST_CASE("a key is not recorded as another generation's", "[ca]") {
  Lab lab;
  const auto issuer = lab.issuing();
  const auto driver = lab.issue("driver", signing_policy(), issuer);
  CHECK_THROWS_WITH(ca::RecordingSigner(lab.inventory, driver, lab.signer(issuer)),
                    "the key is not that of 'driver@1'");
}
