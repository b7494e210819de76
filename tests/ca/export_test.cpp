#include <sys/stat.h>

#include <fstream>

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
using policy::ExportFormat;

namespace {

struct Exports {
  explicit Exports(policy::KeyExport rule = policy::KeyExport::ask) {
    const auto issuer = lab.issuing();
    auto policy = signing_policy();
    policy.key.spec = {ossl::KeyType::rsa, 2048, {}};
    policy.key.key_export = rule;
    driver = lab.issue("driver", policy, issuer);
  }
  std::string write(const std::string& name, const ca::Exported& exported) {
    ca::write_exported(scratch / name, exported, Existing::refuse);
    return (scratch / name).string();
  }
  ca::Exported secret(ExportFormat format, const std::string& reason = "for CI",
                      const std::string& password = "pass",
                      x509::PfxProfile profile = x509::PfxProfile::modern) {
    const ossl::Secret secret_password(password);
    return ca::export_private(lab.inventory, lab.keys, driver,
                              {format, secret_password, reason, profile});
  }
  Lab lab;
  store::Generation driver;
  Scratch scratch;
};

bool skipped(const char* program) {
  if (have_program(program)) return false;
  WARN("SKIPPED: " << program << " is not installed");
  return true;
}

int count(const std::string& text, const std::string& word) {
  int found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("openssl reads every export of certificates", "[ca][oracle]") {
  if (skipped("openssl")) return;
  Exports exports;
  const struct {
    ExportFormat format;
    const char* extension;
    std::vector<std::string> reader;
    int certificates;
  } rows[] = {
      {ExportFormat::pem, "pem", {"openssl", "x509", "-noout", "-subject", "-in"}, 1},
      {ExportFormat::der,
       "cer",
       {"openssl", "x509", "-inform", "der", "-noout", "-subject", "-in"},
       1},
      {ExportFormat::chain, "pem", {"openssl", "storeutl", "-noout", "-certs", "-text"}, 3},
      {ExportFormat::spc,
       "spc",
       {"openssl", "pkcs7", "-inform", "der", "-print_certs", "-noout", "-in"},
       2},
      {ExportFormat::p7b,
       "p7b",
       {"openssl", "pkcs7", "-inform", "der", "-print_certs", "-noout", "-in"},
       3},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(policy::to_text(row.format)) {
      CHECK(ca::file_extension(row.format) == row.extension);
      CHECK_FALSE(ca::holds_private_key(row.format));
      const auto exported = ca::export_public(exports.lab.inventory, exports.driver, row.format);
      CHECK(exported.access == Access::everyone);
      auto reader = row.reader;
      reader.push_back(exports.write("out", exported));
      const auto read = run(reader);
      INFO(read.err);
      CHECK(read.exit_code == 0);
      const char* each = row.format == ExportFormat::chain ? "Subject: " : "subject=";
      CHECK(count(read.out, each) == row.certificates);
    }
}

TEST_CASE("a PFX holds key, certificate and intermediates, and is its owner's alone",
          "[ca][oracle]") {
  if (skipped("openssl")) return;
  for (const auto profile : {x509::PfxProfile::modern, x509::PfxProfile::compatible})
    DYNAMIC_SECTION((profile == x509::PfxProfile::modern ? "modern" : "compatible")) {
      Exports exports;
      const auto path =
          exports.write("driver.pfx", exports.secret(ExportFormat::pfx, "for CI", "pass", profile));
      struct stat status {};
      REQUIRE(stat(path.c_str(), &status) == 0);
      CHECK((status.st_mode & 07777) == 0600);
      const auto read = run({"openssl", "pkcs12", "-in", path, "-passin", "pass:pass", "-nodes"});
      INFO(read.err);
      CHECK(read.exit_code == 0);
      CHECK(count(read.out, "-----BEGIN CERTIFICATE-----") == 2);
      CHECK(count(read.out, "-----BEGIN PRIVATE KEY-----") == 1);
      CHECK(run({"openssl", "pkcs12", "-in", path, "-passin", "pass:wrong", "-nodes"}).exit_code !=
            0);
      if (skipped("certtool")) continue;
      const auto other =
          run({"certtool", "--p12-info", "--inder", "--password", "pass", "--infile", path});
      CHECK(other.exit_code == 0);
    }
}

TEST_CASE("a PKCS#8 export is encrypted and is the certificate's key", "[ca][oracle]") {
  if (skipped("openssl")) return;
  Exports exports;
  const auto exported = exports.secret(ExportFormat::pkcs8);
  CHECK_THAT(text(exported.bytes), Catch::StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  const auto path = exports.write("driver.key", exported);
  const auto from_key =
      run({"openssl", "pkey", "-in", path, "-passin", "pass:pass", "-pubout"}).out;
  const auto certificate = exports.write(
      "driver.pem", ca::export_public(exports.lab.inventory, exports.driver, ExportFormat::pem));
  CHECK(from_key == run({"openssl", "x509", "-in", certificate, "-noout", "-pubkey"}).out);
}

TEST_CASE("a private key leaves as its policy says, and never without a record", "[ca]") {
  const struct {
    const char* name;
    policy::KeyExport rule;
    const char *reason, *password, *message;
  } rows[] = {
      {"never", policy::KeyExport::never, "for CI", "pass",
       "the private key of 'driver@1' may not leave the inventory"},
      {"ask, and no reason", policy::KeyExport::ask, "", "pass",
       "the private key of 'driver@1' leaves only for a reason"},
      {"no password", policy::KeyExport::allowed, "", "",
       "a private key is not written without a password"},
      {"ask, with a reason", policy::KeyExport::ask, "for CI", "pass", nullptr},
      {"allowed", policy::KeyExport::allowed, "", "pass", nullptr},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      Exports exports(row.rule);
      const auto head = exports.lab.inventory.head();
      if (row.message) {
        const auto error =
            error_of([&] { exports.secret(ExportFormat::pfx, row.reason, row.password); });
        CHECK(error.kind == Error::Kind::policy);
        CHECK(error.message == row.message);
        CHECK(exports.lab.inventory.head() == head);
        continue;
      }
      exports.secret(ExportFormat::pfx, row.reason, row.password);
      const auto event = exports.lab.inventory.events().back();
      CHECK(event.kind == "key.exported");
      CHECK(event.subject == "driver@1");
      CHECK(event.details == "{\"key\":\"" + exports.driver.key->hex() +
                                 "\",\"format\":\"pfx\",\"reason\":\"" + row.reason +
                                 "\",\"profile\":\"modern\"}");
    }
}

TEST_CASE("an export is not made over something else, nor in a format that is not there", "[ca]") {
  Exports exports;
  exports.write("x", {Bytes{1}, Access::everyone});
  CHECK(error_of([&] {
          exports.write("x", {Bytes{2}, Access::everyone});
        }).kind == Error::Kind::state);
  CHECK(error_of([&] { exports.secret(ExportFormat::pvk); }).message ==
        "format 'pvk' is not written by this version");
  CHECK(error_of([&] {
          ca::export_public(exports.lab.inventory, exports.driver, ExportFormat::csr);
        }).message == "format 'csr' is not written by this version");
  CHECK_THROWS_WITH(
      ca::export_private(exports.lab.inventory,
                         ca::open_keyrings(exports.lab.inventory, passphrase(), {"root"}, cheap()),
                         exports.driver, {ExportFormat::pfx, ossl::Secret(view("p")), "x"}),
      "keyring 'signing' is not open");
}
