// Hierarchies and policies that come with the program.

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/embedded.h"
#include "base/error.h"
#include "policy/load.h"
#include "x509/oids.h"

namespace sealwright::policy {
namespace oids = x509::oids;

TEST_CASE("every shipped hierarchy is sound and says what it is", "[policy]") {
  std::vector<std::string> names;
  for (const auto& shipped : shipped_hierarchies()) DYNAMIC_SECTION(shipped.name) {
      PolicySet policies;
      const auto hierarchy =
          parse_hierarchy(shipped.text, "ca/" + shipped.name + ".yaml", policies);
      CHECK(hierarchy.name == shipped.name);
      CHECK(shipped.description.size() > 20);
      for (const auto* item : hierarchy.in_issuing_order()) {
        // Pinned: upgrading the program changes nothing that exists.
        CHECK(item->policy->revision == 1);
        CHECK(item->policy->extensions.crl_distribution_points.urls.empty());
      }
    }
  for (const auto& shipped : shipped_hierarchies())
    if (shipped.name != "negative-lab") names.push_back(shipped.name);
  CHECK(names == std::vector<std::string>{"domain-trust", "driver-lab", "self-signed-driver",
                                          "two-publishers"});
}

TEST_CASE("every shipped policy is sound", "[policy]") {
  PolicySet policies;
  auto names = policies.names();
  std::erase_if(names, [](const auto& name) { return name.starts_with("neg-"); });
  for (const char* name : {"code-signing", "driver-signing", "driver-signing-legacy", "imported-ca",
                           "issuing-ca", "kernel-test-signing", "lifetime-limited-signing",
                           "ocsp-signing", "offline-root-ca", "root-ca", "self-signed-driver",
                           "timestamp-ca", "timestamping", "tls-client", "tls-server"})
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  for (const auto& name : names) DYNAMIC_SECTION(name) {
      const auto policy = policies.get(name);
      CHECK(policy->revision == 1);
      CHECK(policy->text.starts_with("# "));
      CHECK_FALSE(policy->description.empty());
      CHECK_FALSE(policy->negative);
      if (policy->is_authority()) CHECK(policy->key.key_export == KeyExport::never);
      if (name != "driver-signing-legacy") CHECK(policy->digest == ossl::Digest::sha256);
    }
}

TEST_CASE("driver-lab has the names that scripts rely on", "[policy]") {
  PolicySet policies;
  const auto lab =
      parse_hierarchy(shipped_hierarchy("driver-lab").text, "ca/driver-lab.yaml", policies);
  CHECK(lab.lab);
  std::vector<std::string> names;
  for (const auto* item : lab.in_issuing_order()) names.push_back(item->name);
  CHECK(names ==
        std::vector<std::string>{"lab-root", "lab-issuing", "driver-signing", "timestamping"});
  REQUIRE(lab.bundle("lab-trust"));
  CHECK(lab.bundle("lab-trust")->root == std::vector<std::string>{"lab-root"});
  CHECK(lab.bundle("lab-trust")->trusted_publisher == std::vector<std::string>{"driver-signing"});
  CHECK(lab.certificate("driver-signing")->sign.timestamp == std::vector<std::string>{"local"});
  CHECK(lab.timestamp_authority("local")->certificate == "timestamping");
}

TEST_CASE("a driver-signing certificate is for that and nothing else", "[policy]") {
  PolicySet policies;
  for (const char* name : {"driver-signing", "self-signed-driver"}) {
    const auto policy = policies.get(name);
    CHECK(policy->key.spec.type == ossl::KeyType::rsa);
    CHECK(policy->key.spec.bits == 3072);
    CHECK(policy->digest == ossl::Digest::sha256);
    CHECK(policy->extensions.key_usage->critical);
    CHECK(policy->extensions.key_usage->bits == x509::digital_signature);
    CHECK(policy->extensions.extended_key_usage->purposes == std::vector<Oid>{oids::code_signing});
    CHECK_FALSE(policy->extensions.basic_constraints);
    CHECK(policy->extensions.subject_key_identifier);
    CHECK(policy->extensions.authority_key_identifier);
    CHECK(policy->validity.backdate == Duration{0, std::chrono::minutes(10)});
    CHECK(policy->timestamp_required);
  }
  const auto timestamping = policies.get("timestamping");
  CHECK(timestamping->extensions.extended_key_usage->critical);
  CHECK(timestamping->extensions.extended_key_usage->purposes ==
        std::vector<Oid>{oids::time_stamping});
  CHECK(policies.get("issuing-ca")->extensions.basic_constraints->path_length == 0);
  CHECK(policies.get("issuing-ca")->extensions.extended_key_usage->purposes ==
        std::vector<Oid>{oids::code_signing, oids::time_stamping});
  CHECK_FALSE(policies.get("root-ca")->extensions.basic_constraints->path_length);
}

TEST_CASE("a hierarchy is given an organization and keeps its comments", "[policy]") {
  const std::string text = "# head\nversion: 1\nname: site   # ours\nlab: true\n";
  CHECK(instantiate(text, "") == text);
  CHECK(
      instantiate(text, "Acme \"GmbH\"") ==
      "# head\nversion: 1\nname: site   # ours\norganization: \"Acme \\\"GmbH\\\"\"\nlab: true\n");
  const std::string has = "version: 1\nname: site\norganization: 'It''s' # who\nlab: true\n";
  CHECK(instantiate(has, "Acme") ==
        "version: 1\nname: site\norganization: \"Acme\" # who\nlab: true\n");
  const std::string plain = "version: 1\norganization: Old name   # who\nname: site\n";
  CHECK(instantiate(plain, "Acme") == "version: 1\norganization: \"Acme\"   # who\nname: site\n");
  CHECK_THROWS_AS(instantiate(text, "a\nb"), Error);
  CHECK_THROWS_AS(instantiate("version: 1\norganization: [a]\n", "Acme"), Error);
}

TEST_CASE("an unknown hierarchy is answered with the nearest", "[policy]") {
  try {
    shipped_hierarchy("driverlab");
    FAIL("found");
  } catch (const Error& error) {
    CHECK(error.message == "there is no hierarchy 'driverlab'");
    CHECK(error.hint == "did you mean 'driver-lab'?");
  }
}

}  // namespace sealwright::policy
