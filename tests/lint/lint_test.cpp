// What is made of findings: severities, policies, the list of rules.

#include "lint/lint.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "made.h"
#include "policy/load.h"

namespace sealwright::lint {
namespace {
using made::pki;

policy::Policy site(const std::string& more) {
  policy::PolicySet policies;
  return policy::parse_policy(
      "version: 1\nname: site\nrevision: 1\nkind: end-entity\nvalidity: {lifetime: 2y}\n" + more,
      "policies/site.yaml", policies);
}

const Finding* of(const std::vector<Finding>& findings, const std::string& rule) {
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [&](const auto& one) { return one.rule == rule; });
  return found == findings.end() ? nullptr : &*found;
}
}  // namespace

TEST_CASE("every rule has a name of its own, a sentence and a citation", "[lint]") {
  std::set<std::string_view> names;
  for (const auto& rule : rules()) {
    INFO(rule.name);
    CHECK(names.insert(rule.name).second);
    CHECK(rule.summary.size() > 10);
    CHECK(rule.citation.size() > 5);
    CHECK(rule.why.size() > 20);
    CHECK(rule.why.ends_with('.'));
    CHECK(rule.remedy.size() > 5);
    CHECK_FALSE(rule.remedy.ends_with('.'));
    CHECK(find_rule(rule.name) == &rule);
  }
  CHECK(names.size() >= 66);
  CHECK_FALSE(find_rule("no-such-rule"));
}

TEST_CASE("findings carry their citation and a remedy", "[lint]") {
  auto subject = Subject::of(pki().root());
  subject.serial.value = {0x05};
  const auto findings = check(subject);
  const auto* entropy = of(findings, "serial-entropy");
  REQUIRE(entropy);
  CHECK(entropy->severity == Severity::error);
  CHECK(entropy->citation == "CA/B Forum CSBR, 7.1");
  CHECK(entropy->remedy == "draw 64 random bits or more");
  CHECK(to_text(entropy->severity) == "error");
}

TEST_CASE("a policy relaxes rules, or counts warnings", "[lint]") {
  made::Recipe recipe{made::code_signing};
  recipe.key = "rsa2048.key";
  auto subject = Subject::of(pki().make(recipe));
  subject.issuer_certificate = &pki().issuing();
  SECTION("a warning does not stop an issue") {
    const auto policy = site("");
    subject.policy = &policy;
    CHECK(of(check(subject), "rsa-key-size-recommended")->severity == Severity::warning);
    CHECK_FALSE(blocks(check(subject), &policy));
    CHECK_FALSE(blocks(check(subject), nullptr));
  }
  SECTION("unless the policy says so") {
    const auto policy = site("lint: {fail_on: warning}\n");
    subject.policy = &policy;
    CHECK(blocks(check(subject), &policy));
  }
  SECTION("a relaxed rule is reported and does not count") {
    const auto policy = site(
        "lint: {relax: [{rule: rsa-key-size-recommended, because: old token}], fail_on: "
        "warning}\n");
    subject.policy = &policy;
    const auto findings = check(subject);
    CHECK(of(findings, "rsa-key-size-recommended")->severity == Severity::info);
    CHECK(of(findings, "rsa-key-size-recommended")->because == "old token");
    CHECK_FALSE(blocks(check(subject), &policy));
  }
  SECTION("a relaxed rule that does not exist is reported") {
    const auto policy = site("lint: {relax: [{rule: rsa-size, because: x}]}\n");
    subject.policy = &policy;
    REQUIRE(of(check(subject), "relaxed-rule"));
    CHECK(of(check(subject), "relaxed-rule")->message ==
          "policy 'site' relaxes 'rsa-size', which is no rule");
  }
  SECTION("a certificate that is not what its policy says does not pass") {
    const auto policy = site("");
    auto authority = Subject::of(pki().root());
    authority.policy = &policy;
    CHECK(of(check(authority), "basic-constraints-leaf")->message ==
          "it is an authority, its policy is for end-entities");
    CHECK(blocks(check(authority), &policy));
  }
}

TEST_CASE("targets that need an update for SHA-2 are named", "[lint]") {
  auto subject = Subject::of(pki().make({made::code_signing}));
  subject.targets = {"win10-22h2", "win7-sp1"};
  const auto* finding = of(check(subject), "target-digest");
  REQUIRE(finding);
  subject.targets = {"win10-22h2"};
  CHECK_FALSE(of(check(subject), "target-digest"));
}

TEST_CASE("what is about to be signed is judged like what was read", "[lint]") {
  const auto certificate = pki().make({made::code_signing});
  x509::ToBeSigned values;
  values.serial = certificate.serial();
  values.algorithm = *certificate.signature_algorithm();
  values.issuer = certificate.issuer();
  values.subject = x509::Name::parse("CN=" + std::string(65, 'x'));
  values.not_before = certificate.not_before();
  values.not_after = certificate.not_after();
  values.public_key = certificate.public_key();
  values.extensions = certificate.extensions();
  values.extensions.push_back(values.extensions.front());
  const auto findings = check(Subject::of(values));
  CHECK(of(findings, "name-length")->message == "CN is longer than 64 characters");
  CHECK(of(findings, "extension-repeated")->message.starts_with("extension "));
}

}  // namespace sealwright::lint
