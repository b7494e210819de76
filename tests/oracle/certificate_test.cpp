// Certificates of driver-lab, judged by openssl, gnutls and NSS.

#include <catch2/catch.hpp>
#include <fstream>

#include "lab.h"

using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

std::string slurp(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A file with several PEM certificates, as certtool wants its chain: target first.
std::string chain_file(const std::vector<std::string>& names) {
  const std::string path = driver_lab().file("chain-" + names.front() + ".pem");
  std::ofstream out(path, std::ios::binary);
  for (const auto& name : names) out << slurp(driver_lab().pem(name));
  return path;
}

}  // namespace

TEST_CASE("openssl verifies every certificate of driver-lab for its purpose", "[oracle]") {
  const auto& lab = driver_lab();
  const auto verify = [&](const std::string& name, const std::string& purpose) {
    return run({"openssl", "verify", "-x509_strict", "-purpose", purpose, "-CAfile",
                lab.pem("lab-root"), "-untrusted", lab.pem("lab-issuing"), lab.pem(name)});
  };
  for (const auto& [name, purpose] :
       std::vector<std::pair<std::string, std::string>>{{"lab-root", "any"},
                                                        {"lab-issuing", "any"},
                                                        {"driver-signing", "any"},
                                                        {"timestamping", "timestampsign"}}) {
    const auto ran = verify(name, purpose);
    INFO(name << ran.out << ran.err);
    CHECK(ran.exit_code == 0);
  }
  CHECK(verify("driver-signing", "timestampsign").exit_code != 0);
  CHECK(verify("driver-signing", "sslserver").exit_code != 0);
}

TEST_CASE("openssl reads in them what the policies say", "[oracle]") {
  const auto text = [&](const std::string& name) {
    return run({"openssl", "x509", "-noout", "-text", "-in", driver_lab().pem(name)}).out;
  };
  const std::string leaf = text("driver-signing");
  for (const char* line :
       {"X509v3 Key Usage: critical\n                Digital Signature\n",
        "X509v3 Extended Key Usage: \n                Code Signing\n", "Public-Key: (3072 bit)",
        "Signature Algorithm: sha256WithRSAEncryption", "X509v3 Subject Key Identifier",
        "X509v3 Authority Key Identifier", "Test & Co, Inc."}) {
    INFO(line << "\n" << leaf);
    CHECK(leaf.find(line) != std::string::npos);
  }
  for (const char* never : {"CA:TRUE", "CRL Distribution Points", "Authority Information Access"})
    CHECK(leaf.find(never) == std::string::npos);
  CHECK(text("lab-root").find("X509v3 Basic Constraints: critical\n                CA:TRUE\n") !=
        std::string::npos);
  CHECK(text("lab-issuing")
            .find("X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0\n") !=
        std::string::npos);
  CHECK(text("timestamping")
            .find("X509v3 Extended Key Usage: critical\n                Time Stamping\n") !=
        std::string::npos);
}

TEST_CASE("certtool verifies them for their purposes", "[oracle]") {
  if (!have("certtool")) return;
  const auto verify = [&](const std::string& name, const std::string& purpose) {
    const auto ran =
        run({"certtool", "--verify", "--verify-purpose", purpose, "--load-ca-certificate",
             driver_lab().pem("lab-root"), "--infile", chain_file({name, "lab-issuing"})});
    INFO(ran.out << ran.err);
    return ran.exit_code == 0;
  };
  CHECK(verify("driver-signing", "1.3.6.1.5.5.7.3.3"));
  CHECK(verify("timestamping", "1.3.6.1.5.5.7.3.8"));
  CHECK_FALSE(verify("driver-signing", "1.3.6.1.5.5.7.3.8"));
}

TEST_CASE("NSS verifies the signer as an object signer", "[oracle]") {
  if (!have("certutil")) return;
  const auto& lab = driver_lab();
  Scratch database;
  const std::string d = "sql:" + database.path().string();
  REQUIRE(run({"certutil", "-N", "-d", d, "--empty-password"}).exit_code == 0);
  REQUIRE(run({"certutil", "-A", "-d", d, "-n", "root", "-t", ",,C", "-i", lab.pem("lab-root")})
              .exit_code == 0);
  REQUIRE(
      run({"certutil", "-A", "-d", d, "-n", "issuing", "-t", ",,", "-i", lab.pem("lab-issuing")})
          .exit_code == 0);
  REQUIRE(
      run({"certutil", "-A", "-d", d, "-n", "signer", "-t", ",,", "-i", lab.pem("driver-signing")})
          .exit_code == 0);
  REQUIRE(run({"certutil", "-A", "-d", d, "-n", "tsa", "-t", ",,", "-i", lab.pem("timestamping")})
              .exit_code == 0);
  const auto ran = run({"certutil", "-V", "-d", d, "-u", "J", "-n", "signer"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(run({"certutil", "-V", "-d", d, "-u", "J", "-n", "tsa"}).exit_code != 0);
}
