#include "workspace/exports.h"

#include <catch2/catch.hpp>

#include "base/file.h"
#include "fixture.h"

using namespace sealwright;
using test::LabWorkspace;

TEST_CASE("exports of the YAML are written once, and again for the next generation",
          "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return text +
           "exports:\n"
           "  pem: {certificate: driver-signing, format: pem, path: "
           "\"out/{name}-{generation}.{ext}\"}\n"
           "  pfx: {certificate: driver-signing, format: pfx, path: out/signer.pfx, password: "
           "{generate: out/password}}\n";
  });
  lab.apply();
  CHECK(lab.apply().empty());
  const auto out = lab.scratch.path() / "lab/out";
  CHECK(std::filesystem::exists(out / "driver-signing-1.pem"));
  for (const char* secret : {"signer.pfx", "password"})
    CHECK((std::filesystem::status(out / secret).permissions() & std::filesystem::perms(0077)) ==
          std::filesystem::perms::none);
  CHECK(test::run({"openssl", "pkcs12", "-in", (out / "signer.pfx").string(), "-passin",
                   "file:" + (out / "password").string(), "-noout"})
            .exit_code == 0);

  std::filesystem::remove(out / "signer.pfx");
  auto workspace = lab.open();
  CHECK(workspace::export_due(workspace, workspace.hierarchy().exports[1]) ==
        "the file is not there");
  REQUIRE(lab.apply().steps.size() == 1);

  lab.now += std::chrono::days(600);
  lab.apply();
  auto renewed = lab.open();
  renewed.inventory().activate(renewed.inventory().generation("driver-signing", 2)->id);
  CHECK(workspace::export_due(renewed, renewed.hierarchy().exports[1]) ==
        "the file holds driver-signing@1, not driver-signing@2");
}

TEST_CASE("what the YAML wants written stays inside the workspace, away from its own files",
          "[workspace]") {
  const LabWorkspace lab;
  std::filesystem::create_directory_symlink("/tmp", lab.scratch.path() / "lab/link");
  const auto workspace = lab.open();
  struct Row {
    const char* path;
    const char* message;
  };
  const Row rows[] = {
      {"../x.pem", "'../x.pem' is outside the workspace"},
      {"/tmp/x.pem", "'/tmp/x.pem' is outside the workspace"},
      {"a/../../x.pem", "'a/../../x.pem' is outside the workspace"},
      {"link/x.pem", "'link/x.pem' is outside the workspace"},
      {".", "'.' is outside the workspace"},
      {".sealwright/lab.key", "'.sealwright/lab.key' is among the workspace's own files"},
      {"out/../.sealwright/lab.key",
       "'out/../.sealwright/lab.key' is among the workspace's own files"},
      {"policies/root-ca.yaml", "'policies/root-ca.yaml' is among the workspace's own files"},
      {"sealwright.yaml", "'sealwright.yaml' is among the workspace's own files"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.path) {
      CHECK_THROWS_WITH(workspace.resolve_output(row.path), row.message);
    }
  CHECK(workspace.resolve_output("out/x.pem") == workspace.folder() / "out/x.pem");
}

TEST_CASE("an export replaces only what it wrote itself", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return text + "exports:\n  pem: {certificate: driver-signing, format: pem, path: mine.pem}\n";
  });
  write_file(lab.scratch.path() / "lab/mine.pem", view("a file of the user's"));
  CHECK_THROWS_WITH(lab.apply(), Catch::Contains("is there, and export 'pem' did not write it"));
  CHECK(read_text(lab.scratch.path() / "lab/mine.pem") == "a file of the user's");
}

TEST_CASE("the PFX profile follows the oldest target", "[workspace]") {
  using Profile = policy::ExportProfile;
  struct Row {
    Profile wanted;
    std::vector<std::string> targets;
    x509::PfxProfile profile;
    const char* because;
  };
  const Row rows[] = {
      {Profile::automatic, {}, x509::PfxProfile::modern, "no older targets are named"},
      {Profile::automatic,
       {"win11-24h2"},
       x509::PfxProfile::modern,
       "all targets read AES-256 PFX files"},
      {Profile::automatic,
       {"win11-24h2", "win7-sp1"},
       x509::PfxProfile::compatible,
       "Windows 7 SP1 cannot read AES-256 PFX files"},
      {Profile::modern, {"win7-sp1"}, x509::PfxProfile::modern, "asked for"},
  };
  for (const Row& row : rows) {
    const auto choice = workspace::choose_profile(row.wanted, row.targets);
    CHECK(choice.profile == row.profile);
    CHECK(choice.because == row.because);
  }
}
