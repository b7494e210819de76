// Subjects: completed, filled in, checked.

#include <catch2/catch.hpp>
#include <chrono>

#include "base/error.h"
#include "policy/load.h"

namespace sealwright::policy {
namespace {

Policy policy(SubjectPolicy subject) {
  Policy made;
  made.name = "site";
  if (subject.allowed.empty()) subject.allowed = {"CN", "O", "OU", "C", "L", "ST"};
  made.subject = std::move(subject);
  return made;
}

std::string completed(const std::string& text, const SubjectPolicy& rules, const std::string& o,
                      const std::string& c) {
  return expand_subject(complete_subject(parse_subject(text), o, c, policy(rules)), "n", 2).text();
}
}  // namespace

TEST_CASE("organization and country join a subject at their place", "[policy]") {
  CHECK(completed("CN=a", {}, "Acme", "DE") == "CN=a,O=Acme,C=DE");
  CHECK(completed("CN=a,C=NO", {}, "Acme", "DE") == "CN=a,O=Acme,C=NO");
  CHECK(completed("CN=a,O=Other", {}, "Acme", "DE") == "CN=a,O=Other,C=DE");
  CHECK(completed("CN=a,L=Bonn", {}, "Acme", "") == "CN=a,O=Acme,L=Bonn");
  CHECK(completed("CN=a", {}, "", "") == "CN=a");
  SECTION("what the policy fixes comes first, what it does not allow stays out") {
    SubjectPolicy fixed;
    fixed.fixed = {{"O", "Fixed"}};
    CHECK(completed("CN=a", fixed, "Acme", "DE") == "CN=a,O=Fixed,C=DE");
    SubjectPolicy narrow;
    narrow.allowed = {"CN"};
    CHECK(completed("CN=a", narrow, "Acme", "DE") == "CN=a");
  }
}

TEST_CASE("placeholders are filled in at issue", "[policy]") {
  CHECK(completed("CN={name} G{generation}{generation}", {}, "", "") == "CN=n G22");
  CHECK_THROWS_WITH(parse_subject("CN={x}"), "unknown placeholder '{x}'");
  CHECK_THROWS_WITH(parse_subject("CN=a{"), "unknown placeholder '{'");
  CHECK_THROWS_WITH(parse_subject("CN=a}"), "unknown placeholder '}'");
  const auto subject = parse_subject("CN=" + std::string(60, 'a') + "{generation}");
  CHECK_NOTHROW(expand_subject(subject, "n", 9999));
  CHECK_THROWS_AS(expand_subject(subject, "n", 10000), Error);
}

TEST_CASE("a name is held against its policy", "[policy]") {
  SubjectPolicy rules;
  rules.required = {"CN", "O"};
  rules.fixed = {{"O", "Acme"}};
  rules.pattern = {{"CN", "Acme [A-Z][a-z]+ Drivers"}};
  const auto site = policy(rules);
  const auto check = [&](const std::string& text) { check_subject(x509::Name::parse(text), site); };
  CHECK_NOTHROW(check("CN=Acme Network Drivers,O=Acme"));
  CHECK_THROWS_WITH(check("O=Acme"), "the subject lacks CN (policy 'site')");
  CHECK_THROWS_WITH(check("CN=Acme Network Drivers"), "the subject lacks O (policy 'site')");
  CHECK_THROWS_WITH(check("CN=Acme Network Drivers,O=Other"),
                    "O must be 'Acme', not 'Other' (policy 'site')");
  CHECK_THROWS_WITH(check("CN=Acme Network Drivers and more,O=Acme"),
                    "CN 'Acme Network Drivers and more' does not match 'Acme [A-Z][a-z]+ Drivers' "
                    "(policy 'site')");
  CHECK_THROWS_WITH(check("CN=Acme Network Drivers,O=Acme,DC=x"),
                    "the subject may not have DC (policy 'site')");
}

TEST_CASE("every value of a repeated attribute is held against the policy", "[policy]") {
  SubjectPolicy rules;
  rules.fixed = {{"O", "Acme"}};
  rules.pattern = {{"CN", "Acme [a-z]+"}, {"OU", "x+"}};
  const auto site = policy(rules);
  const std::pair<const char*, const char*> rows[] = {
      {"CN=Acme a,O=Acme,O=Evil", "O must be 'Acme', not 'Evil' (policy 'site')"},
      {"CN=Acme a,O=Evil,O=Acme", "O must be 'Acme', not 'Evil' (policy 'site')"},
      {"CN=Acme a,O=Acme+O=Evil", "O must be 'Acme', not 'Evil' (policy 'site')"},
      {"CN=Acme a,O=Acme,O=Acme", "O is fixed and may stand once, not 2 times (policy 'site')"},
      {"CN=Acme a", "O must be 'Acme', not '' (policy 'site')"},
      {"CN=Acme a,CN=Evil,O=Acme", "CN 'Evil' does not match 'Acme [a-z]+' (policy 'site')"},
      {"CN=Evil,CN=Acme a,O=Acme", "CN 'Evil' does not match 'Acme [a-z]+' (policy 'site')"},
  };
  for (const auto& [subject, message] : rows)
    CHECK_THROWS_WITH(check_subject(x509::Name::parse(subject), site), message);
  CHECK_NOTHROW(check_subject(x509::Name::parse("CN=Acme a,CN=Acme b,O=Acme"), site));
}

TEST_CASE("a pattern that invites backtracking is answered at once", "[policy]") {
  SubjectPolicy rules;
  rules.pattern = {{"CN", "(a*)*(a|aa)+b"}};
  const auto start = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(check_subject(x509::Name::parse("CN=" + std::string(64, 'a')), policy(rules)),
                  Error);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

}  // namespace sealwright::policy
