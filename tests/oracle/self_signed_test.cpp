// The hierarchy self-signed-driver: makecert's one certificate, done right.

#include <catch2/catch.hpp>

#include "lab.h"

using namespace sealwright::test;

namespace {

const Lab& self_signed() {
  static const Lab lab("self-signed-driver");
  return lab;
}

}  // namespace

TEST_CASE("openssl and osslsigncode accept the self-signed signer as its own anchor", "[oracle]") {
  const auto& lab = self_signed();
  const std::string anchor = lab.pem("driver-signing");
  CHECK(run({"openssl", "verify", "-CAfile", anchor, anchor}).exit_code == 0);
  if (!have("osslsigncode")) return;
  for (const char* file : {"sample.sys", "sealwright-sample.cat"}) {
    const auto ran =
        run({"osslsigncode", "verify", "-CAfile", anchor, "-in", (lab.package / file).string()});
    INFO(ran.out << ran.err);
    CHECK(ran.exit_code == 0);
  }
}

TEST_CASE("certtool refuses a trust anchor that is no CA; NSS wants to be told to trust just it",
          "[oracle]") {
  const std::string anchor = self_signed().pem("driver-signing");
  if (have("certtool"))
    CHECK(run({"certtool", "--verify", "--verify-purpose", "1.3.6.1.5.5.7.3.3",
               "--load-ca-certificate", anchor, "--infile", anchor})
              .exit_code != 0);
  if (!have("certutil")) return;
  const auto verified_by_nss = [&](const std::string& trust) {
    Scratch database;
    const std::string d = "sql:" + database.path().string();
    REQUIRE(run({"certutil", "-N", "-d", d, "--empty-password"}).exit_code == 0);
    REQUIRE(run({"certutil", "-A", "-d", d, "-n", "signer", "-t", trust, "-i", anchor}).exit_code ==
            0);
    return run({"certutil", "-V", "-d", d, "-u", "J", "-n", "signer"}).exit_code == 0;
  };
  CHECK_FALSE(verified_by_nss(",,"));  // as an issuer of itself: it is no CA
  CHECK(verified_by_nss(",,P"));       // as a peer that is trusted by itself
}
