#include <catch2/catch.hpp>

#include "base/error.h"
#include "fixture.h"
#include "workspace/rename.h"

using namespace sealwright;
using test::LabWorkspace;
using test::replaced;
using Lines = std::vector<std::string>;

namespace {

/// driver-signing is called publisher from now on.
std::string with_new_name(std::string text) {
  text = replaced(text, "  driver-signing:\n", "  publisher:\n");
  return replaced(text, "trusted_publisher: [driver-signing]", "trusted_publisher: [publisher]");
}

std::string with_export(std::string text) {
  return replaced(text, "bundles:\n",
                  "exports:\n  cert: {certificate: driver-signing, format: pem, path: out.pem}\n"
                  "bundles:\n");
}

}  // namespace

TEST_CASE("moved keeps everything a name stands for, and makes no new bundle", "[workspace]") {
  const LabWorkspace lab(with_export);
  lab.apply();
  const auto before = lab.open().inventory().active("driver-signing");
  lab.edit([](std::string text) {
    text = replaced(with_new_name(text), "certificate: driver-signing", "certificate: publisher");
    return text + "moved:\n  - {from: driver-signing, to: publisher}\n";
  });
  const auto plan = lab.apply();
  CHECK(test::steps(plan) == Lines{"rename publisher"});
  CHECK(plan.steps[0].what == "was 'driver-signing', thumbprint " + before->thumbprint.hex());
  const auto workspace = lab.open();
  const auto after = workspace.inventory().active("publisher");
  REQUIRE(after);
  CHECK(after->sha256 == before->sha256);
  CHECK(after->key == before->key);
  CHECK_FALSE(workspace.inventory().entity("driver-signing"));
  CHECK(lab.apply().empty());
  CHECK(test::notices(workspace::make_plan(lab.open())).empty());
}

TEST_CASE("planning a rename changes nothing", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  const auto head = lab.open().inventory().head();
  lab.edit([](std::string text) {
    return with_new_name(text) + "moved:\n  - {from: driver-signing, to: publisher}\n";
  });
  const auto workspace = lab.open();
  CHECK(test::steps(workspace::make_plan(workspace)) == Lines{"rename publisher"});
  CHECK(workspace.inventory().head() == head);
  CHECK(workspace.inventory().entity("driver-signing"));
}

TEST_CASE("a new name that may be an old one renamed is said, and planned all the same",
          "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  lab.edit(with_new_name);
  const auto plan = workspace::make_plan(lab.open());
  CHECK(test::steps(plan) == Lines{"issue publisher", "bundle lab-trust"});
  CHECK(test::notices(plan) ==
        Lines{"suggestion publisher: 'driver-signing' left the YAML and has the same policy, "
              "subject and issuer: if 'publisher' is 'driver-signing' renamed, write moved: "
              "[{from: driver-signing, to: publisher}]",
              "unmanaged driver-signing: in the inventory, but not in sealwright.yaml: unmanaged, "
              "left as it is"});
}

TEST_CASE("nothing goes on under a name that the YAML says something else of", "[workspace]") {
  const LabWorkspace lab(with_export);
  lab.apply();
  const auto active = lab.open().inventory().active("driver-signing");
  const std::string what = "'driver-signing@1' (thumbprint " + active->thumbprint.hex() +
                           ") is not what sealwright.yaml calls 'publisher': ";
  const struct {
    const char *name, *from, *to, *differs;
  } rows[] = {
      {"another subject", "CN: Driver Lab Signing", "CN: Somebody",
       "its subject is 'CN=Driver Lab Signing', not 'CN=Somebody'"},
      {"another policy", "policy: driver-signing@1", "policy: timestamping@1",
       "its policy is 'driver-signing', not 'timestamping'"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      lab.edit([&](std::string text) {
        text =
            replaced(with_new_name(text), "certificate: driver-signing", "certificate: publisher");
        return replaced(text, row.from, row.to);
      });
      const auto refusal = [&] {
        const auto workspace = lab.open();
        return workspace::rename_refusal(workspace, "driver-signing",
                                         *workspace.hierarchy().item("publisher"));
      };
      REQUIRE(refusal());
      CHECK(refusal()->text == what + row.differs);
      CHECK(refusal()->hint == "a name of sealwright.yaml is what machines are told to trust");
      lab.edit([](const std::string& text) {
        return text + "moved:\n  - {from: driver-signing, to: publisher}\n";
      });
      const auto plan = workspace::make_plan(lab.open());
      CHECK(plan.refused());
      CHECK(test::notices(plan).front() == "lint publisher: " + what + row.differs);
      CHECK_THROWS_WITH(lab.apply(), what + row.differs);
    }
}
