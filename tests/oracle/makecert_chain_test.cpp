// The chain of makecert, as old build scripts have it, run by a shell under the tools' own names;
// osslsigncode signs with what comes out.

#include <catch2/catch.hpp>
#include <fstream>

#include "lab.h"

using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

// Written for Windows, but for the first line.
constexpr const char* story = R"(set -e
makecert -r -n "CN=Example Root" -cy authority -sv root.pvk root.cer
makecert /n "CN=Example Drivers" /ic root.cer /iv root.pvk /eku 1.3.6.1.5.5.7.3.3 /sv drivers.pvk drivers.cer
cert2spc drivers.cer root.cer drivers.spc
pvk2pfx -pvk drivers.pvk -spc drivers.spc -pfx drivers.pfx -po "correct horse" -f
certmgr /add root.cer /s /r localMachine root
certmgr /add drivers.cer /s /r localMachine trustedpublisher
)";

/// A folder where the program answers to the tools' names, and what the story made in it.
struct Story {
  Scratch folder;
  Ran first, second;

  Story() {
    fs::create_directory(folder / "bin");
    for (const char* tool : {"makecert", "cert2spc", "pvk2pfx", "certmgr"})
      fs::create_symlink(fs::absolute(SEALWRIGHT_PROGRAM), folder.path() / "bin" / tool);
    run_sealwright({"init", folder / "lab", "--hierarchy", "driver-lab", "--no-passphrase"});
    first = shell(story);
    second = shell(story);
  }
  Ran shell(const std::string& script) const {
    return run({"sh", "-c",
                "cd '" + folder.path().string() +
                    "'\nPATH=\"$PWD/bin:$PATH\"\nexport SEALWRIGHT_WORKSPACE=lab\n" + script});
  }
  std::string file(const std::string& name) const { return (folder / name).string(); }
};

const Story& story_told() {
  static const Story told;
  return told;
}

std::string root_pem(const Story& told) {
  REQUIRE(run({"openssl", "x509", "-inform", "DER", "-in", told.file("root.cer"), "-out",
               told.file("root.pem")})
              .exit_code == 0);
  return told.file("root.pem");
}

/// Signed by osslsigncode with the PFX of the story, and judged by it and by us.
void sign_and_verify(const Story& told, const std::string& in, const std::string& out) {
  const auto signing = run({"osslsigncode", "sign", "-pkcs12", told.file("drivers.pfx"), "-pass",
                            "correct horse", "-h", "sha256", "-in", in, "-out", out});
  INFO(signing.out << signing.err);
  REQUIRE(signing.exit_code == 0);
  const std::string root = root_pem(told);
  const auto theirs = run({"osslsigncode", "verify", "-CAfile", root, "-in", out});
  INFO(theirs.out << theirs.err);
  CHECK(theirs.exit_code == 0);
  run_sealwright({"verify", out, "--trust", "file:" + root});
}

}  // namespace

TEST_CASE("The chain of makecert runs as an old script has it, and runs again", "[oracle]") {
  const auto& told = story_told();
  INFO(told.first.out << told.first.err << told.second.out << told.second.err);
  REQUIRE(told.first.exit_code == 0);
  CHECK(told.second.exit_code == 0);
  for (const auto* ran : {&told.first, &told.second})
    CHECK(ran->out == "Succeeded\nSucceeded\nSucceeded\nCertMgr Succeeded\nCertMgr Succeeded\n");
}

TEST_CASE("osslsigncode signs a driver and a catalog with the PFX of the chain", "[oracle]") {
  if (!have("osslsigncode") || !have("openssl")) return;
  const auto& told = story_told();
  const auto package = data() / "sample-driver";
  sign_and_verify(told, (package / "sample.sys").string(), told.file("signed.sys"));
  const std::string folder = told.file("package");
  fs::copy(package, folder);
  run_sealwright({"catalog", "create", folder, "--os", "10_X64"});
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".cat")
      sign_and_verify(told, entry.path().string(), told.file("signed.cat"));
  CHECK(fs::exists(told.file("signed.cat")));
}

TEST_CASE("openssl verifies the chain of makecert for code signing", "[oracle]") {
  if (!have("openssl")) return;
  const auto& told = story_told();
  REQUIRE(run({"openssl", "x509", "-inform", "DER", "-in", told.file("drivers.cer"), "-out",
               told.file("drivers.pem")})
              .exit_code == 0);
  const auto ran = run(
      {"openssl", "verify", "-x509_strict", "-CAfile", root_pem(told), told.file("drivers.pem")});
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
}

TEST_CASE("The chain of makecert leaves keys that only their owner can read", "[oracle]") {
  const auto& told = story_told();
  for (const char* name : {"root.pvk", "drivers.pvk", "drivers.pfx"}) {
    INFO(name);
    CHECK(fs::status(told.file(name)).permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
  }
}
