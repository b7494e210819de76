#include <sys/stat.h>

#include <fstream>

#include "fixture.h"
#include "x509/pvk.h"
#include "x509/request.h"

using namespace sealwright;
using namespace sealwright::test;
using policy::ExportFormat;
using x509::PfxPassword;
using x509::PfxProfile;

namespace {

struct Exports {
  explicit Exports(policy::KeyExport rule = policy::KeyExport::ask,
                   ossl::KeySpec spec = {ossl::KeyType::rsa, 2048, {}}) {
    const auto issuer = lab.issuing();
    auto policy = signing_policy();
    policy.key.spec = spec;
    policy.key.key_export = rule;
    driver = lab.issue("driver", policy, issuer);
  }
  std::string write(const std::string& name, const ca::Exported& exported) {
    ca::write_exported(scratch / name, exported, Existing::refuse);
    return (scratch / name).string();
  }
  ca::Exported public_one(ExportFormat format) const {
    return ca::export_public(lab.inventory, driver, format);
  }
  ca::Exported secret(ExportFormat format, const std::string& reason = "for CI",
                      const std::string& password = "pass", ca::PfxForm pfx = {},
                      PfxPassword protection = PfxPassword::given) {
    const ossl::Secret secret_password(password);
    auto made = ca::export_private(lab.inventory, lab.keys, {{driver, "driver.out", pfx}},
                                   {format, secret_password, reason, {}, protection});
    return std::move(made.front());
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

std::string text_of(const ca::Exported& exported) { return std::string(exported.content.text()); }

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
      const auto exported = exports.public_one(row.format);
      CHECK(exported.access == Access::everyone);
      CHECK(text_of(exported) == text_of(exports.public_one(row.format)));
      auto reader = row.reader;
      reader.push_back(exports.write("out", exported));
      const auto read = run(reader);
      INFO(read.err);
      CHECK(read.exit_code == 0);
      const char* each = row.format == ExportFormat::chain ? "Subject: " : "subject=";
      CHECK(count(read.out, each) == row.certificates);
    }
}

TEST_CASE("SPC and P7B are what openssl makes of the same certificates, octet for octet",
          "[ca][oracle]") {
  if (skipped("openssl")) return;
  Exports exports;
  const auto chain = exports.write("chain.pem", exports.public_one(ExportFormat::chain));
  const auto all = text_of(exports.public_one(ExportFormat::chain));
  const auto last = all.rfind("-----BEGIN CERTIFICATE-----");
  std::ofstream(exports.scratch / "no-root.pem") << all.substr(0, last);
  const struct {
    ExportFormat format;
    std::string certificates;
  } rows[] = {{ExportFormat::spc, (exports.scratch / "no-root.pem").string()},
              {ExportFormat::p7b, chain}};
  for (const auto& row : rows) DYNAMIC_SECTION(policy::to_text(row.format)) {
      const auto theirs = (exports.scratch / "theirs").string();
      REQUIRE(run({"openssl", "crl2pkcs7", "-nocrl", "-certfile", row.certificates, "-outform",
                   "DER", "-out", theirs})
                  .exit_code == 0);
      const auto ours = exports.public_one(row.format);
      const auto expected = read_file(theirs);
      CHECK(std::equal(ours.content.view().begin(), ours.content.view().end(), expected.begin(),
                       expected.end()));
    }
}

TEST_CASE("a PFX holds key and certificates as asked for, and is its owner's alone",
          "[ca][oracle]") {
  using Chain = policy::SignDefaults::Chain;
  if (skipped("openssl")) return;
  const struct {
    const char* name;
    ca::PfxForm form;
    int certificates;
    std::vector<std::string> said;
  } rows[] = {
      {"modern", {}, 2, {"friendlyName: driver", "AES-256-CBC, Iteration 2048", "MAC: sha256"}},
      {"compatible",
       {PfxProfile::compatible, 2048, Chain::no_root, "", "Some CSP"},
       2,
       {"Microsoft CSP Name: Some CSP", "pbeWithSHA1And3-KeyTripleDES-CBC", "MAC: sha1"}},
      {"with its root", {PfxProfile::modern, 2048, Chain::full, "", ""}, 3, {}},
      {"by itself, slowly, under another name",
       {PfxProfile::modern, 5000, Chain::leaf, "Net driver", ""},
       1,
       {"friendlyName: Net driver", "AES-256-CBC, Iteration 5000"}},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      Exports exports;
      const auto path = exports.write(
          "driver.pfx", exports.secret(ExportFormat::pfx, "for CI", "pass", row.form));
      struct stat status {};
      REQUIRE(stat(path.c_str(), &status) == 0);
      CHECK((status.st_mode & 07777) == 0600);
      const auto read =
          run({"openssl", "pkcs12", "-in", path, "-passin", "pass:pass", "-nodes", "-info"});
      INFO(read.out << read.err);
      CHECK(read.exit_code == 0);
      CHECK(count(read.out, "-----BEGIN CERTIFICATE-----") == row.certificates);
      CHECK(count(read.out, "-----BEGIN PRIVATE KEY-----") == 1);
      for (const auto& word : row.said) CHECK_THAT(read.out + read.err, Catch::Contains(word));
      CHECK(read.err.find("RC2") == std::string::npos);
      CHECK(run({"openssl", "pkcs12", "-in", path, "-passin", "pass:wrong", "-nodes"}).exit_code !=
            0);
      if (skipped("certtool")) continue;
      const auto other =
          run({"certtool", "--p12-info", "--inder", "--password", "pass", "--infile", path});
      CHECK(other.exit_code == 0);
    }
}

TEST_CASE("a PFX tells the empty password from none, and both are on record", "[ca]") {
  for (const auto protection : {PfxPassword::empty, PfxPassword::none}) {
    Exports exports;
    const auto made = exports.secret(ExportFormat::pfx, "for CI", "", {}, protection);
    CHECK(x509::read_pfx(made.content.view(), ossl::Secret()).certificate);
    CHECK_THAT(exports.lab.inventory.events().back().details,
               Catch::EndsWith(protection == PfxPassword::empty ? ",\"password\":\"empty\"}"
                                                                : ",\"password\":\"none\"}"));
  }
}

TEST_CASE("a PKCS#8 export is encrypted unless plain is asked for, and is the certificate's key",
          "[ca][oracle]") {
  if (skipped("openssl")) return;
  Exports exports;
  const auto certificate = exports.write("driver.pem", exports.public_one(ExportFormat::pem));
  const auto key_of = [&](const std::string& path) {
    return run({"openssl", "pkey", "-in", path, "-passin", "pass:pass", "-pubout"}).out;
  };
  const auto expected = run({"openssl", "x509", "-in", certificate, "-noout", "-pubkey"}).out;
  const auto exported = exports.secret(ExportFormat::pkcs8);
  CHECK_THAT(text_of(exported), Catch::StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  CHECK(key_of(exports.write("driver.key", exported)) == expected);
  const auto plain = exports.secret(ExportFormat::pkcs8, "for CI", "", {}, PfxPassword::none);
  CHECK(plain.access == Access::owner);
  const auto path = exports.write("plain.key", plain);
  CHECK(key_of(path) == expected);
  // PEM of the same octets, line by line.
  CHECK(text_of(plain) == run({"openssl", "pkey", "-in", path}).out);
}

TEST_CASE("a PVK export is the certificate's key, encrypted unless plain is asked for", "[ca]") {
  Exports exports;
  const auto certificate = ca::certificate_of(exports.driver);
  const ossl::Secret password(std::string_view("pass"));
  const auto sealed = exports.secret(ExportFormat::pvk);
  CHECK(x509::pvk_info(sealed.content.view()).encrypted);
  CHECK(x509::read_pvk(sealed.content.view(), &password).public_key() == certificate.public_key());
  const auto plain = exports.secret(ExportFormat::pvk, "for CI", "", {}, PfxPassword::none);
  CHECK_FALSE(x509::pvk_info(plain.content.view()).encrypted);
  CHECK(x509::read_pvk(plain.content.view(), nullptr).public_key() == certificate.public_key());
}

TEST_CASE("a key that a PVK cannot hold is refused before anything is opened", "[ca]") {
  const struct {
    ossl::KeySpec spec;
    const char* message;
  } rows[] = {
      {{ossl::KeyType::ec, 0, ossl::Curve::p256},
       "a PVK file holds RSA keys only, and that of 'driver@1' is ECDSA P-256"},
      {{ossl::KeyType::ed25519, 0, {}},
       "a PVK file holds RSA keys only, and that of 'driver@1' is Ed25519"},
  };
  for (const auto& row : rows) {
    Exports exports(policy::KeyExport::allowed, row.spec);
    const auto error = error_of(
        [&] { ca::exportable_key(exports.lab.inventory, exports.driver, ExportFormat::pvk, ""); });
    CHECK(error.kind == Error::Kind::input);
    CHECK(error.message == row.message);
    CHECK_NOTHROW(ca::exportable_key(exports.lab.inventory, exports.driver, ExportFormat::pfx, ""));
  }
}

TEST_CASE("a request asks for what openssl makes of the certificate, and is on record",
          "[ca][oracle]") {
  if (skipped("openssl")) return;
  Exports exports;
  auto made = ca::export_request(exports.lab.inventory, exports.driver,
                                 exports.lab.signer(exports.driver), "driver.csr");
  const auto ours = exports.write("driver.csr", made.exported);
  ca::finish_request(*made.signer, made.exported);
  const auto signatures = exports.lab.inventory.signatures(exports.driver.id);
  REQUIRE(signatures.size() == 1);
  CHECK(signatures[0].intent.kind == "request");
  CHECK(signatures[0].outcome == store::SignatureOutcome::made);
  CHECK_FALSE(exports.lab.inventory.is_needed(exports.driver.id, *exports.lab.now));

  const auto certificate = exports.write("driver.pem", exports.public_one(ExportFormat::pem));
  const auto key = exports.write(
      "driver.key", exports.secret(ExportFormat::pkcs8, "for CI", "", {}, PfxPassword::none));
  const auto theirs = (exports.scratch / "theirs.csr").string();
  REQUIRE(run({"openssl", "x509", "-x509toreq", "-copy_extensions", "copyall", "-in", certificate,
               "-signkey", key, "-out", theirs})
              .exit_code == 0);
  // RSA with PKCS#1 padding signs the same octets alike.
  CHECK(x509::read_request(read_file(ours)).der() == x509::read_request(read_file(theirs)).der());
}

TEST_CASE("a request that is not written leaves a signature that is abandoned", "[ca]") {
  Exports exports;
  {
    const auto made = ca::export_request(exports.lab.inventory, exports.driver,
                                         exports.lab.signer(exports.driver), "driver.csr");
  }
  const auto signatures = exports.lab.inventory.signatures(exports.driver.id);
  REQUIRE(signatures.size() == 1);
  CHECK(signatures[0].outcome == store::SignatureOutcome::abandoned);
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
                                 "\",\"format\":\"pfx\",\"file\":\"driver.out\",\"reason\":\"" +
                                 row.reason + "\",\"profile\":\"modern\",\"iterations\":2048}");
    }
}

TEST_CASE("of several keys none is on record when one cannot be made", "[ca]") {
  Exports exports(policy::KeyExport::allowed);
  auto policy = signing_policy();
  policy.key.key_export = policy::KeyExport::never;
  const auto other = exports.lab.issue("other", policy, exports.lab.inventory.active("issuing"));
  const auto head = exports.lab.inventory.head();
  const ossl::Secret password(std::string_view("pass"));
  CHECK_THROWS_WITH(ca::export_private(exports.lab.inventory, exports.lab.keys,
                                       {{exports.driver, "a.pfx"}, {other, "b.pfx"}},
                                       {ExportFormat::pfx, password, "x"}),
                    "the private key of 'other@1' may not leave the inventory");
  CHECK(exports.lab.inventory.head() == head);
}

TEST_CASE("an export is not made over something else, nor of a keyring that is closed", "[ca]") {
  Exports exports;
  exports.write("x", {ossl::Secret(Bytes{1}), Access::everyone});
  CHECK(error_of([&] {
          exports.write("x", {ossl::Secret(Bytes{2}), Access::everyone});
        }).kind == Error::Kind::state);
  CHECK(error_of([&] { exports.public_one(ExportFormat::pvk); }).message ==
        "format 'pvk' needs the private key");
  CHECK(error_of([&] {
          exports.secret(ExportFormat::pvk, "x", "", {}, PfxPassword::empty);
        }).message == "format 'pvk' has no empty password");
  const ossl::Secret password(std::string_view("p"));
  CHECK_THROWS_WITH(
      ca::export_private(exports.lab.inventory,
                         ca::open_keyrings(exports.lab.inventory, passphrase(), {"root"}, cheap()),
                         {{exports.driver, "x"}}, {ExportFormat::pfx, password, "x"}),
      "keyring 'signing' is not open");
}

TEST_CASE("the words for Java name every authority, and the key where it can leave", "[ca]") {
  for (const auto rule : {policy::KeyExport::ask, policy::KeyExport::never}) {
    Exports exports(rule);
    const auto text = text_of(exports.public_one(ExportFormat::jks_howto));
    INFO(text);
    CHECK(count(text, "keytool -importcert") == 2);
    CHECK(count(text, "--format pfx") == (rule == policy::KeyExport::ask ? 1 : 0));
    CHECK(count(text, "cannot leave the inventory") == (rule == policy::KeyExport::ask ? 0 : 1));
  }
}
