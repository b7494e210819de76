// Keys on a token from the YAML to a signed driver, judged by osslsigncode, openssl and
// pkcs11-tool.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "base/file.h"
#include "lab.h"
#include "token_folder.h"

using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

/// A lab whose issuing authority and signer have their keys on the token 'Build HSM'.
struct TokenLab {
  TokenLab() {
    setenv("PKCS11_MODULE_PATH", softhsm().c_str(), 1);
    tokens.add("Build HSM");
    std::ofstream(tokens.file("pin")) << TokenFolder::pin << "\n";
    std::ofstream(tokens.file("wrong-pin")) << "97531\n";
    run_sealwright({"init", workspace, "--hierarchy", "driver-lab", "--no-passphrase"});
    const fs::path yaml = fs::path(workspace) / "sealwright.yaml";
    std::string text = sealwright::read_text(yaml);
    const auto insert = [&](const std::string& before, const std::string& line) {
      const auto at = text.find(before);
      REQUIRE(at != std::string::npos);
      text.insert(at, line);
    };
    insert("    subject: {CN: \"Driver Lab Issuing",
           "    key: {store: pkcs11, uri: \"pkcs11:token=Build%20HSM;object=issuing\"}\n");
    insert("    subject: {CN: Driver Lab Signing}",
           "    key: {store: pkcs11, uri: \"pkcs11:token=Build%20HSM\", label: "
           "\"{name}-{generation}\"}\n");
    std::ofstream(yaml) << text;
  }
  ~TokenLab() {
    unsetenv("PKCS11_MODULE_PATH");
    unsetenv("SEALWRIGHT_PIN");
    unsetenv("BUILD_PIN");
  }
  TokenLab(const TokenLab&) = delete;
  TokenLab& operator=(const TokenLab&) = delete;

  Ran sealwright(std::vector<std::string> words) const {
    words.insert(words.begin(), {SEALWRIGHT_PROGRAM, "-C", workspace});
    return run(words);
  }

  TokenFolder tokens;
  std::string workspace = tokens.file("lab");
};

std::string unsigned_driver(const std::string& path) {
  fs::copy_file(data() / "sample-driver" / "sample.sys", path,
                fs::copy_options::overwrite_existing);
  return path;
}

}  // namespace

TEST_CASE("A signer whose key is on a token signs a driver, and osslsigncode agrees",
          "[oracle][pkcs11]") {
  if (softhsm().empty() || !have("osslsigncode")) return;
  const TokenLab lab;

  const Ran nobody = lab.sealwright({"apply"});
  CHECK(nobody.exit_code == 2);
  CHECK(
      nobody.err ==
      "sealwright: error: the PIN of token 'Build HSM' is needed, and there is no terminal to ask "
      "at\nsealwright: hint: give --pin-file FILE, or set SEALWRIGHT_PIN\n");
  const Ran wrong = lab.sealwright({"apply", "--pin-file", lab.tokens.file("wrong-pin")});
  CHECK(wrong.exit_code == 6);
  CHECK(wrong.err ==
        "sealwright: error: token 'Build HSM' refuses the PIN\nsealwright: hint: check it before "
        "the next try: after a few wrong PINs the token locks itself; this one was tried once\n");
  const Ran applied = lab.sealwright({"apply", "--pin-file", lab.tokens.file("pin")});
  INFO(applied.err);
  REQUIRE(applied.exit_code == 0);
  CHECK(lab.sealwright({"plan", "--exit-code"}).exit_code == 0);

  const std::string objects =
      lab.tokens.tool("Build HSM", {"--list-objects", "--type", "privkey"}).out;
  CHECK(objects.find("label:      issuing") != std::string::npos);
  CHECK(objects.find("label:      driver-signing-1") != std::string::npos);

  const std::string root = lab.tokens.file("root.pem"), leaf = lab.tokens.file("leaf.pem");
  REQUIRE(lab.sealwright({"export", "lab-root", "--format", "pem", "-o", root}).exit_code == 0);
  REQUIRE(lab.sealwright({"export", "driver-signing", "--format", "chain", "-o", leaf}).exit_code ==
          0);
  const auto agrees = [&](const std::string& file) {
    const Ran ran =
        run({"osslsigncode", "verify", "-CAfile", root, "-TSA-CAfile", root, "-in", file});
    INFO(ran.out << ran.err);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.find("Succeeded") != std::string::npos);
  };

  const std::string by_name = unsigned_driver(lab.tokens.file("by-name.sys"));
  setenv("BUILD_PIN", TokenFolder::pin, 1);
  const Ran named =
      lab.sealwright({"sign", by_name, "--with", "driver-signing", "--pin-env", "BUILD_PIN"});
  INFO(named.err);
  REQUIRE(named.exit_code == 0);
  agrees(by_name);

  const std::string by_uri = unsigned_driver(lab.tokens.file("by-uri.sys"));
  setenv("SEALWRIGHT_PIN", TokenFolder::pin, 1);
  const Ran bare =
      run({SEALWRIGHT_PROGRAM, "sign", by_uri, "--with", "pkcs11:object=driver-signing-1",
           "--certificate", leaf, "--timestamp", "none"});
  INFO(bare.err);
  REQUIRE(bare.exit_code == 0);
  agrees(by_uri);

  CHECK(lab.sealwright({"export", "driver-signing@1", "--format", "pfx", "--out-password-file",
                        lab.tokens.file("pin"), "-o", lab.tokens.file("out.pfx")})
            .err ==
        "sealwright: error: the private key of 'driver-signing@1' is on a token and stays there\n");
}

TEST_CASE("A key on a token signs with the certificate that is there beside it",
          "[oracle][pkcs11]") {
  if (softhsm().empty() || !have("osslsigncode")) return;
  const TokenFolder tokens;
  tokens.add("Build HSM");
  setenv("SEALWRIGHT_PIN", TokenFolder::pin, 1);
  const std::string key = tokens.file("key.pem"), certificate = tokens.file("certificate.pem"),
                    der = tokens.file("certificate.der"), file = tokens.file("sample.sys");
  REQUIRE(run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
               certificate, "-days", "9", "-subj", "/CN=Build HSM", "-addext",
               "extendedKeyUsage=codeSigning"})
              .exit_code == 0);
  REQUIRE(run({"openssl", "x509", "-in", certificate, "-outform", "DER", "-out", der}).exit_code ==
          0);
  REQUIRE(run({"softhsm2-util", "--import", key, "--token", "Build HSM", "--label", "brought",
               "--id", "4711", "--pin", TokenFolder::pin})
              .exit_code == 0);
  unsigned_driver(file);
  const std::string with = "pkcs11:object=brought?module-path=" + softhsm();
  const std::vector<std::string> sign = {SEALWRIGHT_PROGRAM, "sign", file, "--with", with,
                                         "--timestamp",      "none"};
  const Ran none = run(sign);
  CHECK(none.exit_code == 3);
  CHECK(none.err == "sealwright: error: '" + with +
                        "' has no certificate of the key 'brought'\nsealwright: hint: give "
                        "--certificate FILE\n");
  tokens.tool("Build HSM", {"--write-object", der, "--type", "cert", "--id", "4711"});
  const Ran done = run(sign);
  INFO(done.err);
  REQUIRE(done.exit_code == 0);
  CHECK(run({"osslsigncode", "verify", "-CAfile", certificate, "-in", file}).exit_code == 0);
  unsetenv("SEALWRIGHT_PIN");
}
