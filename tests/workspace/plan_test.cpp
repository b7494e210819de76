#include "workspace/plan.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "fixture.h"

using namespace sealwright;
using test::LabWorkspace;

namespace {

std::vector<std::string> names(const workspace::Plan& plan) {
  std::vector<std::string> all;
  for (const auto& step : plan.steps) all.push_back(step.name);
  return all;
}

}  // namespace

TEST_CASE("the first plan is the whole hierarchy, issuers first; the second is empty",
          "[workspace]") {
  const LabWorkspace lab;
  CHECK(workspace::to_text(workspace::make_plan(lab.open())) ==
        test::golden("plan-driver-lab.txt", workspace::to_text(workspace::make_plan(lab.open()))));
  CHECK(names(lab.apply()) == std::vector<std::string>{"lab-root", "lab-issuing", "driver-signing",
                                                       "timestamping", "lab-trust"});
  CHECK(lab.apply().empty());
  CHECK(workspace::to_text(workspace::make_plan(lab.open())) ==
        "No changes: 'driver-lab' is as its YAML says.\n");
}

TEST_CASE("a plan survives being saved", "[workspace]") {
  const LabWorkspace lab;
  const auto plan = workspace::make_plan(lab.open());
  const auto again = workspace::plan_from_json(workspace::to_json(plan).dump());
  CHECK(again.steps == plan.steps);
  CHECK(again.notices == plan.notices);
  CHECK(again.inventory == plan.inventory);
}

TEST_CASE("a saved plan is refused once the inventory moved", "[workspace]") {
  const LabWorkspace lab;
  auto workspace = lab.open();
  const auto plan = workspace::make_plan(workspace);
  lab.apply();
  auto keys = test::keys_of(workspace);
  CHECK_THROWS_WITH(workspace::apply(workspace, plan, keys, {ossl::system_random(), {}}),
                    "the inventory changed since the plan was made");
}

TEST_CASE("a saved plan is refused once the YAML says something else", "[workspace]") {
  const LabWorkspace lab;
  const auto plan = workspace::make_plan(lab.open());
  lab.edit([](std::string text) {
    return test::replaced(text, "CN: Driver Lab Signing", "CN: Somebody Else");
  });
  auto workspace = lab.open();
  auto keys = test::keys_of(workspace);
  CHECK_THROWS_WITH(workspace::apply(workspace, plan, keys, {ossl::system_random(), {}}),
                    "sealwright.yaml or a policy changed since the plan was made");
  CHECK(workspace.inventory().generations().empty());
}

TEST_CASE("a run that is cut short is continued by the next", "[workspace]") {
  const LabWorkspace lab;
  auto workspace = lab.open();
  auto keys = test::keys_of(workspace);
  int done = 0;
  const auto stop = [&](const workspace::Step&, const std::string&) {
    if (++done == 2) throw std::runtime_error("power is gone");
  };
  CHECK_THROWS_WITH(workspace::apply(workspace, workspace::make_plan(workspace), keys,
                                     {ossl::system_random(), stop}),
                    "power is gone");
  CHECK(names(lab.apply()) ==
        std::vector<std::string>{"driver-signing", "timestamping", "lab-trust"});
  CHECK(lab.apply().empty());
}

TEST_CASE("--only takes what it needs along, and nothing else", "[workspace]") {
  const LabWorkspace lab;
  CHECK(names(workspace::make_plan(lab.open(), {{"timestamping"}})) ==
        std::vector<std::string>{"lab-root", "lab-issuing", "timestamping"});
  CHECK_THROWS_WITH(workspace::make_plan(lab.open(), {{"timestampin"}}),
                    "sealwright.yaml has nothing called 'timestampin'");
}

TEST_CASE("what left the YAML is named and left alone", "[workspace]") {
  const LabWorkspace lab([](std::string text) {
    return test::replaced(text, "certificates:\n",
                          "certificates:\n  extra: {policy: driver-signing@1, issuer: lab-issuing, "
                          "subject: {CN: Extra}}\n");
  });
  lab.apply();
  lab.edit([](std::string text) {
    return test::replaced(
        text, "  extra: {policy: driver-signing@1, issuer: lab-issuing, subject: {CN: Extra}}\n",
        "");
  });
  const auto plan = workspace::make_plan(lab.open());
  CHECK(plan.empty());
  REQUIRE(plan.notices.size() == 1);
  CHECK(plan.notices[0].text ==
        "in the inventory, but not in sealwright.yaml: unmanaged, left as it is");
}

TEST_CASE("plan_from_json refuses what is no plan", "[workspace]") {
  for (const char* text : {"{}", "{\"schema\": \"other/1\"}"})
    CHECK_THROWS_WITH(workspace::plan_from_json(text),
                      "not a plan of this program (schema 'sealwright.plan/1')");
  CHECK_THROWS_AS(workspace::plan_from_json("{\"schema\": \"sealwright.plan/1\"}"), Error);
}
