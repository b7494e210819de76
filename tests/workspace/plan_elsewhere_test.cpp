// Plans where a key, or its issuer's, is not here.

#include <catch2/catch.hpp>

#include "fixture.h"

using namespace sealwright;
using test::LabWorkspace;
using test::replaced;
using Lines = std::vector<std::string>;

namespace {

std::string with_offline_root(std::string text) {
  return replaced(text, "    policy: root-ca@1\n",
                  "    policy: root-ca@1\n    key: {store: offline}\n");
}

}  // namespace

TEST_CASE("below an offline root requests are made, and what hangs below those waits",
          "[workspace]") {
  const LabWorkspace lab(with_offline_root);
  const auto plan = workspace::make_plan(lab.open());
  CHECK(test::steps(plan) == Lines{"request lab-issuing"});
  CHECK(plan.steps[0].why == "not issued yet");
  CHECK(test::notices(plan) ==
        Lines{"waiting lab-root: waits for a ceremony with 'lab-root': sealwright ceremony request "
              "-o FILE",
              "waiting driver-signing: waits for its issuer 'lab-issuing'",
              "waiting timestamping: waits for its issuer 'lab-issuing'",
              "waiting lab-trust: waits for its certificates: none of them exists yet"});
  CHECK(test::steps(lab.apply()) == Lines{"request lab-issuing"});
  const auto after = workspace::make_plan(lab.open());
  CHECK(after.empty());
  CHECK(test::notices(after)[1] ==
        "waiting lab-issuing: waits for the ceremony with 'lab-root' since 2026-06-15");
}

TEST_CASE("--due makes no request", "[workspace]") {
  const LabWorkspace lab(with_offline_root);
  CHECK(workspace::make_plan(lab.open(), {{}, true}).empty());
}

TEST_CASE("lists are planned where the YAML says where machines find them", "[workspace]") {
  const LabWorkspace lab([](std::string text) {
    return replaced(text, "lab: true\n",
                    "lab: true\ndistribution: {http: http://pki.example, publish: public}\n");
  });
  const auto first = lab.apply();
  CHECK(test::steps(first) == Lines{"issue lab-root", "issue lab-issuing", "issue driver-signing",
                                    "issue timestamping", "crl lab-root", "crl lab-issuing",
                                    "bundle lab-trust"});
  CHECK(first.steps[4].why == "it has no list yet");
  CHECK(lab.apply().empty());
  std::filesystem::remove(lab.scratch / "lab/public/lab-root-1.crt");
  const auto again = lab.apply_due();
  CHECK(test::steps(again) == Lines{"publish distribution"});
  CHECK(again.steps[0].why == "'lab-root-1.crt' is not there");
  CHECK(lab.apply().empty());
}

TEST_CASE("what is there to be revoked is issued, revoked, and left so", "[workspace]") {
  const LabWorkspace lab([](std::string text) {
    text = replaced(text, "lab: true\n",
                    "lab: true\ndistribution: {http: http://pki.example, publish: public}\n");
    return replaced(text, "CN: Driver Lab Signing}", "CN: NEGATIVE TEST revoked}");
  });
  lab.edit_policy("driver-signing", [](std::string text) {
    return replaced(text, "\nkind: end-entity\n",
                    "\nkind: end-entity\nnegative: {breaks: revoked, expect: \"0x800B010C\"}\n");
  });
  const auto plan = lab.apply();
  CHECK(test::steps(plan) == Lines{"issue lab-root", "issue lab-issuing", "issue driver-signing",
                                   "issue timestamping", "revoke driver-signing", "crl lab-root",
                                   "crl lab-issuing", "bundle lab-trust"});
  CHECK(plan.steps[4].detail == "driver-signing@1");
  CHECK(plan.steps[6].why == "something is revoked");
  const auto workspace = lab.open();
  CHECK(workspace.inventory().generation("driver-signing", 1)->state ==
        store::GenerationState::revoked);
  CHECK(workspace.inventory().latest_bundle_version("lab-trust")->state.find("driver-signing@1") !=
        std::string::npos);
  CHECK(lab.apply().empty());
}
