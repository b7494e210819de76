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

TEST_CASE("a setting that left the YAML is given back by the next version, and by those after",
          "[workspace]") {
  const LabWorkspace lab;
  const std::string formats = "    formats:", set = "    settings: {wintrust_state: \"0x23e00\"}\n";
  lab.edit([&](std::string text) { return test::replaced(text, formats, set + formats); });
  lab.apply();
  using Setting = bundle::Setting;
  const std::vector<Setting> expected = {
      {Setting::Kind::wintrust_state, Setting::Scope::current_user, 0x23e00},
      {Setting::Kind::wintrust_state, Setting::Scope::default_user, 0x23e00}};
  CHECK(desired(lab).settings == expected);
  CHECK(desired(lab).reverted.empty());
  lab.edit([&](std::string text) { return test::replaced(text, set, ""); });
  for (int times = 0; times < 2; ++times) {
    CHECK(desired(lab).settings.empty());
    CHECK(desired(lab).reverted == expected);
    CHECK(lab.apply().steps.size() == (times == 0 ? 1u : 0u));
  }
}

TEST_CASE("another format makes the next version of a bundle", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  lab.edit([](std::string text) {
    return test::replaced(text, "registry-pol: {}", "powershell: {}\n      registry-pol: {}");
  });
  const auto plan = lab.apply();
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps[0].what == "version 2 (reg, powershell, registry-pol, gpo)");
  CHECK(plan.steps[0].why == "its content changed");
  CHECK(lab.apply().empty());
}

TEST_CASE("a format that this version cannot write is left out, and it is said why",
          "[workspace]") {
  const LabWorkspace lab;
  const std::string refusal =
      "format 'powershell': this version does not sign scripts: it is left out; leave 'sign_with' "
      "out, and sign them with a tool that can";
  const auto said = [](const workspace::Plan& plan) {
    std::vector<std::string> texts;
    for (const auto& notice : plan.notices)
      if (notice.name == "lab-trust") texts.push_back(notice.text);
    return texts;
  };
  SECTION("the others are written") {
    lab.edit([](std::string text) {
      return test::replaced(text, "reg: {}",
                            "powershell: {sign_with: driver-signing}\n      reg: {}");
    });
    const auto plan = lab.apply();
    CHECK(plan.steps.back().what == "version 1 (reg, registry-pol, gpo)");
    CHECK(said(plan) == std::vector<std::string>{refusal});
    const auto folder = lab.scratch.path() / "lab/dist/lab-trust/v1";
    CHECK(std::filesystem::exists(folder / "reg"));
    CHECK_FALSE(std::filesystem::exists(folder / "powershell"));
    const auto again = lab.apply();
    CHECK(again.empty());
    CHECK(said(again) == std::vector<std::string>{refusal});
  }
  SECTION("a zip that names it falls with it, one of all others holds what is written") {
    struct Row {
      const char* zip;
      bool written;
    };
    for (const Row& row : {Row{"{of: [powershell, gpo]}", false}, Row{"{}", true}})
      DYNAMIC_SECTION(row.zip) {
        lab.edit([&](std::string text) {
          return test::replaced(
              text, "reg: {}",
              std::string("powershell: {sign_with: driver-signing}\n      zip: ") + row.zip +
                  "\n      reg: {}");
        });
        const auto plan = lab.apply();
        CHECK(said(plan).size() == (row.written ? 1 : 2));
        CHECK(std::filesystem::exists(lab.scratch.path() /
                                      "lab/dist/lab-trust/v1/zip/lab-trust-v1.zip") == row.written);
      }
  }
  SECTION("where there is no other, the bundle is not planned") {
    lab.edit([](std::string text) {
      const auto from = text.find("    formats:");
      const auto to = text.find("gpo:", from);
      REQUIRE(to != std::string::npos);
      return text.replace(from, text.find('\n', to) - from,
                          "    formats: {powershell: {sign_with: driver-signing}}");
    });
    const auto plan = lab.apply();
    for (const auto& step : plan.steps) CHECK(step.action != workspace::Step::Action::write_bundle);
    CHECK(said(plan) == std::vector<std::string>{refusal});
  }
}
