// What time brings: activation, retirement, and apply --due.

#include <catch2/catch.hpp>

#include "fixture.h"

using namespace sealwright;
using test::LabWorkspace;
using test::replaced;
using Lines = std::vector<std::string>;
using std::chrono::days;

namespace {

store::GenerationState state_of(const LabWorkspace& lab, int number) {
  return lab.open().inventory().generation("driver-signing", number)->state;
}

std::string with_renewal(std::string text, const std::string& renewal) {
  return replaced(text,
                  "renewal: {window: 180d, key: new, activate: when-deployed, overlap: until-safe}",
                  "renewal: " + renewal);
}

}  // namespace

TEST_CASE("a renewed signer signs when its bundle was deployed and the lead has passed",
          "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return replaced(text, "    formats:\n",
                    "    deployment: {confirm: required, lead: 30d}\n    formats:\n");
  });
  lab.apply();
  lab.now += days(600);
  CHECK(test::steps(lab.apply_due()) == Lines{"renew driver-signing", "bundle lab-trust"});
  CHECK(test::notices(workspace::make_plan(lab.open())) ==
        Lines{"waiting driver-signing: 'driver-signing@2' waits until bundle 'lab-trust' is "
              "deployed, or for 'sealwright activate driver-signing@2'"});
  lab.open().inventory().record_deployment("lab-trust", 2, 10, 10);
  CHECK(test::notices(workspace::make_plan(lab.open())) ==
        Lines{"waiting driver-signing: 'driver-signing@2' waits until 2028-03-06: lab-trust@2 is "
              "deployed since 2028-02-05, and machines get 30d to fetch it"});
  lab.now += days(30);
  const auto plan = lab.apply_due();
  CHECK(test::steps(plan) == Lines{"activate driver-signing"});
  CHECK(plan.steps[0].why == "lab-trust@2 is deployed since 2028-02-05");
  CHECK(state_of(lab, 1) == store::GenerationState::retiring);
  CHECK(state_of(lab, 2) == store::GenerationState::active);
}

TEST_CASE("activate: by-hand waits for a person, immediately for nobody", "[workspace]") {
  LabWorkspace lab;
  lab.edit_policy("driver-signing", [](std::string text) {
    return with_renewal(text, "{window: 180d, activate: by-hand}");
  });
  lab.apply();
  lab.now += days(600);
  lab.apply();
  CHECK(test::notices(workspace::make_plan(lab.open())) ==
        Lines{"waiting driver-signing: 'driver-signing@2' waits for 'sealwright activate "
              "driver-signing@2': its policy says activate: by-hand"});
}

TEST_CASE("a retiring signer leaves when nothing on record depends on it", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  const bool timestamped = GENERATE(true, false);
  const auto id =
      test::record_signature(lab, 1, timestamped ? std::optional(lab.now) : std::nullopt);
  lab.now += days(600);
  lab.apply();
  {
    auto workspace = lab.open();
    workspace.inventory().activate(workspace.inventory().generation("driver-signing", 2)->id);
  }
  CHECK(lab.apply().empty());
  CHECK(state_of(lab, 1) == store::GenerationState::retiring);
  if (timestamped)
    lab.open().inventory().withdraw_signature(id, "not shipped any more");
  else
    lab.now += days(200);  // past the certificate's end, where it counts no more
  const auto plan = lab.apply_due();
  CHECK(test::steps(plan) == Lines{"retire driver-signing", "bundle lab-trust"});
  CHECK(plan.steps[0].detail == "driver-signing@1");
  CHECK(plan.steps[0].why == "nothing on record depends on it any more");
  CHECK(state_of(lab, 1) == store::GenerationState::retired);
  CHECK(lab.apply_due().empty());
}

TEST_CASE("an overlap of a fixed time ends with it, whatever was signed", "[workspace]") {
  LabWorkspace lab;
  lab.edit_policy("driver-signing", [](std::string text) {
    return with_renewal(text, "{window: 180d, activate: immediately, overlap: 20d}");
  });
  lab.apply();
  test::record_signature(lab, 1, lab.now);
  lab.now += days(600);
  lab.apply();
  CHECK(state_of(lab, 1) == store::GenerationState::retiring);
  lab.now += days(19);
  CHECK(lab.apply_due().empty());
  lab.now += days(1);
  const auto plan = lab.apply_due();
  CHECK(test::steps(plan) == Lines{"retire driver-signing", "bundle lab-trust"});
  CHECK(plan.steps[0].why == "its overlap of 20d is over since 2028-02-25");
}

TEST_CASE("--due does nothing new", "[workspace]") {
  LabWorkspace lab;
  CHECK(lab.apply_due().empty());
  CHECK(workspace::to_text(lab.apply_due()) == "Nothing is due in 'driver-lab'.\n");
  lab.apply();
  lab.edit([](std::string text) {
    return replaced(replaced(text, "certificates:\n",
                             "certificates:\n  other: {policy: driver-signing@1, issuer: "
                             "lab-issuing, subject: {CN: Other}}\n"),
                    "trusted_publisher: [driver-signing]",
                    "trusted_publisher: [driver-signing, other]");
  });
  CHECK(lab.apply_due().empty());
  CHECK(test::steps(lab.apply()) == Lines{"issue other", "bundle lab-trust"});
}

TEST_CASE("--due writes the bundle that a run before it did not come to", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  lab.now += days(600);
  {
    auto workspace = lab.open();
    auto keys = test::keys_of(workspace);
    const auto stop = [](const workspace::Step&, const std::string&) {
      throw std::runtime_error("power is gone");
    };
    CHECK_THROWS_WITH(workspace::apply(workspace, workspace::make_plan(workspace, {{}, true}), keys,
                                       {ossl::system_random(), stop}),
                      "power is gone");
  }
  CHECK(test::steps(lab.apply_due()) == Lines{"bundle lab-trust"});
}

TEST_CASE("an authority may have renewal terms of its own", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return replaced(text, "    issuer: lab-root\n",
                    "    issuer: lab-root\n    renewal: {window: 9y}\n");
  });
  lab.apply();
  lab.now += days(400);
  CHECK(test::notices(workspace::make_plan(lab.open())) ==
        Lines{"due lab-issuing: 'lab-issuing@1' ends at 2036-06-15T00:00:00Z: an authority is "
              "replaced by a rotation, which this version does not do"});
}

TEST_CASE("what left the YAML stays in its bundle while something depends on it", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    text = replaced(text, "certificates:\n",
                    "certificates:\n  other: {policy: driver-signing@1, issuer: lab-issuing, "
                    "subject: {CN: Other}}\n");
    return replaced(text, "[driver-signing]", "[driver-signing, other]");
  });
  lab.apply();
  const auto id = test::record_signature(lab, 1, lab.now);
  lab.edit([](std::string text) {
    text = replaced(text, "  driver-signing:\n", "  gone:\n");
    text = replaced(text, "CN: Driver Lab Signing", "CN: Driver Lab Signing 2");
    return replaced(text, "[driver-signing, other]", "[gone, other]");
  });
  const auto present = [&] {
    const auto latest = lab.open().inventory().latest_bundle_version("lab-trust");
    return latest->state.substr(0, latest->state.find("\"removed\""))
               .find("\"name\":\"driver-signing@1\"") != std::string::npos;
  };
  lab.apply();
  CHECK(present());
  lab.open().inventory().withdraw_signature(id, "replaced");
  CHECK(test::steps(lab.apply()) == Lines{"bundle lab-trust"});
  CHECK_FALSE(present());
  CHECK(lab.open().inventory().active("driver-signing"));
}

TEST_CASE("--due goes on without what is refused", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return replaced(text, "lab: true\n",
                    "lab: true\ndistribution: {http: http://pki.example, publish: public}\n");
  });
  lab.apply();
  lab.now += days(365 * 9 + 100);
  const auto plan = lab.apply_due();
  CHECK(test::steps(plan) == Lines{"crl lab-root", "crl lab-issuing"});
  CHECK(plan.refused());
  CHECK(test::notices(plan).back() ==
        "lint timestamping: 'timestamping' would outlive its issuer 'lab-issuing@1', which ends "
        "on 2036-06-15 (end it by then, or rotate 'lab-issuing' first)");
}
