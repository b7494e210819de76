#include <catch2/catch.hpp>

#include "base/error.h"
#include "fixture.h"

using namespace sealwright;
using test::LabWorkspace;
using test::replaced;
using Lines = std::vector<std::string>;

namespace {

/// A new revision of driver-signing, with `renewal` in place of its own.
void revise(const LabWorkspace& lab, const std::string& on_change) {
  lab.edit_policy("driver-signing", [&](std::string text) {
    text = replaced(text, "\nrevision: 1", "\nrevision: 2");
    return replaced(text, "overlap: until-safe}",
                    "overlap: until-safe, on_policy_change: " + on_change + "}");
  });
  lab.edit([](std::string text) { return replaced(text, "driver-signing@1", "driver-signing@2"); });
}

workspace::Plan planned(const LabWorkspace& lab) { return workspace::make_plan(lab.open()); }

}  // namespace

TEST_CASE("a revised policy takes effect as its on_policy_change says", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  SECTION("at renewal: it is said") {
    revise(lab, "at-renewal");
    CHECK(planned(lab).empty());
    CHECK(test::notices(planned(lab)) ==
          Lines{"differs driver-signing: policy driver-signing is now revision 2: takes effect "
                "with the next generation"});
  }
  SECTION("now: the next generation is made") {
    revise(lab, "now");
    const auto plan = planned(lab);
    CHECK(test::steps(plan) == Lines{"renew driver-signing", "bundle lab-trust"});
    CHECK(plan.steps[0].why == "policy driver-signing is now revision 2");
    lab.apply();
    CHECK(planned(lab).empty());
  }
  SECTION("never: nothing is said") {
    revise(lab, "never");
    CHECK(planned(lab).empty());
    CHECK(test::notices(planned(lab)).empty());
  }
}

TEST_CASE("what the YAML says now and a certificate does not is named, with when it comes",
          "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  const struct {
    const char *name, *from, *to, *notice;
  } rows[] = {
      {"a leaf's subject", "CN: Driver Lab Signing", "CN: Somebody",
       "differs driver-signing: its subject is 'CN=Somebody' in the YAML, and 'CN=Driver Lab "
       "Signing' in 'driver-signing@1': takes effect with the next generation"},
      {"an authority's subject", "Driver Lab Issuing CA {generation}", "Lab CA",
       "differs lab-issuing: its subject is 'CN=Lab CA' in the YAML, and 'CN=Driver Lab Issuing "
       "CA 1' in 'lab-issuing@1': the authority is kept as it is; to replace it: rotate"},
      {"an issuer", "issuer: lab-issuing\n    subject: {CN: Driver Lab Signing}",
       "issuer: lab-root\n    subject: {CN: Driver Lab Signing}",
       "differs driver-signing: its issuer is 'lab-root' in the YAML, and 'driver-signing@1' was "
       "issued by 'lab-issuing': takes effect with the next generation"},
      {"another policy", "driver-signing@1", "code-signing@1",
       "differs driver-signing: policy code-signing@1 replaces driver-signing@1: takes effect "
       "with the next generation"},
      {"alternative names", "subject: {CN: Driver Lab Signing}",
       "subject: {CN: Driver Lab Signing}\n    san: {dns: [lab.example]}",
       "differs driver-signing: its alternative names in the YAML are not those of "
       "'driver-signing@1': takes effect with the next generation"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      lab.edit([&](std::string text) { return replaced(text, row.from, row.to); });
      CHECK(test::notices(planned(lab)) == Lines{row.notice});
      for (const auto& step : planned(lab).steps)
        CHECK(step.action == workspace::Step::Action::write_bundle);
    }
}

TEST_CASE("a policy that was edited without a new revision is refused before anything is made",
          "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  lab.edit_policy("driver-signing", [](std::string text) {
    return replaced(text, "validity: {lifetime: 2y", "validity: {lifetime: 1y");
  });
  const std::string refusal =
      "policy 'driver-signing' says something else than when revision 1 was first used: raise its "
      "revision";
  CHECK(test::notices(planned(lab)) == Lines{"lint driver-signing: " + refusal});
  CHECK(workspace::make_plan(lab.open(), {{"timestamping"}, false}).notices.empty());
  CHECK(workspace::make_plan(lab.open(), {{}, true}).notices.empty());  // nothing is due under it
  lab.edit([](std::string text) {
    return replaced(text, "certificates:\n",
                    "certificates:\n  other: {policy: driver-signing@1, issuer: lab-issuing, "
                    "subject: {CN: Other}}\n");
  });
  CHECK(test::notices(planned(lab)) ==
        Lines{"lint other: " + refusal, "lint driver-signing: " + refusal});
}

TEST_CASE("what apply would refuse stands in the plan, and apply makes nothing then",
          "[workspace]") {
  const LabWorkspace lab([](std::string text) {
    return replaced(text, "lab: true\n", "lab: true\ntargets: [win10-22h2]\n");
  });
  lab.edit_policy("driver-signing", [](std::string text) {
    return replaced(text, "validity: {lifetime: 2y", "targets: [xp-sp3]\nvalidity: {lifetime: 2y");
  });
  auto workspace = lab.open();
  const auto plan = workspace::make_plan(workspace);
  const auto refusals = test::notices(plan);
  REQUIRE(refusals.size() == 1);
  CHECK(refusals[0].starts_with("lint driver-signing: 'driver-signing' may not be issued: "));
  CHECK(workspace::to_text(plan).ends_with("\nApply refuses this: see the line marked x.\n"));
  auto keys = test::keys_of(workspace);
  try {
    workspace::apply(workspace, plan, keys, {ossl::system_random(), {}});
    FAIL("it was applied");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::policy);
    CHECK(error.hint == "nothing was done; mend it, or leave 'driver-signing' out with --only");
  }
  CHECK(workspace.inventory().entities().empty());
}

TEST_CASE("a validity that its policy forbids is refused in the plan", "[workspace]") {
  const LabWorkspace lab([](std::string text) {
    return replaced(text, "subject: {CN: Driver Lab Signing}\n",
                    "subject: {CN: Driver Lab Signing}\n    validity: {not_after: 2026-01-01}\n");
  });
  CHECK(test::notices(planned(lab)) ==
        Lines{"lint driver-signing: 'driver-signing' would end on 2026-01-01, which is past"});
}
