// The design's whole examples are read as they stand.

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "policy/load.h"
#include "support.h"

namespace sealwright::policy {
namespace fs = std::filesystem;
namespace {

std::optional<fs::path> examples() {
  const fs::path path = "../shared/design/examples";
  if (!fs::is_directory(path)) return std::nullopt;
  return path;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}
}  // namespace

TEST_CASE("the examples are read as they stand", "[policy]") {
  const auto folder = examples();
  if (!folder) {
    WARN("SKIPPED: no examples");
    return;
  }
  const auto corp = load_hierarchy(*folder / "corp");
  CHECK(corp.authority("acme-root")->key.store == KeyStore::offline);
  CHECK(corp.authority("acme-root")->crl.lifetime == Duration{12, {}});
  CHECK(corp.distribution_http == "http://pki.acme.example");
  CHECK(corp.certificate("publisher-net")->key.uri == "pkcs11:token=acme-ci;object=publisher-net");
  CHECK(corp.bundle("driver-trust")->formats.size() == 4);
  CHECK(corp.bundle("driver-trust")->formats.at(2).option("sign_with") == "publisher-storage");

  const auto easyrsa = load_hierarchy(*folder / "easyrsa");
  const auto* ca = easyrsa.authority("easyrsa-ca");
  CHECK(ca->existing->from == "easy-rsa");
  CHECK(ca->self_signed());
  CHECK(ca->subject.attributes.empty());  // the existing certificate's
  CHECK_FALSE(easyrsa.certificate("driver-2023")->renew);
  CHECK(easyrsa.moved.at(0).from == "drv");

  const auto negative = load_hierarchy(*folder / "negative");
  CHECK(negative.certificate("expired")->policy->negative->expect == 0x800b0101);
  CHECK(negative.matrices.at(0).faults.size() == 11);
  CHECK(negative.bundle("strict-state")->wintrust_value == 0x40000);

  const auto story = load_hierarchy(*folder / "story");
  CHECK(story.certificates.at(0).lifetime == Duration{120, {}});
  CHECK(story.exports.at(1).password->value == "pfx.pw");
  CHECK(story.bundles.at(0).wintrust_state == Bundle::WintrustState::standard);
  CHECK(story.bundles.at(0).formats.at(0).option("flavor") == "policy");
  CHECK(story.packages.at(0).os == std::vector<std::string>{"XP_X86"});
}

TEST_CASE("the examples' policies are read by themselves", "[policy]") {
  const auto folder = examples();
  if (!folder) {
    WARN("SKIPPED: no examples");
    return;
  }
  PolicySet policies;
  const auto parse = [&](const std::string& path) {
    return parse_policy(content(*folder / path), path, policies);
  };
  const auto publisher = parse("corp/policies/acme-publisher.yaml");
  CHECK(publisher.extends == std::vector<std::string>{"driver-signing@1"});
  CHECK(publisher.key.key_export == KeyExport::never);
  CHECK(publisher.extensions.key_usage->bits == x509::digital_signature);
  CHECK(publisher.allow.size() == 5);
  const auto expired = parse("negative/policies/neg-expired.yaml");
  CHECK(expired.negative->breaks == "validity-in-the-past");
  CHECK(expired.validity.not_after == parse_time("2021-01-01"));
  CHECK(parse("negative/policies/neg-wrong-eku.yaml").negative->breaks == "code-signing-eku");
}

}  // namespace sealwright::policy
