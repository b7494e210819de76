#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "ca/keyring.h"
#include "fixture.h"
#include "token_folder.h"
#include "workspace/keys.h"

using namespace sealwright;
using test::LabWorkspace;
using test::TokenFolder;

namespace {

/// driver-signing with its key on a token.
struct Lab : LabWorkspace {
  Lab(const std::string& module_path, const std::string& key)
      : LabWorkspace([&](std::string text) {
          return test::replaced(
              std::move(text), "    subject: {CN: Driver Lab Signing}",
              "    key: {store: pkcs11, " + key + "}\n    subject: {CN: Driver Lab Signing}");
        }),
        module(module_path) {}

  workspace::Keys keys(workspace::Workspace& workspace) const {
    ca::KeyringOptions options;
    options.random = ossl::system_random();
    return {workspace, [] { return ossl::Secret(); }, options,
            ossl::TokenOptions{
                [](const std::string&) { return ossl::Secret(std::string_view(TokenFolder::pin)); },
                module}};
  }
  void apply_all() const {
    auto workspace = open();
    auto keyring = keys(workspace);
    workspace::apply(workspace, workspace::make_plan(workspace), keyring,
                     {ossl::system_random(), {}});
  }
  Error refused() const {
    try {
      apply_all();
    } catch (const Error& error) {
      return error;
    }
    FAIL("nothing was refused");
    return Error(Error::Kind::internal, "");
  }
  store::KeyRecord key_of(int generation) const {
    auto workspace = open();
    const auto found = workspace.inventory().generation("driver-signing", generation);
    REQUIRE(found);
    return *workspace.inventory().key(*found->key);
  }
  /// The day after it is due.
  void let_it_come_due() { now += std::chrono::days(640); }
  std::string module;
};

}  // namespace

TEST_CASE("Each generation has its own key on the token, if its label says so",
          "[workspace][pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder tokens;
  tokens.add("Build HSM");
  Lab lab(module, "uri: \"pkcs11:token=Build%20HSM\", label: \"{name}-{generation}\"");
  lab.apply_all();
  const auto first = lab.key_of(1);
  CHECK(first.sealed.empty());
  CHECK(first.export_rule == store::ExportRule::never);
  CHECK(ossl::TokenUri::parse(first.uri).object() == "driver-signing-1");
  CHECK(ossl::TokenUri::parse(first.uri).id().size() == 20);
  lab.let_it_come_due();
  lab.apply_all();
  CHECK(ossl::TokenUri::parse(lab.key_of(2).uri).object() == "driver-signing-2");
  CHECK(lab.key_of(2).id != first.id);
}

TEST_CASE("A key that is used by a generation is not taken for another", "[workspace][pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder tokens;
  tokens.add("Build HSM");
  Lab lab(module, "uri: \"pkcs11:token=Build%20HSM;object=sign\"");
  lab.apply_all();
  lab.let_it_come_due();
  const Error error = lab.refused();
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message ==
        "the key 'sign' on the token belongs to 'driver-signing@1', and 'driver-signing' needs a "
        "new one");
  CHECK(error.hint ==
        "let each generation have its own, with key: {label: \"driver-signing-{generation}\"}, or "
        "say renewal: {key: reuse} in its policy");
}

TEST_CASE("A key that is to be used again stays on its token", "[workspace][pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder tokens;
  tokens.add("Build HSM");
  Lab lab(module, "uri: \"pkcs11:token=Build%20HSM;object=sign\"");
  const auto policy = lab.scratch / "lab/policies/driver-signing.yaml";
  write_file(policy, view(test::replaced(read_text(policy), "key: new", "key: reuse")),
             {Access::everyone, Existing::replace});
  lab.apply_all();
  lab.let_it_come_due();
  lab.apply_all();
  CHECK(lab.key_of(2).id == lab.key_of(1).id);
  CHECK(lab.open().inventory().find(lab.key_of(1).id).size() == 2);
}

TEST_CASE("A key that is on the token already is taken over", "[workspace][pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder tokens;
  tokens.add("Build HSM");
  SECTION("by a generation that has none yet") {
    tokens.tool("Build HSM",
                {"--keypairgen", "--key-type", "EC:prime256v1", "--label", "sign", "--id", "4711"});
    const Lab lab(module, "uri: \"pkcs11:token=Build%20HSM;object=sign\"");
    lab.apply_all();
    CHECK(ossl::TokenUri::parse(lab.key_of(1).uri).id() == Bytes{0x47, 0x11});
  }
  SECTION("named by its id alone") {
    tokens.tool("Build HSM",
                {"--keypairgen", "--key-type", "EC:prime256v1", "--label", "sign", "--id", "4711"});
    const Lab lab(module, "uri: \"pkcs11:id=%47%11\"");
    lab.apply_all();
    CHECK(ossl::TokenUri::parse(lab.key_of(1).uri).object() == "sign");
  }
  SECTION("only if it is what the policy says") {
    tokens.tool("Build HSM",
                {"--keypairgen", "--key-type", "EC:secp384r1", "--label", "sign", "--id", "4711"});
    const Lab lab(module, "uri: \"pkcs11:token=Build%20HSM;object=sign\"");
    const Error error = lab.refused();
    CHECK(error.kind == Error::Kind::policy);
    CHECK(error.message ==
          "the key 'sign' on the token is ECDSA P-384, and policy 'driver-signing' wants ECDSA "
          "P-256");
  }
}

TEST_CASE("A key on a token that was replaced does not sign for its generation",
          "[workspace][pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder tokens;
  tokens.add("Build HSM");
  const Lab lab(module, "uri: \"pkcs11:token=Build%20HSM;object=sign;id=%47%11\"");
  lab.apply_all();
  for (const char* type : {"privkey", "pubkey"})
    tokens.tool("Build HSM", {"--delete-object", "--type", type, "--id", "4711"});
  tokens.tool("Build HSM",
              {"--keypairgen", "--key-type", "EC:prime256v1", "--label", "sign", "--id", "4711"});
  auto workspace = lab.open();
  auto keys = lab.keys(workspace);
  const auto generation = *workspace.inventory().generation("driver-signing", 1);
  CHECK_THROWS_WITH(keys.signer(generation),
                    "the key on the token is not the one of 'driver-signing@1'");
}
