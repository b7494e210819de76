// The bundle that `bundle write` leaves on the disk, read by samba, reged and xmllint.

#include <catch2/catch.hpp>
#include <fstream>

#include "lab.h"

using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

const fs::path& bundle() {
  static const fs::path folder = [] {
    const auto& lab = driver_lab();
    const fs::path path = lab.file("bundle");
    lab.in_workspace({"bundle", "write", "lab-trust", "-o", path.string()});
    return path;
  }();
  return folder;
}

std::string thumbprint(const std::string& name) {
  std::string hex =
      run({"openssl", "x509", "-noout", "-fingerprint", "-sha1", "-in", driver_lab().pem(name)})
          .out;
  hex = hex.substr(hex.find('=') + 1);
  std::erase_if(hex, [](char c) { return c == ':' || c == '\n'; });
  return hex;
}

}  // namespace

TEST_CASE("samba reads every Registry.pol byte for byte and finds the certificates", "[oracle]") {
  if (run({"/usr/bin/python3", "-c", "import samba.dcerpc.preg"}).exit_code != 0) {
    WARN("SKIPPED: python3-samba is not installed");
    return;
  }
  std::size_t policies = 0;
  for (const auto& entry : fs::recursive_directory_iterator(bundle())) {
    const std::string name = entry.path().filename().string();
    if (name != "registry.pol" && name != "Registry.pol") continue;
    ++policies;
    const auto ran = run(
        {"/usr/bin/python3", "-c",
         "import sys\nfrom samba.ndr import ndr_unpack, ndr_pack\nfrom samba.dcerpc import "
         "preg\nb=open(sys.argv[1],'rb').read()\n"
         "f=ndr_unpack(preg.file,b)\nassert ndr_pack(f)==b\nfor e in f.entries: print(e.keyname)",
         entry.path().string()});
    INFO(ran.err);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.find("\\Root\\Certificates\\" + thumbprint("lab-root")) != std::string::npos);
    CHECK(ran.out.find("\\CA\\Certificates\\" + thumbprint("lab-issuing")) != std::string::npos);
    CHECK(ran.out.find("\\TrustedPublisher\\Certificates\\" + thumbprint("driver-signing")) !=
          std::string::npos);
  }
  CHECK(policies == 2);
}

TEST_CASE("reged imports the .reg of the bundle", "[oracle]") {
  if (!have("reged")) return;
  const std::string hive = driver_lab().file("software.hive"), out = driver_lab().file("out.reg");
  fs::copy_file(data() / "registry" / "empty.hive", hive, fs::copy_options::overwrite_existing);
  run({"reged", "-I", "-C", hive, R"(HKEY_LOCAL_MACHINE\SOFTWARE)",
       (bundle() / "reg" / "lab-trust.reg").string()},
      "y\n");
  run({"reged", "-x", hive, R"(HKEY_LOCAL_MACHINE\SOFTWARE)", R"(\)", out});
  std::ifstream file(out, std::ios::binary);
  const std::string exported{std::istreambuf_iterator<char>(file), {}};
  for (const char* name : {"lab-root", "lab-issuing", "driver-signing"})
    CHECK(exported.find(thumbprint(name) + "]") != std::string::npos);
}

TEST_CASE("xmllint finds every XML of the backup well-formed", "[oracle]") {
  if (!have("xmllint")) return;
  std::size_t documents = 0;
  for (const auto& entry : fs::recursive_directory_iterator(bundle())) {
    if (entry.path().extension() != ".xml") continue;
    ++documents;
    CHECK(run({"xmllint", "--noout", entry.path().string()}).exit_code == 0);
  }
  CHECK(documents == 4);
}

TEST_CASE("the formats beside Group Policy are read by the programs they are for", "[oracle]") {
  const fs::path folder = driver_lab().file("more-formats");
  const auto written =
      driver_lab().in_workspace({"bundle", "write", "lab-trust", "-o", folder.string(), "--format",
                                 "certutil,intune,lgpo,linux,p7b,powershell,sst"});
  INFO(written.err);
  REQUIRE(written.exit_code == 0);
  if (have("xmllint"))
    for (const char* name : {"install.xml", "remove.xml"})
      CHECK(run({"xmllint", "--noout", (folder / "intune" / name).string()}).exit_code == 0);
  const auto publishers = run({"openssl", "pkcs7", "-inform", "DER", "-print_certs", "-in",
                               (folder / "p7b" / "TrustedPublisher.p7b").string()});
  const auto publisher = run({"openssl", "x509", "-in", driver_lab().pem("driver-signing")});
  CHECK(publishers.out.find(publisher.out) != std::string::npos);
  // The root is the only one among the anchors, and good for what hangs under it.
  CHECK(run({"openssl", "verify", "-CAfile", (folder / "linux" / "anchors.pem").string(),
             driver_lab().pem("lab-issuing")})
            .exit_code == 0);
  for (const char* name : {"install-trust.sh", "remove-trust.sh"})
    CHECK(run({"sh", "-n", (folder / "linux" / name).string()}).exit_code == 0);
  const auto cer = folder / "certutil" / "certificates" /
                   ("TrustedPublisher-" + thumbprint("driver-signing") + ".cer");
  CHECK(run({"openssl", "x509", "-inform", "DER", "-in", cer.string()}).out == publisher.out);
}

TEST_CASE("python finds in the zip what is in the folders, and xmllint reads the project in it",
          "[oracle]") {
  const fs::path folder = driver_lab().file("in-one-file");
  const auto written = driver_lab().in_workspace(
      {"bundle", "write", "lab-trust", "-o", folder.string(), "--format", "zip,ppkg-xml"});
  INFO(written.err);
  REQUIRE(written.exit_code == 0);
  // The zip holds the bundle's own formats, whose folders are in dist.
  const auto ran = run({"python3", "-c",
                        "import pathlib, sys, zipfile\n"
                        "z = zipfile.ZipFile(sys.argv[1])\n"
                        "assert z.testzip() is None\n"
                        "dist = pathlib.Path(sys.argv[2])\n"
                        "for n in z.namelist(): assert z.read(n) == (dist / n).read_bytes(), n\n"
                        "print(len(z.namelist()))",
                        (folder / "zip" / "lab-trust-v1.zip").string(), bundle().string()});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(std::atoi(ran.out.c_str()) > 5);
  if (have("xmllint"))
    CHECK(run({"xmllint", "--noout", (folder / "ppkg-xml" / "customizations.xml").string()})
              .exit_code == 0);
}
