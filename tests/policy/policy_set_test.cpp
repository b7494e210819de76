// Policies found by name, and policies that extend others.

#include <catch2/catch.hpp>
#include <fstream>

#include "base/error.h"
#include "policy/load.h"
#include "support.h"

namespace sealwright::policy {
namespace {

struct Folder {
  test::Scratch scratch;
  void add(const std::string& file, const std::string& rest) const {
    const auto name = file.substr(0, file.find('@'));
    std::ofstream(scratch / (file + ".yaml")) << "version: 1\nname: " << name << "\n" << rest;
  }
  PolicySet policies() const { return PolicySet(scratch.path()); }
};

const std::string body = "kind: end-entity\nvalidity: {lifetime: 2y}\n";
}  // namespace

TEST_CASE("the workspace's policy is taken before the program's", "[policy]") {
  const Folder folder;
  folder.add("driver-signing", "revision: 5\n" + body);
  auto policies = folder.policies();
  CHECK(policies.get("driver-signing")->revision == 5);
  CHECK(to_text(policies.get("driver-signing")->place) == "policies/driver-signing.yaml:2:7");
  SECTION("a revision that the workspace lacks is looked for in the program") {
    CHECK(policies.get("driver-signing@1")->revision == 1);
    CHECK(to_text(policies.get("driver-signing@1")->place) ==
          "built-in policies/driver-signing.yaml:6:7");
  }
  SECTION("a key of another algorithm takes no size from what it extends") {
    folder.add("quick",
               "revision: 1\nkind: end-entity\nextends: self-signed-driver@1\nkey: {algorithm: "
               "ecdsa, curve: p256}\n");
    CHECK(folder.policies().get("quick")->key.spec.type == ossl::KeyType::ec);
  }
  SECTION("a policy may extend the shipped one of its own name") {
    folder.add(
        "issuing-ca",
        "revision: 2\nkind: intermediate\nextends: issuing-ca@1\nvalidity: {lifetime: 5y}\n");
    const auto policy = policies.get("issuing-ca");
    CHECK(policy->validity.lifetime == Duration{60, {}});
    CHECK(policy->extensions.basic_constraints->path_length == 0);
    CHECK(policies.files({policy}).size() == 2);
    CHECK(policies.files({policy}).at(1).name == "issuing-ca@1");
  }
}

TEST_CASE("unknown policies and revisions are named with what there is", "[policy]") {
  PolicySet policies;
  try {
    policies.get("driver-sining");
    FAIL("found");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::state);
    CHECK(error.message == "there is no policy 'driver-sining'");
    CHECK(error.hint == "did you mean 'driver-signing'?");
  }
  CHECK_THROWS_WITH(policies.get("driver-signing@2"),
                    "policy 'driver-signing' has revision 1, not 2");
  CHECK_THROWS_WITH(policies.get("../../etc/passwd"), "there is no policy '../../etc/passwd'");
}

TEST_CASE("extending merges field by field", "[policy]") {
  const Folder folder;
  folder.add("base", "revision: 1\n" + body +
                         "extensions: {extended_key_usage: {critical: true, values: "
                         "[codeSigning]}, basic_constraints: {ca: false}}\n"
                         "subject: {fixed: {O: Acme}}\n");
  folder.add("middle", "revision: 3\nkind: end-entity\nextends: base@1\nkey: {size: 4096}\n");
  folder.add("top",
             "revision: 2\nkind: end-entity\nextends: middle\nvalidity: {max_lifetime: 3y}\n"
             "extensions: {extended_key_usage: {values: [clientAuth]}}\n");
  auto policies = folder.policies();
  const auto top = policies.get("top");
  CHECK(top->extends == std::vector<std::string>{"middle@3", "base@1"});
  CHECK(top->key.spec.bits == 4096);
  CHECK(top->validity.lifetime == Duration{24, {}});
  CHECK(top->validity.max_lifetime == Duration{36, {}});
  CHECK(top->extensions.extended_key_usage->critical);
  CHECK(top->extensions.extended_key_usage->purposes.size() == 1);
  CHECK(top->extensions.basic_constraints);
  CHECK(top->subject.fixed.size() == 1);
  std::vector<std::string> names;
  for (const auto& file : policies.files({top, policies.get("base")})) names.push_back(file.name);
  CHECK(names == std::vector<std::string>{"base", "middle", "top"});
}

TEST_CASE("circles, gaps and mistakes in what is extended are found", "[policy]") {
  const Folder folder;
  auto policies = folder.policies();
  SECTION("a policy that extends itself") {
    folder.add("a", "revision: 1\nextends: a\n" + body);
    CHECK_THROWS_WITH(policies.get("a"), "policies/a.yaml:4:10: policy 'a' extends itself");
  }
  SECTION("two that extend each other") {
    folder.add("a", "revision: 1\nextends: b\n" + body);
    folder.add("b", "revision: 1\nextends: a@1\n" + body);
    CHECK_THROWS_WITH(policies.get("a"), "policies/b.yaml:4:10: policy 'a' extends itself");
  }
  SECTION("a chain without end") {
    for (int i = 0; i < 20; ++i)
      folder.add("p" + std::to_string(i),
                 "revision: 1\nextends: p" + std::to_string(i + 1) + "\n" + body);
    CHECK_THROWS_WITH(policies.get("p0"),
                      "policies/p16.yaml:4:10: more than 16 policies extend each other");
  }
  SECTION("a mistake inside the base is shown there") {
    folder.add("a", "revision: 1\nextends: b\n" + body);
    folder.add("b", "revision: 1\nkind: end-entity\nvalidity: {lifetime: no}\n");
    CHECK_THROWS_WITH(policies.get("a"), "policies/b.yaml:5:22: 'no' is not a duration");
  }
  SECTION("name and revision are never inherited") {
    folder.add("b", "revision: 1\n" + body);
    folder.add("a", "extends: b\n" + body);
    CHECK_THROWS_WITH(policies.get("a"), "policies/a.yaml:1:1: 'revision' is missing");
  }
}

}  // namespace sealwright::policy
