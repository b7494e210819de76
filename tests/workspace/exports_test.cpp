#include "workspace/exports.h"

#include <catch2/catch.hpp>

#include "base/error.h"
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

TEST_CASE("a PFX is what the targets of the certificate's policy can read", "[workspace]") {
  using Profile = policy::ExportProfile;
  const char* aes = "Microsoft Enhanced RSA and AES Cryptographic Provider";
  const char* old = "Microsoft Enhanced Cryptographic Provider v1.0";
  const struct {
    const char* name;
    const char* targets;
    policy::PfxPlan plan;
    x509::PfxProfile profile;
    std::string because, csp;
  } rows[] = {
      {"new targets",
       "[win11-24h2]",
       {},
       x509::PfxProfile::modern,
       "all targets read AES-256 PFX files (targets of policy 'driver-signing')",
       ""},
      {"an old target",
       "[win7-sp1]",
       {},
       x509::PfxProfile::compatible,
       "Windows 7 SP1 cannot read AES-256 PFX files (targets of policy 'driver-signing')",
       aes},
      {"a very old target",
       "[xp-sp3, win7-sp1]",
       {},
       x509::PfxProfile::compatible,
       "Windows XP SP3 cannot read AES-256 PFX files (targets of policy 'driver-signing')",
       old},
      {"no provider",
       "[win7-sp1]",
       {Profile::compatible, 2048, {}, "", "none"},
       x509::PfxProfile::compatible,
       "asked for",
       ""},
      {"a provider by name",
       "[win11-24h2]",
       {Profile::modern, 2048, {}, "", "My CSP"},
       x509::PfxProfile::modern,
       "asked for",
       "My CSP"},
  };
  LabWorkspace lab;
  lab.edit_policy("driver-signing", [](std::string text) {
    return test::replaced(text, "ecdsa, curve: p256", "rsa, size: 3072");
  });
  lab.apply();
  const auto generation = *lab.open().inventory().active("driver-signing");
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      lab.edit_policy("driver-signing",
                      [&](std::string text) { return text + "targets: " + row.targets + "\n"; });
      const auto workspace = lab.open();
      const auto choice = workspace::choose_pfx(workspace, generation, row.plan);
      CHECK(choice.form.profile == row.profile);
      CHECK(choice.because == row.because);
      CHECK(choice.form.csp == row.csp);
    }
  SECTION("an elliptic key has no such provider") {
    const auto tsa = *lab.open().inventory().active("timestamping");
    const auto choice =
        workspace::choose_pfx(lab.open(), tsa, {Profile::compatible, 2048, {}, "", "auto"});
    CHECK(choice.form.csp.empty());
  }
}

TEST_CASE("an export is written again when the YAML wants it otherwise", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return text +
           "exports:\n  it: {certificate: driver-signing, format: pfx, path: it, password: "
           "{generate: pw}, iterations: 2000}\n";
  });
  lab.apply();
  const auto change = [&](const char* from, const char* to) {
    lab.edit([&](std::string text) { return test::replaced(text, from, to); });
    const auto workspace = lab.open();
    return workspace::export_due(workspace, workspace.hierarchy().exports[0]).value_or("");
  };
  CHECK(change("iterations: 2000", "iterations: 3000") ==
        "the file was written as 'pfx modern 2000 chain no-root', not 'pfx modern 3000 chain "
        "no-root'");
  CHECK(lab.apply().steps.size() == 1);
  CHECK(lab.apply().empty());
}

TEST_CASE("another path of an export is not its own before it wrote there", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return text + "exports:\n  it: {certificate: driver-signing, format: pem, path: a.pem}\n";
  });
  lab.apply();
  write_file(lab.scratch.path() / "lab/b.pem", view("a file of the user's"));
  lab.edit([](std::string text) { return test::replaced(text, "path: a.pem", "path: b.pem"); });
  // Its content is another certificate's: due by a new generation alone.
  auto workspace = lab.open();
  auto keys = test::keys_of(workspace);
  CHECK_THROWS_WITH(workspace::write_export(workspace, keys, workspace.hierarchy().exports[0],
                                            ossl::system_random()),
                    Catch::Contains("is there, and export 'it' did not write it"));
  CHECK(read_text(lab.scratch.path() / "lab/b.pem") == "a file of the user's");
}

TEST_CASE("an export that was cut short goes on, and takes nothing of the user's", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return text +
           "exports:\n  all: {certificate: driver-signing, format: pfx, generation: all, path: "
           "\"out/{generation}.pfx\", password: {generate: pw}}\n";
  });
  lab.apply();
  lab.now += std::chrono::days(600);
  std::filesystem::remove_all(lab.scratch.path() / "lab/out");
  // The second file cannot be written: then the first is not, either.
  std::filesystem::create_directories(lab.scratch.path() / "lab/out/2.pfx");
  CHECK_THROWS_WITH(lab.apply(), Catch::Contains("cannot write"));
  CHECK_FALSE(std::filesystem::exists(lab.scratch.path() / "lab/out/1.pfx"));
  std::filesystem::remove(lab.scratch.path() / "lab/out/2.pfx");
  // As if a run had been killed between the two.
  write_file(lab.scratch.path() / "lab/out/1.pfx", view("half a job"));
  lab.apply();
  for (const char* file : {"1.pfx", "2.pfx"})
    CHECK(test::run({"openssl", "pkcs12", "-in", (lab.scratch.path() / "lab/out" / file).string(),
                     "-passin", "file:" + (lab.scratch.path() / "lab/pw").string(), "-noout"})
              .exit_code == 0);
  CHECK(lab.apply().empty());
}

TEST_CASE("a first export that was killed half way goes on", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return text + "exports:\n  it: {certificate: driver-signing, format: der, path: out/a}\n";
  });
  std::filesystem::create_directories(lab.scratch.path() / "lab/out/a/b");
  CHECK_THROWS_WITH(lab.apply(), Catch::Contains("is there, and export 'it' did not write it"));
  auto workspace = lab.open();
  auto keys = test::keys_of(workspace);
  const auto& wanted = workspace.hierarchy().exports[0];
  std::filesystem::remove_all(lab.scratch.path() / "lab/out");
  // Recorded that it begins, its file there, and no word that it was written.
  workspace.inventory().record_event("export.begun", "export:it",
                                     Json::object().set("file", "out/a"));
  write_file(lab.scratch.path() / "lab/out/a", view("of the run before"));
  CHECK_FALSE(workspace::was_written(workspace, wanted));
  CHECK(workspace::write_export(workspace, keys, wanted, ossl::system_random()).size() == 1);
  CHECK(workspace::was_written(workspace, wanted));
}

TEST_CASE("a request in the YAML asks for what the certificate has", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return text + "exports:\n  it: {certificate: driver-signing, format: csr, path: a.csr}\n";
  });
  lab.apply();
  CHECK(test::run({"openssl", "req", "-noout", "-verify", "-in",
                   (lab.scratch.path() / "lab/a.csr").string()})
            .exit_code == 0);
  auto workspace = lab.open();
  const auto signatures =
      workspace.inventory().signatures(workspace.inventory().active("driver-signing")->id);
  REQUIRE(signatures.size() == 1);
  CHECK(signatures[0].outcome == store::SignatureOutcome::made);
}

TEST_CASE("names stand for what a format lets them stand for", "[workspace]") {
  using policy::ExportFormat;
  LabWorkspace lab;
  lab.apply();
  lab.now += std::chrono::days(600);
  lab.apply();
  const auto workspace = lab.open();
  const struct {
    const char* reference;
    ExportFormat format;
    std::string labels;
  } rows[] = {
      {"driver-signing", ExportFormat::pem, "driver-signing@1 "},
      {"driver-signing@all", ExportFormat::spc, "driver-signing@1 driver-signing@2 "},
      {"driver-signing@live", ExportFormat::csr, "driver-signing@1 driver-signing@2 "},
      {"driver-signing@next", ExportFormat::pfx, "driver-signing@2 "},
      {"driver-signing", ExportFormat::pfx,
       "'driver-signing' has several live generations: driver-signing@1 (active), "
       "driver-signing@2 (next)"},
      {"driver-signing", ExportFormat::pvk,
       "'driver-signing' has several live generations: driver-signing@1 (active), "
       "driver-signing@2 (next)"},
      {"driver-signing@live", ExportFormat::pkcs8,
       "private keys leave by name, one generation each"},
  };
  for (const auto& row : rows) {
    std::string labels;
    try {
      for (const auto& item :
           workspace::export_items(workspace.inventory(), row.reference, row.format))
        labels += item.label() + " ";
    } catch (const Error& error) {
      labels = error.message;
    }
    CHECK(labels == row.labels);
  }
}
