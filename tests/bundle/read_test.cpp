// Files, folders and archives that somebody imports: what is in them is found, and what is wrong.

#include "bundle/read.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/difference.h"
#include "bundle/gpo.h"
#include "bundle/reg_file.h"
#include "bundle/write.h"
#include "bundle/zip.h"
#include "states.h"

using namespace sealwright;
using bundle::FoundCertificate;
using bundle::OutputFile;
namespace fs = std::filesystem;

namespace {

std::vector<OutputFile> backup(const bundle::State& state, const char* flavor) {
  return bundle::gpo_backup(state, {"gpo", {{"flavor", flavor}}});
}

/// The only policy that is in there, without the one that removes it.
bundle::Contents policy(const std::vector<OutputFile>& files) {
  for (auto& contents : bundle::read_files(files).imports)
    if (!contents.path.starts_with("remove/")) return contents;
  FAIL("no policy was found");
  return {};
}

/// Of what is worse than a note.
std::vector<std::string> messages(const std::vector<bundle::Fault>& faults) {
  std::vector<std::string> all;
  for (const auto& fault : faults)
    if (fault.severity != bundle::Fault::Severity::note) all.push_back(fault.message);
  return all;
}

void replace(std::vector<OutputFile>& files, const std::string& end, const std::string& from,
             const std::string& to) {
  for (auto& file : files)
    if (file.path.ends_with(end) && !file.path.starts_with("remove/")) {
      std::string content = text(file.content);
      const auto at = content.find(from);
      REQUIRE(at != std::string::npos);
      content.replace(at, from.size(), to);
      file.content = copy(view(content));
    }
}

void drop(std::vector<OutputFile>& files, const std::string& end) {
  std::erase_if(files, [&](const OutputFile& file) { return file.path.ends_with(end); });
}

bool same(const bundle::Holdings& a, const bundle::Holdings& b) {
  return bundle::difference(a, b).empty();
}

}  // namespace

TEST_CASE("a backup of either flavour holds what its state says", "[bundle]") {
  auto state = test::without_publisher();
  state.settings = test::some_settings();
  bundle::settle(state);
  for (const char* flavor : {"policy", "preference"}) DYNAMIC_SECTION(flavor) {
      const auto contents = policy(backup(state, flavor));
      CHECK(messages(contents.faults).empty());
      CHECK(contents.format == "gpo");
      CHECK(contents.title == "Lab trust");
      const auto puts = std::count_if(
          contents.certificates.begin(), contents.certificates.end(),
          [](const auto& one) { return one.action == FoundCertificate::Action::add; });
      CHECK(puts == static_cast<std::ptrdiff_t>(state.present.size()));
      CHECK_FALSE(contents.settings.empty());
    }
}

TEST_CASE("what keeps a backup from being imported, or clients from reading it, is said",
          "[bundle]") {
  struct Row {
    const char* name;
    const char* flavor;
    void (*spoil)(std::vector<OutputFile>&);
    const char* message;
  };
  const Row rows[] = {
      {"a file is missing", "policy", [](auto& files) { drop(files, "registry.pol"); },
       "Backup.xml lists it and it is not there"},
      {"bkupInfo.xml is missing", "policy", [](auto& files) { drop(files, "bkupInfo.xml"); },
       "it has no bkupInfo.xml"},
      {"version 0", "policy",
       [](auto& files) {
         replace(files, "Backup.xml", "<MachineVersionNumber><![CDATA[196611]]>",
                 "<MachineVersionNumber><![CDATA[0]]>");
       },
       "MachineVersionNumber is 0"},
      {"no registry extension", "policy",
       [](auto& files) {
         replace(files, "Backup.xml", "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}",
                 "[{35378EAC-683F-11D2-A89A-00C04FBBCFA3}");
       },
       "so clients never read registry.pol"},
      {"no preference extension", "preference",
       [](auto& files) {
         replace(files, "Backup.xml", "[{B087BE9D-ED37-454F-AF9C-04291E351182}", "[{B087BE9E");
       },
       "so clients never read Registry.xml"},
      {"a file nobody lists", "policy",
       [](auto& files) {
         const auto folder = files[1].path.substr(0, files[1].path.find('/') + 1);
         files.push_back({folder + "DomainSysvol/GPO/Machine/Scripts/x.ps1", {}});
       },
       "Backup.xml does not list it"},
      {"a policy cut short", "policy",
       [](auto& files) {
         for (auto& file : files)
           if (file.path.ends_with("registry.pol")) file.content.pop_back();
       },
       "Registry.pol is cut short"},
      {"a file that goes elsewhere", "policy",
       [](auto& files) {
         replace(files, "Backup.xml", R"(%GPO_MACH_FSPATH%\registry.pol)",
                 R"(%GPO_MACH_FSPATH%\other.pol)");
       },
       "which is another place than its own"},
      {"a startup script", "policy",
       [](auto& files) {
         const auto folder = files[1].path.substr(0, files[1].path.find('/') + 1);
         files.push_back({folder + "DomainSysvol/GPO/Machine/Scripts/a.cmd", {}});
         replace(files, "Backup.xml", "<FSObjectFile ",
                 R"(<FSObjectFile bkp:Path="%GPO_MACH_FSPATH%\Scripts\a.cmd" )"
                 R"(bkp:Location="DomainSysvol\GPO\Machine\Scripts\a.cmd"/><FSObjectFile )");
       },
       "a script that the machines run"},
      {"no XML", "policy", [](auto& files) { replace(files, "Backup.xml", "<Group", "<<Group"); },
       "not well-formed XML"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      auto files = backup(test::lab_state(), row.flavor);
      row.spoil(files);
      const auto said = messages(policy(files).faults);
      REQUIRE(said.size() == 1);
      CHECK_THAT(said[0], Catch::Contains(row.message));
    }
}

TEST_CASE("real backups are read without a complaint about what is there", "[bundle]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const auto real = bundle::read_path(*corpus / "gpo" / "wshb-certificates");
  REQUIRE(real.imports.size() == 1);
  CHECK(real.imports[0].title == "DoD Root Certificates");
  CHECK(real.imports[0].certificates.size() == 37);
  // The published copy lacks this file, which its Backup.xml lists.
  REQUIRE(real.imports[0].faults.size() == 1);
  CHECK_THAT(real.imports[0].faults[0].position.file, Catch::EndsWith("GptTmpl.inf"));
  for (const char* name : {"detectionlab-gpp-nomanifest", "detectionlab-manifest"}) {
    const auto other = bundle::read_path(*corpus / "gpo" / name);
    REQUIRE(other.imports.size() == 1);
    CHECK(messages(other.imports[0].faults).empty());
    CHECK(other.imports[0].certificates.empty());
    CHECK(other.imports[0].other_changes > 0);
  }
}

TEST_CASE("every format of a bundle says what its state says", "[bundle]") {
  for (const auto& state : {test::lab_state(), test::without_publisher()}) {
    std::vector<bundle::FormatRequest> formats;
    for (const auto& name : bundle::format_names()) {
      formats.emplace_back(name);
      if (name == "ldif") formats.back().options["forest"] = "DC=acme,DC=test";
    }
    const auto reading = bundle::read_files(bundle::write_formats(state, formats));
    CHECK(reading.bundle == "lab-trust");
    CHECK(reading.version == 3);
    CHECK(messages(reading.faults).empty());
    CHECK(same(bundle::holdings_of(reading), bundle::holdings_of(state)));
    std::set<std::string> folders;
    for (const auto& contents : reading.imports) {
      INFO(contents.path);
      CHECK(messages(contents.faults).empty());
      // A removed object of the directory takes its certificates with it, unnamed.
      CHECK(contents.certificates.empty() == contents.path.ends_with("ldif/remove.ldif"));
      folders.insert(contents.path.substr(0, contents.path.find('/')));
    }
    CHECK(folders.size() == formats.size());
  }
}

TEST_CASE("no file hides behind another", "[bundle]") {
  const Bytes reg = bundle::reg_import(test::lab_state());
  const auto imports = [](const std::vector<OutputFile>& files) {
    std::vector<std::string> paths;
    for (const auto& contents : bundle::read_files(files).imports) paths.push_back(contents.path);
    return paths;
  };
  using Paths = std::vector<std::string>;
  CHECK(imports({{"Backup.xml", copy(view("<GroupPolicyBackupScheme/>"))}, {"evil.reg", reg}}) ==
        Paths{".", "evil.reg"});
  CHECK(imports({{"install-trust.sh", {}}, {"anchors-windows.reg", reg}}) ==
        Paths{"anchors", "anchors-windows.reg"});
  CHECK(imports({{"x/manifest.xml", reg}, {"y.txt", {}}}) == Paths{"x/manifest.xml"});

  const Bytes inner = bundle::write_zip({{"evil.reg", reg}}, test::noon);
  CHECK(imports({{"a.zip", bundle::write_zip({{"evil.reg", reg}}, test::noon)}, {"b", {}}}) ==
        Paths{"a.zip/evil.reg"});
  const auto nested =
      bundle::read_files({{"a.zip", bundle::write_zip({{"b.zip", inner}}, test::noon)}, {"b", {}}});
  CHECK(nested.imports.empty());
  CHECK(nested.skipped == Paths{"a.zip/b.zip", "b"});
}

TEST_CASE("a file that came into a bundle later is found out", "[bundle]") {
  auto files = bundle::write_formats(test::lab_state(), {{"reg"}});
  files.push_back({"reg/more.reg", bundle::reg_import(test::lab_state())});
  const auto reading = bundle::read_files(files);
  REQUIRE(reading.faults.size() == 1);
  CHECK(reading.faults[0].position.file == "reg/more.reg");
  CHECK_THAT(reading.faults[0].message, Catch::Contains("manifest.json does not list it"));
}

TEST_CASE("a bundle that was changed after it was written is found out", "[bundle]") {
  auto files = bundle::write_formats(test::lab_state(), {{"reg"}, {"p7b"}});
  for (auto& file : files)
    if (file.path == "reg/lab-trust-remove.reg") file.content.push_back(0);
  drop(files, "p7b/Root.p7b");
  const auto reading = bundle::read_files(files);
  REQUIRE(reading.faults.size() == 2);
  CHECK(reading.faults[0].position.file == "reg/lab-trust-remove.reg");
  CHECK_THAT(reading.faults[0].message, Catch::Contains("it is not as it was written"));
  CHECK(reading.faults[1].position.file == "p7b/Root.p7b");
}

TEST_CASE("files that put nothing into stores are refused by what they are", "[bundle]") {
  struct Row {
    const char* name;
    std::string content;
    const char* message;
  };
  const Row rows[] = {
      {"empty", "", "it is of no format"},
      {"words.txt", "some words\n", "it is of no format"},
      {"Backup.xml", "<GroupPolicyBackupScheme/>", "it is a part of a Group Policy backup"},
      {"broken.xml", "<RegistrySettings", "not well-formed XML"},
      {"page.html", "<html></html>", "it is of no format"},
      {"key.pfx", std::string("\x30\x82\x01\x00\x02\x01\x03\x30\x82", 9), "it is a PFX"},
      {"cut.der", std::string("\x30\x82\x01", 3), "the certificate is malformed"},
      {"x.reg", "REGEDIT4\n[", "line 2: '[' without ']'"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(bundle::read_files({{row.name, copy(view(row.content))}}),
                        Catch::Contains(row.message));
    }
}

TEST_CASE("only regular files of a folder are read, and none outside of it", "[bundle]") {
  test::Scratch scratch, outside;
  write_file(outside / "Root.cer", test::pki().root.certificate.der());
  fs::create_symlink(outside / "Root.cer", scratch / "Root.cer");
  fs::create_directory_symlink(outside.path(), scratch / "folder");
  REQUIRE(mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  write_file(scratch / "CA.cer", test::pki().issuing.certificate.der());
  const auto reading = bundle::read_path(scratch.path());
  REQUIRE(reading.imports.size() == 1);
  CHECK(reading.imports[0].certificates[0].store == "CA");
  CHECK_THROWS_WITH(bundle::read_path(scratch / "pipe"), Catch::Contains("not a regular file"));
  CHECK_THROWS_WITH(bundle::read_path(scratch / "nothing"), Catch::Contains("cannot read"));
}

TEST_CASE("a script alone finds the certificates beside it", "[bundle]") {
  test::Scratch scratch;
  for (const char* name : {"certutil", "ppkg-xml"})
    for (const auto& file : bundle::write_formats(test::lab_state(), {{name}}))
      if (file.path.starts_with(name)) write_file(scratch / file.path, file.content);
  for (const char* name : {"certutil/install.cmd", "ppkg-xml/customizations.xml"}) {
    const auto reading = bundle::read_path(scratch / name);
    REQUIRE(reading.imports.size() == 1);
    CHECK(messages(reading.imports[0].faults).empty());
    CHECK(reading.imports[0].certificates.size() >= 2);
  }
}
