// What becomes of a good policy file.

#include <catch2/catch.hpp>

#include "base/error.h"
#include "policy/load.h"
#include "x509/oids.h"

namespace sealwright::policy {
namespace {

Policy parse(const std::string& body, const std::string& kind = "end-entity") {
  PolicySet policies;
  return parse_policy("version: 1\nname: site\nrevision: 7\nkind: " + kind + "\n" + body,
                      "policies/site.yaml", policies);
}
}  // namespace

TEST_CASE("a policy that says little gets safe defaults", "[policy]") {
  SECTION("for end-entities") {
    const auto policy = parse("validity: {lifetime: 2y}\n");
    CHECK(policy.revision == 7);
    CHECK(policy.key.spec.type == ossl::KeyType::rsa);
    CHECK(policy.key.spec.bits == 3072);
    CHECK(policy.key.key_export == KeyExport::ask);
    CHECK(policy.digest == ossl::Digest::sha256);
    CHECK(policy.validity.max_lifetime == Duration{24, {}});
    CHECK(policy.validity.backdate == Duration{0, std::chrono::minutes(10)});
    CHECK(policy.subject.required == std::vector<std::string>{"CN"});
    CHECK(policy.extensions.key_usage->critical);
    CHECK(policy.extensions.key_usage->bits == x509::digital_signature);
    CHECK_FALSE(policy.extensions.basic_constraints);
    CHECK(policy.extensions.subject_key_identifier);
    CHECK(policy.timestamp_required);
    CHECK_FALSE(policy.renewal.overlap);
  }
  SECTION("for authorities") {
    for (const char* kind : {"root", "intermediate"}) {
      const auto policy = parse("validity: {lifetime: 2y}\n", kind);
      CHECK(policy.key.spec.bits == 4096);
      CHECK(policy.key.key_export == KeyExport::never);
      CHECK(policy.extensions.key_usage->bits == (x509::key_cert_sign | x509::crl_sign));
      CHECK(policy.extensions.basic_constraints->ca);
    }
  }
}

TEST_CASE("every field of a policy is read", "[policy]") {
  const auto policy = parse(R"(description: |
  Two
  lines
targets: [xp-sp3, 10_VB_ARM64]
key: {algorithm: ecdsa, curve: p384, store: [inventory, pkcs11], export: allowed}
signature: {digest: sha384}
validity: {lifetime: 18mo, max_lifetime: 2y 30d, backdate: 0d}
subject: {required: [CN, O], allowed: [CN, O], fixed: {O: Acme}, pattern: {CN: "A.*"}}
extensions:
  key_usage: {critical: false, values: [digitalSignature, nonRepudiation]}
  extended_key_usage: {critical: true, values: [codeSigning, 1.3.6.1.4.1.311.10.3.13]}
  basic_constraints: {ca: false}
  certificate_policies: [{oid: 1.2.3, cps: "http://cps.example/"}]
  crl_distribution_points: ["http://crl.example/"]
  authority_information_access: none
  subject_key_identifier: false
  other: [{oid: 1.2.3.4, critical: true, der: "0500"}]
renewal: {window: 90d, key: reuse, activate: by-hand, overlap: 1y, on_policy_change: never}
issuance: {issuers: [issuing], max_active: 2}
signing: {timestamp: optional, allow: ["*.sys"]}
lint: {relax: [{rule: rsa-key-size, because: old machines}], fail_on: warning}
)");
  CHECK(policy.description == "Two\nlines\n");
  CHECK(policy.key.spec.curve == ossl::Curve::p384);
  CHECK(policy.key.stores == std::vector<KeyStore>{KeyStore::inventory, KeyStore::pkcs11});
  CHECK(policy.digest == ossl::Digest::sha384);
  CHECK(policy.validity.max_lifetime == Duration{24, std::chrono::days(30)});
  CHECK(policy.validity.backdate == Duration{});
  CHECK(policy.extensions.key_usage->bits == (x509::digital_signature | x509::content_commitment));
  CHECK_FALSE(policy.extensions.key_usage->critical);
  CHECK(policy.extensions.extended_key_usage->critical);
  CHECK(policy.has_purpose(x509::oids::lifetime_signing));
  CHECK_FALSE(policy.extensions.basic_constraints->ca);
  CHECK(policy.extensions.certificate_policies.at(0).cps == "http://cps.example/");
  CHECK(policy.extensions.crl_distribution_points.urls.size() == 1);
  CHECK(policy.extensions.authority_information_access.from == UrlSource::From::none);
  CHECK(policy.extensions.other.at(0).critical);
  CHECK(policy.renewal.reuse_key);
  CHECK(policy.renewal.overlap == Duration{12, {}});
  CHECK(policy.renewal.on_policy_change == RenewalPolicy::OnPolicyChange::never);
  CHECK(policy.max_active == 2);
  CHECK_FALSE(policy.timestamp_required);
  CHECK(policy.lint.fail_on_warning);
}

TEST_CASE("name constraints of an authority are read", "[policy]") {
  const auto policy = parse(R"(validity: {lifetime: 2y}
extensions: {name_constraints: {permitted: {dns: [acme.example], directory: ["O=Acme,C=DE"]}, excluded: {ip: [10.0.0.0/8]}}}
)",
                            "intermediate");
  CHECK(policy.extensions.name_constraints->permitted.size() == 2);
  CHECK(policy.extensions.name_constraints->excluded.at(0).value == "10.0.0.0/8");
}

TEST_CASE("a policy's fingerprint changes with what it says and nothing else", "[policy]") {
  const auto print = [](const std::string& body) { return parse(body).fingerprint; };
  const auto plain = print("validity: {lifetime: 2y}\nkey: {size: 3072}\n");
  CHECK(plain.size() == 64);
  CHECK(print("# a comment\nkey:\n  size: 3072\nvalidity: {lifetime: 2y}   # another\n") == plain);
  CHECK(print("description: new\nvalidity: {lifetime: 2y}\nkey: {size: 3072}\n") == plain);
  CHECK(print("validity: {lifetime: 3y}\nkey: {size: 3072}\n") != plain);
  CHECK(print("validity: {lifetime: 24mo}\nkey: {algorithm: rsa}\nsubject: {required: [CN]}\n") ==
        plain);
  CHECK(print("validity: {lifetime: 2y}\nkey: {size: 2048}\n") != plain);
  CHECK(print("validity: {lifetime: 2y}\nextensions: {extended_key_usage: [codeSigning]}\n") ==
        print("validity: {lifetime: 2y}\nextensions: {extended_key_usage: {values: "
              "[1.3.6.1.5.5.7.3.3]}}\n"));
}

}  // namespace sealwright::policy
