// The bundle that `bundle write` leaves on the disk, read by samba, reged and xmllint.

#include <catch2/catch.hpp>
#include <sstream>

#include "base/encoding.h"
#include "base/file.h"
#include "lab.h"

using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

/// The lab's bundle in every format, with all settings: "policy" and "preference", after the
/// flavour of its Group Policy Object.
const fs::path& bundle() {
  static const fs::path folder = [] {
    const auto& lab = driver_lab();
    const fs::path workspace = lab.file("every-format"), path = lab.file("bundle");
    fs::copy(lab.workspace, workspace, fs::copy_options::recursive);
    std::string yaml = sealwright::read_text(workspace / "sealwright.yaml");
    yaml = yaml.substr(0, yaml.find("\nbundles:")) + "\nbundles:\n";
    for (const std::string flavor : {"policy", "preference"})
      yaml += "  " + flavor + R"(:
    stores: {root: [lab-root], trusted_publisher: [driver-signing], disallowed: [timestamping]}
    settings: {wintrust_state: "0x23e00", users: [current, default, system], authenticode_flags: 1}
    formats:
      gpo: {flavor: )" +
              flavor + "}\n      ldif: {forest: 'DC=acme,DC=test'}\n" + R"(      certutil: {}
      intune: {}
      lgpo: {}
      linux: {}
      p7b: {}
      powershell: {}
      reg: {}
      registry-pol: {}
      sst: {}
)";
    sealwright::write_file(workspace / "sealwright.yaml", sealwright::view(yaml),
                           {sealwright::Access::everyone, sealwright::Existing::replace});
    for (const char* flavor : {"policy", "preference"})
      run_sealwright(
          {"-C", workspace.string(), "bundle", "write", flavor, "-o", (path / flavor).string()});
    return path;
  }();
  return folder;
}

/// The files below the bundles whose names end so, in any case.
std::vector<fs::path> files_named(const std::string& end) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(bundle()))
    if (sealwright::ascii_lower(entry.path().filename().string()).ends_with(end))
      found.push_back(entry.path());
  return found;
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

TEST_CASE("samba reads every Registry.pol byte for byte and finds what it is for", "[oracle]") {
  if (run({"/usr/bin/python3", "-c", "import samba.dcerpc.preg"}).exit_code != 0) {
    WARN("SKIPPED: python3-samba is not installed");
    return;
  }
  const auto files = files_named("registry.pol");
  for (const auto& file : files) {
    const auto ran =
        run({"/usr/bin/python3", "-c",
             "import sys\nfrom samba.ndr import ndr_unpack, ndr_pack\nfrom samba.dcerpc import "
             "preg\nb=open(sys.argv[1],'rb').read()\n"
             "f=ndr_unpack(preg.file,b)\nassert ndr_pack(f)==b\n"
             "for e in f.entries: print(e.keyname+'|'+e.valuename)",
             file.string()});
    INFO(file.string() << "\n" << ran.err);
    CHECK(ran.exit_code == 0);
    if (file.parent_path().filename() == "User") {
      CHECK(ran.out == R"(Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\)"
                       "Software Publishing|State\n");
      continue;
    }
    const bool removal = file.string().find("/remove/") != std::string::npos;
    for (const auto& [store, name] : {std::pair{"Root", "lab-root"},
                                      {"CA", "lab-issuing"},
                                      {"TrustedPublisher", "driver-signing"},
                                      {"Disallowed", "timestamping"}})
      CHECK(ran.out.find(std::string("\\") + store + "\\Certificates" +
                         (removal ? "|**DeleteKeys\n" : "\\" + thumbprint(name) + "|Blob\n")) !=
            std::string::npos);
    CHECK(ran.out.find(std::string("\\TrustedPublisher\\Safer|") + (removal ? "**del." : "") +
                       "AuthenticodeFlags\n") != std::string::npos);
  }
  CHECK(files.size() == 10);  // Two sides of a policy, and of two local ones with their removals.
}

TEST_CASE("ndrdump validates every Registry.pol", "[oracle]") {
  if (!have("ndrdump")) return;
  const auto files = files_named("registry.pol");
  CHECK(files.size() == 10);
  for (const auto& file : files) {
    const auto ran = run({"ndrdump", "preg", "preg_file", "struct", file.string(), "--validate"});
    INFO(file.string() << "\n" << ran.err);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.ends_with("dump OK\n"));
  }
  const fs::path cut = driver_lab().file("cut.pol");
  fs::copy_file(files.front(), cut);
  fs::resize_file(cut, fs::file_size(cut) - 1);
  CHECK(run({"ndrdump", "preg", "preg_file", "struct", cut.string(), "--validate"}).exit_code != 0);
}

namespace {

/// A hive of the registry, empty at first, which reged fills.
class Hive {
 public:
  Hive(std::string prefix) : prefix_(std::move(prefix)) {
    fs::copy_file(data() / "registry" / "empty.hive", scratch_ / "hive");
  }
  /// What is in it after an import of the keys that belong there: reged takes a file for one hive
  /// only.
  std::string after(const fs::path& reg) const {
    std::istringstream lines(
        sealwright::from_utf16le(sealwright::BytesView(sealwright::read_file(reg)).subspan(2)));
    std::string own;
    bool wanted = true;  // The first line of all.
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("["))
        wanted = sealwright::ascii_lower(line).find(sealwright::ascii_lower(prefix_)) <= 2;
      if (wanted) own += line + "\n";
    }
    sealwright::write_file(scratch_ / "own.reg", sealwright::view(own),
                           {sealwright::Access::everyone, sealwright::Existing::replace});
    run({"reged", "-I", "-C", path("hive"), prefix_, path("own.reg")}, "y\n");
    fs::remove(path("out.reg"));
    run({"reged", "-x", path("hive"), prefix_, R"(\)", path("out.reg")});
    return sealwright::read_text(path("out.reg"));
  }

 private:
  std::string path(const std::string& name) const { return (scratch_ / name).string(); }
  Scratch scratch_;
  std::string prefix_;
};

}  // namespace

TEST_CASE("reged imports the .reg of the bundle, and gives settings back", "[oracle]") {
  if (!have("reged")) return;
  const std::string state = "\\WinTrust\\Trust Providers\\Software Publishing]\r\n\"State\"=dword:";
  struct Row {
    const char* hive;
    std::vector<std::string> imported, removed;
  };
  Row rows[] = {
      // What deletes keys and values reged does not read: Wine does (wine_test.cpp).
      {R"(HKEY_LOCAL_MACHINE\SOFTWARE)",
       {"TrustedPublisher\\Safer]\r\n\"AuthenticodeFlags\"=dword:00000001"},
       {}},
      {"HKEY_CURRENT_USER", {state + "00023e00"}, {state + "00023c00"}},
      {R"(HKEY_USERS\.DEFAULT)", {state + "00023e00"}, {state + "00023c00"}},
      {R"(HKEY_USERS\S-1-5-18)", {state + "00023e00"}, {state + "00023c00"}},
  };
  for (const char* name : {"lab-root", "lab-issuing", "driver-signing", "timestamping"})
    rows[0].imported.push_back(thumbprint(name) + "]\r\n\"Blob\"=hex:");
  const fs::path folder = bundle() / "policy" / "reg";
  for (const Row& row : rows) {
    const Hive hive(row.hive);
    const std::string imported = hive.after(folder / "policy.reg"),
                      removed = hive.after(folder / "policy-remove.reg");
    INFO(row.hive << "\n" << imported << removed);
    for (const auto& part : row.imported) CHECK(imported.find(part) != std::string::npos);
    for (const auto& part : row.removed) CHECK(removed.find(part) != std::string::npos);
  }
}

TEST_CASE("xmllint finds every XML of every format well-formed", "[oracle]") {
  if (!have("xmllint")) return;
  const auto documents = files_named(".xml");
  for (const auto& document : documents) {
    const auto ran = run({"xmllint", "--noout", document.string()});
    INFO(ran.err);
    CHECK(ran.exit_code == 0);
  }
  // Each backup has its four, the preference has two of them and two Registry.xml in each; and two
  // of SyncML beside each.
  CHECK(documents.size() == 4 + 2 * (4 + 2) + 2 * 2);
}

TEST_CASE("the formats beside Group Policy are read by the programs they are for", "[oracle]") {
  const fs::path folder = bundle() / "policy";
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
  driver_lab().in_workspace({"bundle", "write", "lab-trust", "-o", (folder / "all").string()});
  const auto ran = run({"python3", "-c",
                        "import pathlib, sys, zipfile\n"
                        "z = zipfile.ZipFile(sys.argv[1])\n"
                        "assert z.testzip() is None\n"
                        "dist = pathlib.Path(sys.argv[2])\n"
                        "for n in z.namelist(): assert z.read(n) == (dist / n).read_bytes(), n\n"
                        "print(len(z.namelist()))",
                        (folder / "zip" / "lab-trust-v1.zip").string(), (folder / "all").string()});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(std::atoi(ran.out.c_str()) > 5);
  if (have("xmllint"))
    CHECK(run({"xmllint", "--noout", (folder / "ppkg-xml" / "customizations.xml").string()})
              .exit_code == 0);
}
