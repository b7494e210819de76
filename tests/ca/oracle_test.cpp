// Programs we did not write judge what was issued.

#include <fstream>

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

struct Files {
  explicit Files(Lab& lab, const ossl::KeySpec& spec) {
    auto root = root_policy(), issuing = issuing_policy(), signing = signing_policy();
    root.key.spec = issuing.key.spec = signing.key.spec = spec;
    const auto top = lab.issue("lab-root", root, std::nullopt);
    const auto middle = lab.issue("lab-issuing", issuing, top);
    leaf = lab.issue("driver-signing", signing, middle);
    write("root.pem", lab.inventory, top, policy::ExportFormat::pem);
    write("issuing.pem", lab.inventory, middle, policy::ExportFormat::pem);
    write("leaf.pem", lab.inventory, leaf, policy::ExportFormat::pem);
    write("chain.pem", lab.inventory, leaf, policy::ExportFormat::chain);
  }
  void write(const std::string& name, const store::Inventory& inventory,
             const store::Generation& generation, policy::ExportFormat format) {
    ca::write_exported(scratch / name, ca::export_public(inventory, generation, format),
                       Existing::refuse);
  }
  std::string at(const std::string& name) const { return (scratch / name).string(); }
  Scratch scratch;
  store::Generation leaf;
};

const struct {
  const char* name;
  ossl::KeySpec spec;
} keys[] = {
    {"RSA-2048", {ossl::KeyType::rsa, 2048, {}}},
    {"P-256", {ossl::KeyType::ec, 0, ossl::Curve::p256}},
    {"P-384", {ossl::KeyType::ec, 0, ossl::Curve::p384}},
};

// 2027-01-01, within every validity here.
constexpr const char* attime = "1798761600";

}  // namespace

TEST_CASE("openssl verifies a chain that was issued", "[ca][oracle]") {
  if (!have_program("openssl")) {
    WARN("SKIPPED: openssl is not installed");
    return;
  }
  for (const auto& key : keys) DYNAMIC_SECTION(key.name) {
      Lab lab;
      const Files files(lab, key.spec);
      const auto verified =
          run({"openssl", "verify", "-x509_strict", "-attime", attime, "-CAfile",
               files.at("root.pem"), "-untrusted", files.at("issuing.pem"), files.at("leaf.pem")});
      CHECK(verified.out == files.at("leaf.pem") + ": OK\n");
      CHECK(verified.err == "");
      const auto alone = run({"openssl", "verify", "-attime", attime, "-CAfile",
                              files.at("root.pem"), files.at("leaf.pem")});
      CHECK(alone.exit_code != 0);
    }
}

TEST_CASE("certtool verifies a chain that was issued, for code signing", "[ca][oracle]") {
  if (!have_program("certtool")) {
    WARN("SKIPPED: certtool is not installed");
    return;
  }
  for (const auto& key : keys) DYNAMIC_SECTION(key.name) {
      Lab lab;
      // This one judges by the system's clock alone.
      *lab.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
      const Files files(lab, key.spec);
      const auto verified =
          run({"certtool", "--verify", "--verify-purpose", "1.3.6.1.5.5.7.3.3",
               "--load-ca-certificate", files.at("root.pem"), "--infile", files.at("chain.pem")});
      INFO(verified.out << verified.err);
      CHECK(verified.exit_code == 0);
      CHECK_THAT(verified.out, Catch::Contains("Chain verification output: Verified."));
    }
}
