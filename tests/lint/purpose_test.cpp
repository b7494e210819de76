// What certificates are for, as their policies say, and what follows for the rules.

#include <algorithm>
#include <catch2/catch.hpp>

#include "lint/lint.h"
#include "made.h"
#include "policy/load.h"

namespace sealwright::lint {
namespace {
using made::pki;

policy::Policy parsed(const std::string& name, const std::string& more) {
  policy::PolicySet policies;
  return policy::parse_policy(
      "version: 1\nname: " + name + "\nrevision: 1\nkind: end-entity\n" + more,
      "policies/" + name + ".yaml", policies);
}

policy::Policy plain(const std::string& more) {
  return parsed("site", "validity: {lifetime: 1y}\n" + more);
}

/// "severity rule" of each finding above info, one a line.
std::string told(const policy::Policy& policy, const std::string& extensions) {
  auto subject = Subject::of(pki().make({extensions}));
  subject.issuer_certificate = &pki().issuing();
  subject.policy = &policy;
  std::string all;
  for (const auto& finding : check(subject))
    if (finding.severity != Severity::info)
      all += to_text(finding.severity) + " " + finding.rule + "\n";
  return all;
}

std::string with_eku(const std::string& purposes) {
  auto text = made::code_signing;
  const std::string from = "extendedKeyUsage=codeSigning\n";
  return text.replace(text.find(from), from.size(),
                      purposes.empty() ? "" : "extendedKeyUsage=" + purposes + "\n");
}
}  // namespace

TEST_CASE("a policy tells what its certificates are for", "[lint]") {
  struct Row {
    const char* name;
    policy::Policy policy;
    Purpose expected;
  };
  const std::string eku = "extensions: {extended_key_usage: {values: [";
  const Row rows[] = {
      {"nothing said", plain(""), Purpose::any},
      {"targets alone", plain("targets: [win10-22h2]\n"), Purpose::code_signing},
      {"code signing", plain(eku + "codeSigning]}}\n"), Purpose::code_signing},
      {"code signing and more", plain(eku + "serverAuth, codeSigning]}}\n"), Purpose::code_signing},
      {"servers", plain(eku + "serverAuth]}}\n"), Purpose::tls},
      {"servers, with targets", plain("targets: [win10-22h2]\n" + eku + "serverAuth]}}\n"),
       Purpose::tls},
      {"clients", plain(eku + "clientAuth]}}\n"), Purpose::tls},
      {"timestamps", plain(eku + "timeStamping]}}\n"), Purpose::timestamping},
      {"OCSP", plain(eku + "OCSPSigning]}}\n"), Purpose::ocsp},
      {"extends a policy for drivers, whatever it says",
       parsed("site", "extends: driver-signing@1\n" + eku + "clientAuth]}}\n"),
       Purpose::code_signing},
      {"wrong on purpose",
       plain(eku + "serverAuth]}}\nnegative: {breaks: code-signing-eku, expect: \"0x800B0110\"}\n"),
       Purpose::code_signing},
      {"without usages on purpose",
       plain("negative: {breaks: eku-present, expect: \"0x800B0110\"}\n"), Purpose::code_signing},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(to_text(purpose_of(row.policy)) == to_text(row.expected));
    }
}

TEST_CASE("shipped policies are for what they are called", "[lint]") {
  policy::PolicySet policies;
  const std::pair<const char*, Purpose> expected[] = {
      {"root-ca", Purpose::authority},           {"issuing-ca", Purpose::authority},
      {"driver-signing", Purpose::code_signing}, {"self-signed-driver", Purpose::code_signing},
      {"timestamping", Purpose::timestamping},
  };
  for (const auto& [name, purpose] : expected) {
    INFO(name);
    CHECK(to_text(purpose_of(*policies.get(name))) == to_text(purpose));
  }
  for (const auto& name : policies.names()) {
    INFO(name);
    if (name.starts_with("tls-"))
      CHECK(to_text(purpose_of(*policies.get(name))) == to_text(Purpose::tls));
    if (name.find("signing") != std::string::npos && name != "ocsp-signing")
      CHECK(to_text(purpose_of(*policies.get(name))) == to_text(Purpose::code_signing));
  }
}

TEST_CASE("shipped policies relax and break rules that exist", "[lint]") {
  policy::PolicySet policies;
  for (const auto& name : policies.names()) {
    INFO(name);
    const auto policy = policies.get(name);
    for (const auto& relaxed : policy->lint.relax) CHECK(find_rule(relaxed.rule));
    if (policy->negative) CHECK(find_rule(policy->negative->breaks));
  }
}

TEST_CASE("rules for code signing hold where code is signed, and only there", "[lint]") {
  const auto tls = plain("extensions: {extended_key_usage: {values: [serverAuth]}}\n");
  CHECK(told(tls, with_eku("serverAuth,clientAuth")).empty());
  const auto driver = parsed("site", "extends: driver-signing@1\n");
  CHECK(told(driver, with_eku("codeSigning")).empty());
  CHECK(told(driver, with_eku("clientAuth")) == "error code-signing-eku\n");
  CHECK(told(driver, with_eku("")) == "error eku-present\n");
  CHECK(told(driver, with_eku("codeSigning,anyExtendedKeyUsage")) == "error eku-any\n");
}

TEST_CASE("a certificate that is wrong on purpose breaks its rule as info, with the reason",
          "[lint]") {
  const auto policy = parsed("neg",
                             "extends: driver-signing@1\nextensions: {extended_key_usage: "
                             "{values: [clientAuth]}}\nnegative: {breaks: "
                             "code-signing-eku, expect: \"0x800B0110\"}\n");
  auto subject = Subject::of(pki().make({with_eku("clientAuth")}));
  subject.issuer_certificate = &pki().issuing();
  subject.policy = &policy;
  const auto findings = check(subject);
  const auto found = std::ranges::find(findings, "code-signing-eku", &Finding::rule);
  REQUIRE(found != findings.end());
  CHECK(found->severity == Severity::info);
  CHECK(found->because == "broken on purpose: negative");
  CHECK_FALSE(blocks(findings, &policy));
}

TEST_CASE("rules of negative labs exist under their names", "[lint]") {
  for (const char* name : {"validity-in-the-past", "validity-in-the-future", "code-signing-eku",
                           "eku-present", "signature-digest", "rsa-key-size", "path-length",
                           "name-constraints", "basic-constraints-leaf", "key-usage-bits",
                           "issuer-expired", "revoked", "root-trusted", "chain-complete"}) {
    INFO(name);
    CHECK(find_rule(name));
  }
}

}  // namespace sealwright::lint
