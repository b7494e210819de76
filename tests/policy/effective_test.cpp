// Policies written out with every default.

#include "policy/effective.h"

#include <catch2/catch.hpp>

#include "policy/load.h"

namespace sealwright::policy {

TEST_CASE("a shipped policy written out says the same", "[policy]") {
  PolicySet policies;
  for (const auto& name : policies.names()) DYNAMIC_SECTION(name) {
      const auto policy = policies.get(name);
      const auto written = to_yaml(*policy);
      INFO(written);
      PolicySet others;
      const auto again = parse_policy(written, "policies/" + name + ".yaml", others);
      CHECK(again.fingerprint == policy->fingerprint);
      CHECK(again.revision == policy->revision);
      CHECK(again.description == policy->description);
      CHECK(to_yaml(again) == written);
    }
}

TEST_CASE("whatever a policy says is written out", "[policy]") {
  const std::string text = R"(version: 1
name: site
revision: 7
kind: intermediate
description: "Two lines:\nthis is \"the\" second"
targets: ["2000", win11-24h2]
key: {algorithm: ecdsa, curve: p384, store: [pkcs11, offline], export: never}
signature: {digest: sha384}
validity: {backdate: 1h, not_before: 2020-01-01, not_after: 2021-01-01T12:00:00Z}
subject:
  required: [CN, O]
  allowed: [CN, O, C, DC]
  fixed: {O: "Acme: \"Drivers\" # 1", C: "NO"}
  pattern: {CN: "[A-Z]\\w+ {2,40}"}
extensions:
  key_usage: {critical: false, values: [digitalSignature, keyCertSign]}
  extended_key_usage: [codeSigning, 1.2.3.4]
  basic_constraints: {ca: true, path_length: 2}
  name_constraints: {permitted: {dns: [a.example], directory: ["O=A,C=DE"]}, excluded: {ip: [10.0.0.0/8]}}
  certificate_policies: [{oid: 1.2.3, cps: "http://x.example/"}, {oid: 1.2.4}]
  crl_distribution_points: ["http://x.example/a.crl"]
  authority_information_access: none
  subject_key_identifier: false
  other: [{oid: 1.2.3.4, der: "0500"}]
requests: {subject: either, san: request, extended_key_usage: refuse, other: refuse}
renewal: {window: 90d, key: reuse, activate: by-hand, overlap: 8w, on_policy_change: never}
issuance: {issuers: [root-one, root-two], max_active: 2}
signing: {timestamp: optional, allow: ["*.sys"]}
lint: {relax: [{rule: key-usage-present, because: "old, as it is"}], fail_on: warning}
negative: {breaks: path-length, expect: "0x800B0113"}
)";
  PolicySet policies;
  const auto policy = parse_policy(text, "policies/site.yaml", policies);
  const auto written = to_yaml(policy);
  INFO(written);
  const auto again = parse_policy(written, "policies/site.yaml", policies);
  CHECK(again.fingerprint == policy.fingerprint);
  CHECK(to_yaml(again) == written);
  CHECK(again.description == policy.description);
  CHECK(again.targets == policy.targets);
  CHECK(again.subject.fixed == policy.subject.fixed);
  CHECK(again.subject.pattern == policy.subject.pattern);
  // Every field of the table is there.
  for (const char* field : {"extends"}) CHECK_FALSE(effective(policy).find(field));
  for (const char* field : {"version", "name", "revision", "kind", "description", "targets", "key",
                            "signature", "validity", "subject", "extensions", "requests", "renewal",
                            "issuance", "signing", "lint", "negative"})
    CHECK(effective(policy).find(field));
}

}  // namespace sealwright::policy
