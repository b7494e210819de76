#include "workspace/bundles.h"

#include <catch2/catch.hpp>

#include "fixture.h"
#include "x509/oids.h"

using namespace sealwright;
using test::LabWorkspace;

namespace {

std::vector<std::string> labels(const std::vector<bundle::Entry>& entries) {
  std::vector<std::string> all;
  for (const auto& entry : entries)
    all.push_back(std::string(bundle::registry_name(entry.store)) + " " + entry.label);
  std::sort(all.begin(), all.end());
  return all;
}

bundle::State desired(const LabWorkspace& lab) {
  const auto workspace = lab.open();
  return workspace::desired_state(workspace, *workspace.hierarchy().bundle("lab-trust"));
}

}  // namespace

TEST_CASE("intermediates join the bundle by themselves, and the root is limited to what it issues",
          "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  const auto state = desired(lab);
  CHECK(labels(state.present) == std::vector<std::string>{"CA lab-issuing@1", "Root lab-root@1",
                                                          "TrustedPublisher driver-signing@1"});
  for (const auto& entry : state.present)
    CHECK(entry.purposes.has_value() == (entry.store == bundle::Store::root));
  CHECK(*state.present.front().purposes ==
        std::vector<Oid>{x509::oids::code_signing, x509::oids::time_stamping});
}

TEST_CASE("a renewed publisher is in the next version beside the old one", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  lab.now += std::chrono::days(600);
  const auto plan = lab.apply();
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.steps[0].action == workspace::Step::Action::renew);
  CHECK(plan.steps[1].what == "version 2 (reg, registry-pol, gpo)");
  CHECK(labels(desired(lab).present) ==
        std::vector<std::string>{"CA lab-issuing@1", "Root lab-root@1",
                                 "TrustedPublisher driver-signing@1",
                                 "TrustedPublisher driver-signing@2"});
  CHECK(lab.apply().empty());
}

TEST_CASE(
    "a publisher that left the YAML's bundle is taken out by the next version, and by those after",
    "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  lab.edit([](std::string text) {
    return test::replaced(text, "trusted_publisher: [driver-signing]", "trusted_publisher: []");
  });
  CHECK(labels(desired(lab).removed) ==
        std::vector<std::string>{"CA lab-issuing@1", "TrustedPublisher driver-signing@1"});
  REQUIRE(lab.apply().steps.size() == 1);
  CHECK(labels(desired(lab).removed) ==
        std::vector<std::string>{"CA lab-issuing@1", "TrustedPublisher driver-signing@1"});
  CHECK(lab.apply().empty());
}

TEST_CASE("an unchanged bundle keeps its version, and its folder is written again when it is gone",
          "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  auto workspace = lab.open();
  const auto& wanted = *workspace.hierarchy().bundle("lab-trust");
  const auto before = bundle::write_formats(workspace::desired_state(workspace, wanted), {"gpo"});
  std::filesystem::remove_all(lab.scratch.path() / "lab/dist");
  CHECK(workspace::bundle_due(workspace, wanted) == "its folder is not there");
  const auto written = workspace::write_bundle(workspace, wanted);
  CHECK(written.version == 1);
  CHECK_FALSE(written.new_version);
  CHECK(std::filesystem::exists(lab.scratch.path() / "lab/dist/lab-trust/v1/gpo/manifest.xml"));
}
