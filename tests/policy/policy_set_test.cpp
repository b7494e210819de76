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

TEST_CASE("a new revision of the program's leaves those that are pinned as they are", "[policy]") {
  const std::string head = "version: 1\nname: site\nkind: end-entity\n";
  const std::string first = head + "revision: 1\nvalidity: {lifetime: 2y}\n";
  const std::string second = head + "revision: 2\nvalidity: {lifetime: 1y}\n";
  const std::string user =
      "version: 1\nname: user\nrevision: 1\nkind: end-entity\nextends: site@1\n";
  const EmbeddedFile shipped[] = {{"policies/site.yaml", second},
                                  {"policies/site@1.yaml", first},
                                  {"policies/user.yaml", user}};
  PolicySet policies({}, shipped);
  CHECK(policies.names() == std::vector<std::string>{"site", "user"});
  CHECK(policies.get("site")->revision == 2);
  CHECK(policies.get("site@1")->validity.lifetime == Duration{24, {}});
  CHECK(policies.get("user")->validity.lifetime == Duration{24, {}});
  SECTION("a hierarchy gets the revision it names") {
    const std::string yaml =
        "version: 1\nname: x\ncertificates: {a: {policy: site@1, issuer: self}}\n";
    CHECK(parse_hierarchy(yaml, "sealwright.yaml", policies).certificates.at(0).policy->revision ==
          1);
  }
  SECTION("init copies the pinned one under its plain name") {
    const auto files = policies.files({policies.get("site@1")});
    REQUIRE(files.size() == 1);
    CHECK(files.at(0).name == "site");
    CHECK(files.at(0).text == first);
    const Folder folder;
    std::ofstream(folder.scratch / "site.yaml") << first;
    PolicySet workspace(folder.scratch.path(), shipped);
    CHECK(workspace.get("site@1")->place.file == "policies/site.yaml");
    CHECK(workspace.get("site")->revision == 1);
  }
  SECTION("a revision that is nowhere is not replaced") {
    CHECK_THROWS_WITH(policies.get("site@3"), "policy 'site' has revision 2, not 3");
  }
}

}  // namespace sealwright::policy
