#include "workspace/renewal.h"

#include <catch2/catch.hpp>

#include "fixture.h"
#include "workspace/status.h"

using namespace sealwright;
using test::LabWorkspace;

TEST_CASE("status follows a certificate from new to due to waiting", "[workspace]") {
  LabWorkspace lab;
  const auto row = [&] {
    const auto workspace = lab.open();
    for (auto& found : workspace::status_of(workspace, lab.now, {}).rows)
      if (found.name == "driver-signing") return found;
    return workspace::StatusRow{};
  };
  CHECK(row().note == "not issued yet");
  CHECK(row().due);
  lab.apply();
  CHECK(row().active == "driver-signing@1");
  CHECK(row().days_left == 731);
  CHECK_FALSE(row().due);
  lab.now += std::chrono::days(600);
  CHECK(row().due);
  CHECK(row().note == "'driver-signing@1' ends at 2028-06-15T00:00:00Z");
  lab.apply();
  CHECK_FALSE(row().due);
  CHECK(row().next == "driver-signing@2");
  CHECK(row().note ==
        "'driver-signing@2' waits until 2028-03-21: lab-trust@2 is written since 2028-02-05, and "
        "machines get 45d to fetch it");
  lab.now += std::chrono::days(46);
  CHECK(row().due);
  CHECK(row().note == "driver-signing@2 may sign: lab-trust@2 is written since 2028-02-05");
}

TEST_CASE("an authority that is due is said, and not renewed", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  lab.now += std::chrono::days(365 * 9 + 200);
  const auto plan = workspace::make_plan(lab.open());
  for (const auto& step : plan.steps) CHECK(step.name != "lab-issuing");
  REQUIRE_FALSE(plan.notices.empty());
  CHECK(plan.notices[0].name == "lab-issuing");
  CHECK(plan.notices[0].text.find(
            "an authority is replaced by a rotation, which this version does not do") !=
        std::string::npos);
}

TEST_CASE("what would only end at the same time is not renewed over and over", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return test::replaced(text, "subject: {CN: Driver Lab Signing}\n",
                          "subject: {CN: Driver Lab Signing}\n"
                          "    validity: {not_after: 2026-09-01}\n");
  });
  lab.apply();
  lab.now += std::chrono::days(70);
  CHECK(lab.apply().empty());
  CHECK(test::notices(workspace::make_plan(lab.open())) ==
        std::vector<std::string>{
            "due driver-signing: 'driver-signing@1' ends at 2026-09-01T00:00:00Z, as its YAML "
            "says: give it a later not_after"});
}

TEST_CASE("a lifetime shorter than the window is renewed in its last quarter", "[workspace]") {
  LabWorkspace lab([](std::string text) {
    return test::replaced(text, "subject: {CN: Driver Lab Signing}\n",
                          "subject: {CN: Driver Lab Signing}\n    validity: {lifetime: 100d}\n");
  });
  lab.apply();
  lab.now += std::chrono::days(74);
  CHECK(lab.apply().empty());
  lab.now += std::chrono::days(2);
  CHECK(test::steps(lab.apply()) ==
        std::vector<std::string>{"renew driver-signing", "bundle lab-trust"});
}
