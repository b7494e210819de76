#include "workspace/publishing.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "ca/chain.h"
#include "fixture.h"
#include "workspace/bundles.h"
#include "workspace/inventory_source.h"
#include "workspace/revocation.h"
#include "x509/oids.h"

using namespace sealwright;
using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

/// A lab that publishes into a folder beside it.
struct Publishing : LabWorkspace {
  Publishing()
      : LabWorkspace([this](std::string text) {
          return replaced(std::move(text), "lab: true\n",
                          "lab: true\ndistribution: {http: \"http://pki.invalid\", publish: " +
                              folder().string() + "}\n");
        }) {}
  fs::path folder() const { return scratch.path() / "public"; }
  Bytes file(const std::string& name) const { return read_file(folder() / name); }
};

ca::RevocationOrder stolen() { return {x509::RevocationReason::key_compromise, {}, ""}; }

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.message;
  }
  return "nothing";
}

const policy::Authority& issuing(const workspace::Workspace& workspace) {
  return *workspace.hierarchy().authority("lab-issuing");
}

}  // namespace

TEST_CASE("lists and issuer certificates stand where certificates say", "[workspace]") {
  Publishing lab;
  lab.apply();
  lab.apply();
  auto workspace = lab.open();
  auto keys = keys_of(workspace);
  for (const auto& authority : workspace.hierarchy().authorities)
    if (workspace::crl_due(workspace, authority)) workspace::issue_crl(workspace, keys, authority);
  const auto leaf = ca::find_generation(workspace.inventory(), "driver-signing");
  const auto certificate = ca::certificate_of(leaf);
  const auto* points = certificate.extension(x509::oids::crl_distribution_points);
  REQUIRE(points);
  const std::string said(points->value.begin(), points->value.end());
  CHECK_THAT(said, Catch::Contains("http://pki.invalid/lab-issuing-1.crl"));
  const auto issuer = ca::find_generation(workspace.inventory(), "lab-issuing");
  CHECK(lab.file("lab-issuing-1.crt") == issuer.certificate);
  const auto crl = x509::Crl::from_der(lab.file("lab-issuing-1.crl"));
  CHECK(crl.signed_by(ca::certificate_of(issuer).public_key()));
  CHECK(fs::exists(lab.folder() / "lab-root-1.crl"));
  CHECK(fs::exists(lab.folder() / "lab-root-1.crt"));
  CHECK_FALSE(workspace::publish_due(workspace));
  CHECK(workspace::publish(workspace).empty());
}

TEST_CASE("a revocation makes a list due, and the list makes the folder due", "[workspace]") {
  Publishing lab;
  lab.apply();
  lab.apply();
  auto workspace = lab.open();
  auto keys = keys_of(workspace);
  if (workspace::crl_due(workspace, issuing(workspace)))
    workspace::issue_crl(workspace, keys, issuing(workspace));
  CHECK_FALSE(workspace::crl_due(workspace, issuing(workspace)));
  const auto leaf = ca::find_generation(workspace.inventory(), "driver-signing");
  ca::revoke(workspace.inventory(), leaf, stolen());
  CHECK(workspace::crl_due(workspace, issuing(workspace)) == "1 revoked since list 1");
  const auto issuer = ca::find_generation(workspace.inventory(), "lab-issuing");
  ca::issue_crl(workspace.inventory(), issuer, *keys.signer(issuer),
                workspace::crl_terms(issuing(workspace)));
  CHECK(workspace::publish_due(workspace) == "'lab-issuing-1.crl' is not the latest");
  CHECK(workspace::publish(workspace).size() == 1);
  CHECK(x509::Crl::from_der(lab.file("lab-issuing-1.crl")).find(leaf.serial));
  fs::remove(lab.folder() / "lab-root-1.crt");
  CHECK(workspace::publish_due(workspace) == "'lab-root-1.crt' is not there");
}

TEST_CASE("a published list is not replaced by an older one", "[workspace]") {
  Publishing lab;
  lab.apply();
  lab.apply();
  const fs::path database = lab.scratch.path() / "lab/.sealwright/inventory.db";
  const auto issue = [&] {
    auto workspace = lab.open();
    auto keys = keys_of(workspace);
    const auto issuer = ca::find_generation(workspace.inventory(), "lab-issuing");
    ca::issue_crl(workspace.inventory(), issuer, *keys.signer(issuer),
                  workspace::crl_terms(issuing(workspace)));
    workspace::publish(workspace);
  };
  issue();
  fs::copy_file(database, lab.scratch / "backup.db");
  issue();
  fs::copy_file(lab.scratch / "backup.db", database, fs::copy_options::overwrite_existing);
  auto restored = lab.open();
  const auto number = restored.inventory()
                          .latest_crl(ca::find_generation(restored.inventory(), "lab-issuing").id)
                          ->number;
  CHECK(error_of([&] { workspace::publish(restored); }) ==
        "'" + (lab.folder() / "lab-issuing-1.crl").string() + "' is newer than list " +
            std::to_string(number) + ", the last that the inventory knows of");
}

TEST_CASE("nothing is published where nobody can find the folder", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  auto workspace = lab.open();
  CHECK_FALSE(workspace::crl_due(workspace, issuing(workspace)));
  CHECK_FALSE(workspace::publish_due(workspace));
  CHECK(error_of([&] { workspace::publish(workspace); }) ==
        "sealwright.yaml does not say where lists are published");
  const fs::path away = lab.scratch / "missing/public";
  lab.edit([&](const std::string& text) {
    return replaced(text, "lab: true\n",
                    "lab: true\ndistribution: {http: \"http://pki.invalid\", publish: " +
                        away.string() + "}\n");
  });
  auto elsewhere = lab.open();
  CHECK(error_of([&] { workspace::publish(elsewhere); }) ==
        "cannot publish into '" + away.string() + "': the folder above it is not there");
  lab.edit([&](const std::string& text) {
    return replaced(text, "publish: " + away.string(), "publish: policies");
  });
  auto inside = lab.open();
  CHECK(error_of([&] { workspace::publish(inside); }) ==
        "'policies' is among the workspace's own files");
}

TEST_CASE("who is about to revoke is told what follows", "[workspace]") {
  Publishing lab;
  lab.apply();
  auto workspace = lab.open();
  const auto leaf = ca::find_generation(workspace.inventory(), "driver-signing");
  const auto issuer = ca::find_generation(workspace.inventory(), "lab-issuing");
  const auto of_leaf = workspace::consequences_of(workspace, leaf, stolen());
  CHECK(workspace::to_text(of_leaf) ==
        std::vector<std::string>{
            "The next list of 'lab-issuing@1' tells it: run 'sealwright apply'.",
            "It changes bundle lab-trust: 'sealwright apply' writes the next version."});
  const auto of_issuer = workspace::consequences_of(workspace, issuer, stolen());
  CHECK(of_issuer.below == 2);
  CHECK(workspace::to_text(of_issuer)[0] == "2 certificates it issued end with it.");
}

TEST_CASE("what is distrusted goes into Disallowed of every bundle", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  auto workspace = lab.open();
  auto order = stolen();
  order.distrust = true;
  const auto stamps = ca::find_generation(workspace.inventory(), "timestamping");
  CHECK(workspace::consequences_of(workspace, stamps, order).bundles ==
        std::vector<std::string>{"lab-trust"});
  ca::revoke(workspace.inventory(), stamps, order);
  const auto state = workspace::desired_state(workspace, workspace.hierarchy().bundles.front());
  std::vector<std::string> disallowed;
  for (const auto& entry : state.present)
    if (entry.store == bundle::Store::disallowed) disallowed.push_back(entry.label);
  CHECK(disallowed == std::vector<std::string>{"timestamping@1"});
}

TEST_CASE("an inventory tells who is revoked before any list does", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  auto shared = std::make_shared<workspace::Workspace>(lab.open());
  auto& inventory = shared->inventory();
  const auto leaf = ca::find_generation(inventory, "driver-signing");
  const auto certificate = ca::certificate_of(leaf);
  const auto issuer = ca::certificate_of(ca::find_generation(inventory, "lab-issuing"));
  const workspace::InventorySource source(shared);
  CHECK_FALSE(source.find(certificate, issuer)->revoked);
  ca::revoke(inventory, leaf, stolen());
  const auto fact = source.find(certificate, issuer);
  CHECK(fact->revoked);
  CHECK(fact->since == lab.now);
  CHECK(fact->reason == x509::RevocationReason::key_compromise);
  CHECK(fact->source == "the inventory of 'driver-lab'");
}
