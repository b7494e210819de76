#include "workspace/bundle_rollback.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "fixture.h"
#include "workspace/status.h"

using namespace sealwright;
using test::LabWorkspace;
using Lines = std::vector<std::string>;
using days = std::chrono::days;

namespace {

constexpr const char* held_by = "lab-trust: rolled back to v1: 'bundle write lab-trust' ends that";

Lines labels(const std::vector<bundle::Entry>& entries) {
  Lines all;
  for (const auto& entry : entries)
    all.push_back(std::string(bundle::yaml_name(entry.store)) + " " + entry.label);
  std::sort(all.begin(), all.end());
  return all;
}

Lines texts(const std::vector<workspace::RollbackRemark>& remarks) {
  Lines all;
  for (const auto& remark : remarks) all.push_back(remark.entry.label + ": " + remark.why);
  std::sort(all.begin(), all.end());
  return all;
}

bundle::State latest(const LabWorkspace& lab) {
  const auto workspace = lab.open();
  return workspace::recorded_state(workspace,
                                   *workspace.inventory().latest_bundle_version("lab-trust"));
}

workspace::RolledBackBundle roll_back(const LabWorkspace& lab, int to) {
  auto workspace = lab.open();
  return workspace::roll_back(workspace, *workspace.hierarchy().bundle("lab-trust"), to);
}

workspace::WrittenBundle write_by_hand(const LabWorkspace& lab) {
  auto workspace = lab.open();
  workspace::BundleOptions options;
  options.rollback = workspace::BundleOptions::Rollback::end;
  return workspace::write_bundle(workspace, *workspace.hierarchy().bundle("lab-trust"), options);
}

void activate(const LabWorkspace& lab, int number) {
  auto workspace = lab.open();
  auto& inventory = workspace.inventory();
  inventory.activate(inventory.generation("driver-signing", number)->id);
}

void revoke(const LabWorkspace& lab, const std::string& name, int number, bool distrust) {
  auto workspace = lab.open();
  auto& inventory = workspace.inventory();
  inventory.revoke(inventory.generation(name, number)->id, {"superseded", {}, {}, {}, distrust});
}

/// Version 1 with driver-signing@1, version 2 with @2 beside it, which waits.
void make_two_versions(LabWorkspace& lab) {
  lab.apply();
  lab.now += days(600);
  lab.apply();
  REQUIRE(latest(lab).version == 2);
}

}  // namespace

TEST_CASE("a rollback is the next version, with what an earlier one has", "[workspace]") {
  LabWorkspace lab;
  make_two_versions(lab);
  const auto made = roll_back(lab, 1);
  CHECK(made.written.version == 3);
  CHECK(made.written.new_version);
  CHECK(texts(made.kept).empty());
  const auto state = latest(lab);
  CHECK(state.rolled_back_to == 1);
  CHECK(labels(state.present) ==
        Lines{"ca lab-issuing@1", "root lab-root@1", "trusted_publisher driver-signing@1"});
  CHECK(labels(state.removed) == Lines{"trusted_publisher driver-signing@2"});
  const auto events = lab.open();
  CHECK(Json::parse(events.inventory().last_event("bundle.rolled-back", "lab-trust@3")->details)
            .at("to")
            .integer() == 1);
  SECTION("the same again changes nothing") { CHECK(roll_back(lab, 1).written.version == 3); }
  SECTION("plan and apply leave it, and say so; status too") {
    for (const bool due : {true, false}) {
      const auto plan = due ? lab.apply_due() : lab.apply();
      CHECK(plan.empty());
      CHECK(test::notices(plan).back() == std::string("differs ") + held_by);
    }
    const auto status = workspace::status_of(lab.open(), lab.now, {});
    CHECK(status.rows.back().name + ": " + status.rows.back().note == held_by);
  }
  SECTION("its folder is written again when it is gone, as it was") {
    std::filesystem::remove_all(lab.scratch.path() / "lab/dist/lab-trust/v3");
    CHECK(test::steps(lab.apply()) == Lines{"bundle lab-trust"});
    CHECK(latest(lab).version == 3);
  }
  SECTION("writing it by hand goes back to what the YAML says") {
    const auto written = write_by_hand(lab);
    CHECK(written.version == 4);
    CHECK_FALSE(latest(lab).rolled_back_to);
    CHECK(labels(latest(lab).present).size() == 4);
    CHECK(lab.apply().empty());
  }
}

TEST_CASE("a rollback to the version itself, or to none, is refused", "[workspace]") {
  LabWorkspace lab;
  make_two_versions(lab);
  CHECK_THROWS_WITH(roll_back(lab, 2),
                    "'lab-trust@2' is the latest version: there is nothing to go back from");
  try {
    roll_back(lab, 7);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::state);
    CHECK(error.message == "bundle 'lab-trust' has no version 7");
    CHECK(error.hint == "it has versions 1 and 2");
  }
}

TEST_CASE("a rollback keeps what signs, what is above it, and what must still be accepted",
          "[workspace]") {
  LabWorkspace lab;
  SECTION("a publisher that signs") {
    make_two_versions(lab);
    activate(lab, 2);
    CHECK(texts(roll_back(lab, 1).kept) == Lines{"driver-signing@2: it signs"});
  }
  SECTION("a publisher that waits and must be accepted all the same") {
    make_two_versions(lab);
    test::record_signature(lab, 2, lab.now);
    CHECK(texts(roll_back(lab, 1).kept) ==
          Lines{"driver-signing@2: something that must still install depends on it"});
  }
  SECTION("a publisher with its authority") {
    lab.edit([](std::string text) {
      return test::replaced(text, "trusted_publisher: [driver-signing]", "trusted_publisher: []");
    });
    lab.apply();
    lab.edit([](std::string text) {
      return test::replaced(text, "trusted_publisher: []", "trusted_publisher: [driver-signing]");
    });
    lab.apply();
    CHECK(texts(roll_back(lab, 1).kept) ==
          Lines{"driver-signing@1: it signs", "lab-issuing@1: 'driver-signing@1' below it signs"});
  }
}

TEST_CASE("a rollback brings back nothing that was revoked or distrusted", "[workspace]") {
  LabWorkspace lab;
  make_two_versions(lab);
  const bool distrust = GENERATE(false, true);
  revoke(lab, "driver-signing", 1, distrust);
  const auto made = roll_back(lab, 1);
  CHECK(texts(made.left_out) == Lines{distrust ? "driver-signing@1: it was distrusted"
                                               : "driver-signing@1: it was revoked"});
  const auto state = latest(lab);
  const Lines trusted = {"ca lab-issuing@1", "root lab-root@1"};
  const Lines expected =
      distrust ? Lines{trusted[0], "disallowed driver-signing@1", trusted[1]} : trusted;
  CHECK(labels(state.present) == expected);
}

TEST_CASE("a rollback trusts nothing that the YAML disallows", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  lab.edit([](std::string text) {
    return test::replaced(text, "trusted_publisher: [driver-signing]",
                          "disallowed: [driver-signing]");
  });
  lab.apply();
  const auto made = roll_back(lab, 1);
  CHECK(texts(made.left_out) == Lines{"driver-signing@1: sealwright.yaml disallows it"});
  CHECK(labels(latest(lab).present) ==
        Lines{"ca lab-issuing@1", "disallowed driver-signing@1", "root lab-root@1"});
}

TEST_CASE("a rollback brings back nothing below a revoked authority", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  lab.edit([](std::string text) {
    return test::replaced(text, "trusted_publisher: [driver-signing]", "trusted_publisher: []");
  });
  lab.apply();
  revoke(lab, "lab-issuing", 1, false);
  const auto made = roll_back(lab, 1);
  CHECK(texts(made.left_out) == Lines{"driver-signing@1: 'lab-issuing@1' above it was revoked",
                                      "lab-issuing@1: it was revoked"});
  CHECK(labels(latest(lab).present) == Lines{"root lab-root@1"});
}

TEST_CASE("who signs without being in a bundle that is rolled back is named", "[workspace]") {
  LabWorkspace lab;
  make_two_versions(lab);
  roll_back(lab, 1);
  activate(lab, 2);
  const auto workspace = lab.open();
  const auto notes = workspace::bundle_notes(workspace, *workspace.hierarchy().bundle("lab-trust"));
  REQUIRE(notes.size() == 2);
  CHECK(
      notes[1] ==
      "'driver-signing@2' signs and is not in it: machines do not install silently what it signs");
}

TEST_CASE("revocation and distrust get through a rollback, which goes on", "[workspace]") {
  LabWorkspace lab;
  make_two_versions(lab);
  roll_back(lab, 1);
  revoke(lab, "driver-signing", 1, false);
  CHECK(labels(latest(lab).present).size() == 3);
  lab.apply_due();
  CHECK(latest(lab).version == 4);
  CHECK(latest(lab).rolled_back_to == 1);
  CHECK(labels(latest(lab).present) == Lines{"ca lab-issuing@1", "root lab-root@1"});
  revoke(lab, "driver-signing", 1, true);
  lab.apply_due();
  const auto state = latest(lab);
  CHECK(state.version == 5);
  CHECK(state.rolled_back_to == 1);
  CHECK(labels(state.present) ==
        Lines{"ca lab-issuing@1", "disallowed driver-signing@1", "root lab-root@1"});
  CHECK(labels(state.removed) ==
        Lines{"trusted_publisher driver-signing@1", "trusted_publisher driver-signing@2"});
}

TEST_CASE("settings and formats of a rollback", "[workspace]") {
  LabWorkspace lab;
  const std::string formats = "    formats:", set = "    settings: {wintrust_state: \"0x23e00\"}\n";
  const bool had_them = GENERATE(true, false);
  const auto with = [&](std::string text) { return test::replaced(text, formats, set + formats); };
  const auto without = [&](std::string text) { return test::replaced(text, set, ""); };
  if (had_them) lab.edit(with);
  lab.apply();
  had_them ? lab.edit(without) : lab.edit(with);
  lab.edit([](std::string text) { return test::replaced(text, "registry-pol: {}", "p7b: {}"); });
  lab.apply();
  const auto made = roll_back(lab, 1);
  CHECK(made.written.formats == Lines{"reg", "p7b", "gpo"});
  CHECK(latest(lab).settings.size() == (had_them ? 2u : 0u));
  CHECK(latest(lab).reverted.size() == (had_them ? 0u : 2u));
}

namespace {

std::string with_confirmation(std::string text) {
  return test::replaced(text, "    formats:\n",
                        "    deployment: {confirm: required, lead: 30d}\n    formats:\n");
}

}  // namespace

TEST_CASE("a renewed signer that was deployed waits while a rollback keeps it from the machines",
          "[workspace]") {
  LabWorkspace lab(with_confirmation);
  make_two_versions(lab);
  lab.open().inventory().record_deployment("lab-trust", 2, 10, 10);
  roll_back(lab, 1);
  lab.now += days(40);
  const auto plan = lab.apply_due();
  CHECK(plan.empty());
  CHECK(test::notices(plan).front() ==
        "waiting driver-signing: 'driver-signing@2' waits: bundle 'lab-trust' is rolled back to "
        "v1, which does not have it");
  write_by_hand(lab);
  CHECK(lab.apply_due().empty());  // The machines may have lost it: that it was deployed is over.
  lab.open().inventory().record_deployment("lab-trust", 4, 10, 10);
  CHECK(lab.apply_due().empty());
  lab.now += days(30);
  CHECK(test::steps(lab.apply_due()) == Lines{"activate driver-signing"});
}

TEST_CASE("a signer that is renewed during a rollback waits, whatever its policy says",
          "[workspace]") {
  LabWorkspace lab(with_confirmation);
  const std::string activate = GENERATE("when-deployed", "immediately");
  lab.edit_policy("driver-signing", [&](std::string text) {
    return test::replaced(text, "activate: when-deployed", "activate: " + activate);
  });
  lab.apply();
  lab.edit([](std::string text) { return test::replaced(text, "registry-pol: {}", "p7b: {}"); });
  lab.apply();
  roll_back(lab, 1);
  lab.now += days(600);
  CHECK(test::steps(lab.apply_due()) == Lines{"renew driver-signing"});
  CHECK(lab.open().inventory().generation("driver-signing", 2)->state ==
        store::GenerationState::next);
  CHECK(lab.apply_due().empty());
  write_by_hand(lab);
  CHECK(test::steps(lab.apply_due()) ==
        (activate == "immediately" ? Lines{"activate driver-signing"} : Lines{}));
}

TEST_CASE("a recorded version reads back as it was", "[workspace]") {
  LabWorkspace lab;
  make_two_versions(lab);
  roll_back(lab, 1);
  const auto workspace = lab.open();
  for (const auto& version : workspace.inventory().bundle_versions("lab-trust"))
    CHECK(bundle::content_of(workspace::recorded_state(workspace, version)).dump(-1) ==
          version.state);
}
