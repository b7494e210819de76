// The signed sample package, judged by osslsigncode and openssl.

#include <catch2/catch.hpp>
#include <fstream>

#include "lab.h"

using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

Ran osslsigncode(const std::vector<std::string>& more) {
  const auto& lab = driver_lab();
  std::vector<std::string> argv = {"osslsigncode",      "verify",      "-CAfile",
                                   lab.pem("lab-root"), "-TSA-CAfile", lab.pem("lab-root")};
  argv.insert(argv.end(), more.begin(), more.end());
  return run(argv);
}

}  // namespace

TEST_CASE("osslsigncode verifies the driver, its catalog, and the driver against the catalog",
          "[oracle]") {
  if (!have("osslsigncode")) return;
  const auto& lab = driver_lab();
  const std::string sys = (lab.package / "sample.sys").string(),
                    cat = (lab.package / "sealwright-sample.cat").string();
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"-in", sys}, {"-in", cat}, {"-catalog", cat, "-in", sys}}) {
    const auto ran = osslsigncode(arguments);
    INFO(ran.out << ran.err);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.find("Succeeded") != std::string::npos);
    CHECK(ran.out.find("Timestamp Server Signature verification: ok") != std::string::npos);
  }
}

TEST_CASE("osslsigncode shows what the signer said", "[oracle]") {
  if (!have("osslsigncode")) return;
  const auto ran = osslsigncode({"-in", (driver_lab().package / "sample.sys").string()});
  CHECK(ran.out.find("Sample driver") != std::string::npos);
  CHECK(ran.out.find("https://drivers.invalid/") != std::string::npos);
}

TEST_CASE("osslsigncode refuses the driver when a byte changed", "[oracle]") {
  if (!have("osslsigncode")) return;
  const std::string copy = driver_lab().file("tampered.sys");
  fs::copy_file(driver_lab().package / "sample.sys", copy, fs::copy_options::overwrite_existing);
  std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(0x500);
  file.put('!');
  file.close();
  CHECK(osslsigncode({"-in", copy}).exit_code != 0);
}

TEST_CASE("osslsigncode adds a second signature to ours, and ours stays valid", "[oracle]") {
  if (!have("osslsigncode")) return;
  const auto& lab = driver_lab();
  const std::string pfx = lab.file("second.pfx"), out = lab.file("second.sys");
  lab.in_workspace({"export", "driver-signing", "--format", "pfx", "--profile", "compatible",
                    "--out-password-file", lab.file("password"), "-o", pfx});
  REQUIRE(run({"osslsigncode", "sign", "-nest", "-pkcs12", pfx, "-pass", "correct horse", "-in",
               (lab.package / "sample.sys").string(), "-out", out})
              .exit_code == 0);
  const auto ran = lab.in_workspace({"verify", out, "--trust", "workspace"});
  INFO(ran.out);
}

TEST_CASE("our verdict on what osslsigncode signed is osslsigncode's", "[oracle]") {
  if (!have("osslsigncode")) return;
  const auto& lab = driver_lab();
  const std::string pfx = lab.file("theirs.pfx"), out = lab.file("theirs.sys");
  lab.in_workspace({"export", "driver-signing", "--format", "pfx", "--out-password-file",
                    lab.file("password"), "-o", pfx});
  REQUIRE(run({"osslsigncode", "sign", "-pkcs12", pfx, "-pass", "correct horse", "-h", "sha256",
               "-in", (data() / "sample-driver" / "sample.sys").string(), "-out", out})
              .exit_code == 0);
  CHECK(osslsigncode({"-in", out}).exit_code == 0);
  lab.in_workspace({"verify", out, "--trust", "workspace"});
}

TEST_CASE("a signature that somebody put on a listed driver is not credited", "[oracle]") {
  if (!have("osslsigncode")) return;
  const auto& lab = driver_lab();
  const std::string key = lab.file("mallory.key"), certificate = lab.file("mallory.pem");
  REQUIRE(run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
               certificate, "-days", "9", "-subj", "/CN=Famous Publisher", "-addext",
               "extendedKeyUsage=codeSigning"})
              .exit_code == 0);
  const fs::path copy = lab.file("forged");
  fs::copy(lab.package, copy);
  fs::remove(copy / "sample.sys");
  REQUIRE(run({"osslsigncode", "sign", "-certs", certificate, "-key", key, "-h", "sha256", "-in",
               (data() / "sample-driver" / "sample.sys").string(), "-out",
               (copy / "sample.sys").string()})
              .exit_code == 0);
  const auto ran = lab.in_workspace(
      {"package", "verify", copy.string(), "--os", "10_X64", "--trust", "workspace"});
  INFO(ran.out);
  CHECK(ran.out.find("its own signature: 'Famous Publisher'") != std::string::npos);
  CHECK(ran.out.find("signed by 'Famous Publisher'") == std::string::npos);
}
