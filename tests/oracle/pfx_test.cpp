// PFX and SPC files, opened by openssl, certtool and NSS.

#include <catch2/catch.hpp>

#include "lab.h"

using namespace sealwright::test;

namespace {

std::string exported(const std::string& profile) {
  const auto& lab = driver_lab();
  const std::string path = lab.file("export-" + profile + ".pfx");
  if (!std::filesystem::exists(path))
    lab.in_workspace({"export", "driver-signing", "--format", "pfx", "--profile", profile,
                      "--out-password-file", lab.file("password"), "-o", path});
  return path;
}

}  // namespace

TEST_CASE("openssl, certtool and NSS open both profiles, without openssl's legacy provider",
          "[oracle]") {
  const auto& lab = driver_lab();
  for (const std::string profile : {"modern", "compatible"}) {
    INFO(profile);
    const auto openssl = run({"openssl", "pkcs12", "-in", exported(profile), "-passin",
                              "file:" + lab.file("password"), "-nodes"});
    INFO(openssl.err);
    CHECK(openssl.exit_code == 0);
    CHECK(openssl.out.find("PRIVATE KEY") != std::string::npos);
    if (have("certtool"))
      CHECK(run({"certtool", "--p12-info", "--inder", "--password", "correct horse", "--infile",
                 exported(profile)})
                .exit_code == 0);
    if (have("pk12util"))
      CHECK(run({"pk12util", "-l", exported(profile), "-w", lab.file("password")}).exit_code == 0);
  }
}

TEST_CASE("a PFX is readable by its owner alone", "[oracle]") {
  const auto mode = std::filesystem::status(exported("modern")).permissions();
  CHECK((mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
        std::filesystem::perms::none);
}

TEST_CASE("an SPC file is what openssl makes of the same certificates", "[oracle]") {
  const auto& lab = driver_lab();
  const std::string spc = lab.file("ours.spc"), theirs = lab.file("theirs.spc");
  lab.in_workspace({"export", "driver-signing", "--format", "spc", "-o", spc});
  REQUIRE(run({"openssl", "crl2pkcs7", "-nocrl", "-certfile", lab.pem("driver-signing"),
               "-certfile", lab.pem("lab-issuing"), "-outform", "DER", "-out", theirs})
              .exit_code == 0);
  CHECK(run({"cmp", spc, theirs}).exit_code == 0);
}
