#include <algorithm>
#include <catch2/catch.hpp>

#include "fixture.h"
#include "twins.h"
#include "workspace/bundles.h"
#include "workspace/publishing.h"
#include "workspace/signing_identity.h"
#include "workspace/status.h"

using namespace sealwright;
using test::LabWorkspace;
using test::notices;
using test::steps;
using test::Twins;

namespace {

using Lines = std::vector<std::string>;

void revoke(const LabWorkspace& lab, const std::string& name, bool distrust) {
  auto workspace = lab.open();
  const auto active = *workspace.inventory().active(name);
  workspace.inventory().revoke(active.id, {"superseded", {}, {}, {}, distrust});
}

/// "ca lab-issuing@1" for each entry of the only bundle.
Lines held(const LabWorkspace& lab) {
  const auto workspace = lab.open();
  const auto state = workspace::desired_state(workspace, workspace.hierarchy().bundles.front());
  Lines all;
  for (const auto& entry : state.present)
    all.push_back(std::string(bundle::yaml_name(entry.store)) + " " + entry.label);
  std::sort(all.begin(), all.end());
  return all;
}

std::string note_of(const workspace::Workspace& workspace, const std::string& name, Time at) {
  for (const auto& row : workspace::status_of(workspace, at, std::nullopt).rows)
    if (row.name == name) return row.note;
  return "no row";
}

}  // namespace

TEST_CASE("what is distrusted leaves the bundles with all below it, and is in Disallowed",
          "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  SECTION("an issuing authority") {
    revoke(lab, "lab-issuing", true);
    CHECK(held(lab) == Lines{"disallowed lab-issuing@1", "root lab-root@1"});
    CHECK_NOTHROW(lab.apply_due());
    lab.apply();
    // The new signer waits for its bundle to be deployed, and is in it.
    CHECK(held(lab) == Lines{"ca lab-issuing@2", "disallowed lab-issuing@1", "root lab-root@1",
                             "trusted_publisher driver-signing@2"});
    CHECK(steps(lab.apply()) == Lines{"retire timestamping"});
    CHECK(lab.apply().empty());
  }
  SECTION("a root") {
    revoke(lab, "lab-root", true);
    CHECK(held(lab) == Lines{"disallowed lab-root@1"});
    lab.apply();
    CHECK(held(lab) == Lines{"disallowed lab-root@1", "root lab-root@2"});
    CHECK(notices(workspace::make_plan(lab.open())) ==
          Lines{"due lab-issuing: its issuer 'lab-root@1' is revoked: revoke 'lab-issuing@1' too, "
                "and 'sealwright apply' issues the next generation",
                "due driver-signing: 'lab-root@1' above it is revoked: it is renewed when "
                "'lab-issuing' has a next generation",
                "due timestamping: 'lab-root@1' above it is revoked: it is renewed when "
                "'lab-issuing' has a next generation"});
    revoke(lab, "lab-issuing", true);
    CHECK(steps(lab.apply()) == Lines{"issue lab-issuing", "renew driver-signing",
                                      "renew timestamping", "bundle lab-trust"});
    CHECK(steps(lab.apply()) == Lines{"retire timestamping"});
    CHECK(lab.apply().empty());
  }
}

TEST_CASE("what hangs below a revoked authority is renewed, and signs nothing", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  revoke(lab, "lab-issuing", false);
  {
    auto workspace = lab.open();
    auto keys = test::keys_of(workspace);
    const auto random = ossl::system_random();
    CHECK_THROWS_WITH(
        workspace::named_signer(workspace, keys, "driver-signing"),
        "'driver-signing@1' signs nothing any more: 'lab-issuing@1' above it is revoked");
    CHECK_THROWS_WITH(
        workspace::timestamp_source(
            &workspace, &keys, "local", [&] { return lab.now; }, random),
        "'timestamping@1' signs nothing any more: 'lab-issuing@1' above it is revoked");
    CHECK(note_of(workspace, "driver-signing", lab.now) == "its issuer 'lab-issuing@1' is revoked");
  }
  SECTION("by the authority's next generation") {
    const auto plan = workspace::make_plan(lab.open());
    REQUIRE(steps(plan) == Lines{"issue lab-issuing", "renew driver-signing", "renew timestamping",
                                 "crl lab-root", "bundle lab-trust"});
    CHECK(plan.steps[1].why == "its issuer 'lab-issuing@1' is revoked");
    lab.apply();
    const auto workspace = lab.open();
    CHECK(workspace.inventory().latest_bundle_version("lab-trust")->version == 2);
    CHECK(steps(workspace::make_plan(workspace)) == Lines{"retire timestamping"});
  }
  SECTION("unless its YAML says not to; a bundle that stays as it is is not promised") {
    lab.edit([](std::string text) {
      text = test::replaced(text, "  driver-signing:\n", "  driver-signing:\n    renew: false\n");
      return test::replaced(text, "  timestamping:\n", "  timestamping:\n    renew: false\n");
    });
    const auto plan = lab.apply();
    CHECK(steps(plan) == Lines{"issue lab-issuing", "crl lab-root"});
    CHECK(notices(plan).front() ==
          "due driver-signing: its issuer 'lab-issuing@1' is revoked, and its YAML says renew: "
          "false");
  }
  SECTION("--due leaves it to a person, and says it") {
    const auto plan = workspace::make_plan(lab.open(), {{}, true});
    CHECK(notices(plan).front() == "due driver-signing: its issuer 'lab-issuing@1' is revoked");
  }
}

TEST_CASE("the end of a list that comes from the safe is said in time", "[workspace]") {
  Twins twins;
  twins.accept(twins.perform(twins.ask()));
  const auto list = [&] {
    const auto workspace = twins.online();
    return *workspace.inventory().latest_crl(workspace.inventory().active("far-root")->id);
  }();
  const std::string bring = ": bring a new one by ceremony ('sealwright ceremony request -o FILE')";
  const auto said = [&] {
    Lines lines;
    for (const auto& notice : workspace::make_plan(twins.online()).notices)
      if (notice.name == "far-root") lines.push_back(notice.text);
    return lines;
  };
  CHECK(said().empty());
  CHECK(note_of(twins.online(), "far-root", twins.now).empty());
  const std::string ends = "the revocation list of 'far-root@1' ends " + to_iso(list.next_update);
  const std::string ended = "the revocation list of 'far-root@1' ended " + to_iso(list.next_update);
  const Time soon = list.next_update - std::chrono::hours(1);
  CHECK(note_of(twins.online(), "far-root", soon) == ends + bring);
  CHECK(note_of(twins.online(), "far-root", list.next_update) == ended + bring);
  twins.now = soon;
  CHECK(said() == Lines{ends + bring});
  twins.accept(twins.perform(twins.ask()));
  CHECK(said().empty());
}
