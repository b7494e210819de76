// The build script that began this program, run as it stands: makecert, cert2spc, pvk2pfx under
// their own names, then a signer that we did not write.

#include <catch2/catch.hpp>
#include <fstream>

#include "lab.h"

using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* script = R"(set -e
makecert -r -n "CN=Old Root" -cy authority -a sha256 -len 2048 -sv root.pvk root.cer
makecert -n "CN=Contoso Publisher" -ic root.cer -iv root.pvk -eku 1.3.6.1.5.5.7.3.3 -sv publisher.pvk publisher.cer
cert2spc publisher.cer root.cer publisher.spc
pvk2pfx -pvk publisher.pvk -spc publisher.spc -pfx publisher.pfx -po hello -f
certmgr /add root.cer /s /r localMachine root
certmgr /add publisher.cer /s /r localMachine trustedpublisher
)";

/// Runs the script in `folder`, with our program under the tools' names first on PATH.
Ran run_script(const Scratch& folder) {
  fs::create_directory(folder / "bin");
  for (const char* tool : {"makecert", "cert2spc", "pvk2pfx", "certmgr"})
    if (!fs::exists(folder / "bin" / tool))
      fs::create_symlink(fs::absolute(SEALWRIGHT_PROGRAM), folder / "bin" / tool);
  std::ofstream(folder / "build.sh") << script;
  return run({"/bin/sh", "-c",
              "cd '" + folder.path().string() +
                  "' && PATH=\"$PWD/bin:$PATH\" && export PATH && "
                  "SEALWRIGHT_WORKSPACE=lab && export SEALWRIGHT_WORKSPACE && sh build.sh"});
}

}  // namespace

TEST_CASE("the old script runs twice unchanged, and what it makes signs", "[oracle]") {
  const Scratch folder;
  run_sealwright({"init", folder / "lab", "--hierarchy", "driver-lab", "--no-passphrase"});
  for (int time = 0; time < 2; ++time) {
    const auto ran = run_script(folder);
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    CHECK(ran.out == "Succeeded\nSucceeded\nSucceeded\nCertMgr Succeeded\nCertMgr Succeeded\n");
  }
  REQUIRE(run({"openssl", "x509", "-inform", "DER", "-in", folder / "root.cer", "-out",
               folder / "root.pem"})
              .exit_code == 0);
  if (!have("osslsigncode")) return;
  for (const char* name : {"sample.sys", "sealwright-sample.cat"}) {
    CAPTURE(name);
    const std::string signed_file = folder / name;
    const auto signing =
        run({"osslsigncode", "sign", "-pkcs12", folder / "publisher.pfx", "-pass", "hello", "-h",
             "sha256", "-in", (driver_lab().package / name).string(), "-out", signed_file});
    INFO(signing.out << signing.err);
    REQUIRE(signing.exit_code == 0);
    const auto verified =
        run({"osslsigncode", "verify", "-CAfile", folder / "root.pem", "-in", signed_file});
    INFO(verified.out << verified.err);
    CHECK(verified.exit_code == 0);
  }
}
