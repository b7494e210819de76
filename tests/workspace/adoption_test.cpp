// What exists already is taken over as the plan showed it.

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "fixture.h"

using namespace sealwright;
using test::LabWorkspace;

namespace {

void make_certificate(const std::filesystem::path& folder, const std::string& name) {
  const auto made = test::run({"openssl",
                               "req",
                               "-x509",
                               "-newkey",
                               "ec",
                               "-pkeyopt",
                               "ec_paramgen_curve:P-256",
                               "-nodes",
                               "-days",
                               "900",
                               "-subj",
                               "/CN=" + name,
                               "-addext",
                               "keyUsage=critical,digitalSignature",
                               "-addext",
                               "extendedKeyUsage=codeSigning",
                               "-keyout",
                               (folder / "old.key").string(),
                               "-out",
                               (folder / "old.pem").string()});
  REQUIRE(made.exit_code == 0);
}

std::string with_existing(const std::string& text) {
  return test::replaced(text, "certificates:\n",
                        "certificates:\n  old:\n    policy: self-signed-driver\n    issuer: self\n"
                        "    existing: {certificate: old.pem, key: old.key}\n");
}

std::string sha256_by_openssl(const std::filesystem::path& certificate, const char* digest) {
  auto text =
      test::run({"openssl", "x509", "-in", certificate.string(), "-noout", "-fingerprint", digest})
          .out;
  text = text.substr(text.find('=') + 1);
  std::erase(text, ':');
  std::erase(text, '\n');
  return text;
}

}  // namespace

TEST_CASE("a saved plan adopts what it showed, and nothing that came later", "[workspace]") {
  const LabWorkspace lab(with_existing);
  auto workspace = lab.open();
  const auto folder = workspace.folder();
  make_certificate(folder, "Ours");
  const auto plan = workspace::plan_from_json(
      workspace::to_json(workspace::make_plan(workspace, {{"old"}})).dump());
  REQUIRE(test::steps(plan) == std::vector<std::string>{"adopt old"});
  auto sha256 = sha256_by_openssl(folder / "old.pem", "-sha256");
  std::transform(sha256.begin(), sha256.end(), sha256.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  CHECK(plan.steps[0].detail == "old.pem, thumbprint " +
                                    sha256_by_openssl(folder / "old.pem", "-sha1") + ", SHA-256 " +
                                    sha256);
  auto keys = test::keys_of(workspace);
  SECTION("the same files") {
    workspace::apply(workspace, plan, keys, {ossl::system_random(), {}});
    CHECK(workspace.inventory().active("old"));
  }
  SECTION("other files") {
    make_certificate(folder, "Ours");
    CHECK_THROWS_WITH(workspace::apply(workspace, plan, keys, {ossl::system_random(), {}}),
                      "'old.pem' changed since the plan was made");
    CHECK_FALSE(workspace.inventory().entity("old"));
  }
}
