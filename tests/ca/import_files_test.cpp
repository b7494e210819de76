// Files of every kind, made by openssl, and what becomes of them.

#include <fstream>

#include "base/file.h"
#include "ca/import_arrange.h"
#include "ca/import_file.h"
#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
using ca::Found;

namespace {

void openssl(const Scratch& scratch, std::string arguments) {
  const auto ran =
      run({"/bin/sh", "-c", "cd '" + scratch.path().string() + "' && openssl " + arguments});
  INFO(arguments << "\n" << ran.err);
  REQUIRE(ran.exit_code == 0);
}

/// A self-signed certificate (NAME.pem) and its key (NAME.key).
void make(const Scratch& scratch, const std::string& name, const std::string& extra = {}) {
  openssl(scratch,
          "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=" +
              name + "' -keyout " + name + ".key -out " + name + ".pem " + extra);
}

ca::AskFilePassword knows(const std::string& password) {
  return [password](const std::string&) { return std::optional(ossl::Secret(password)); };
}

Found find(const Scratch& scratch, const std::vector<std::string>& names,
           const ca::AskFilePassword& ask = {}) {
  std::vector<std::string> paths;
  for (const auto& name : names) paths.push_back(scratch / name);
  return ca::find_in_files(paths, ask);
}

std::string file(const Scratch& scratch, const std::string& name) { return scratch / name; }

ca::ImportTerms terms() {
  ca::ImportTerms made;
  made.now = *parse_time("2027-06-01");
  return made;
}

}  // namespace

TEST_CASE("keys of every form are read and find their certificates", "[ca][import]") {
  Scratch scratch;
  make(scratch, "a");
  openssl(scratch,
          "req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=r -keyout r.key -out r.pem");
  openssl(scratch, "x509 -in a.pem -outform DER -out a.der");
  openssl(scratch, "crl2pkcs7 -nocrl -certfile a.pem -outform DER -out a.p7b");
  openssl(scratch, "crl2pkcs7 -nocrl -certfile a.pem -out a.spc");
  openssl(scratch, "pkey -in a.key -outform DER -out p8.der");
  openssl(scratch, "pkcs8 -topk8 -in a.key -passout pass:secret -out enc.key");
  openssl(scratch, "pkcs8 -topk8 -in a.key -passout pass:secret -outform DER -out enc.der");
  openssl(scratch, "ec -in a.key -out sec1.key");
  openssl(scratch, "ec -in a.key -outform DER -out sec1.der");
  openssl(scratch, "ec -in a.key -aes128 -passout pass:secret -out sec1enc.key");
  openssl(scratch, "rsa -in r.key -traditional -outform DER -out rsa.der");
  openssl(scratch, "rsa -in r.key -traditional -des3 -passout pass:secret -out rsaenc.key");
  openssl(scratch, "pkcs12 -export -inkey a.key -in a.pem -passout pass:secret -out a.pfx");
  openssl(scratch, "pkcs12 -export -legacy -inkey a.key -in a.pem -passout pass:secret -out l.pfx");
  openssl(scratch, "x509 -in a.pem -trustout -out trusted.pem");
  struct Row {
    std::vector<std::string> files;
    bool encrypted;
  };
  const Row rows[] = {
      {{"a.pem", "a.key"}, false},
      {{"a.key", "a.der"}, false},
      {{"a.p7b", "p8.der"}, false},
      {{"a.spc", "sec1.key"}, false},
      {{"a.pem", "sec1.der"}, false},
      {{"a.pem", "enc.key"}, true},
      {{"a.pem", "enc.der"}, true},
      {{"a.pem", "sec1enc.key"}, true},
      {{"r.pem", "rsa.der"}, false},
      {{"r.pem", "rsaenc.key"}, true},
      {{"a.pfx"}, true},
      {{"l.pfx"}, true},
      {{"trusted.pem", "a.key"}, false},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.files.back()) {
      const auto found = find(scratch, row.files, knows("secret"));
      REQUIRE(found.certificates.size() == 1);
      REQUIRE(found.certificates[0].key);
      CHECK(found.keys[*found.certificates[0].key].encrypted == row.encrypted);
      if (!row.encrypted) continue;
      CHECK(find(scratch, row.files).locked == std::vector{file(scratch, row.files.back())});
      const auto error = error_of([&] { find(scratch, row.files, knows("wrong")); });
      CHECK(error.message == file(scratch, row.files.back()) + ": wrong password");
    }
}

TEST_CASE("a password is asked for once for each file that needs one", "[ca][import]") {
  Scratch scratch;
  make(scratch, "a");
  openssl(scratch, "pkcs12 -export -inkey a.key -in a.pem -passout pass:secret -out a.pfx");
  openssl(scratch, "pkcs12 -export -inkey a.key -in a.pem -passout pass: -out plain.pfx");
  std::vector<std::string> asked;
  find(scratch, {"a.pfx", "plain.pfx", "a.pem", "a.key"}, [&](const std::string& name) {
    asked.push_back(name);
    return std::optional(ossl::Secret("secret"));
  });
  CHECK(asked == std::vector{file(scratch, "a.pfx")});
}

TEST_CASE("files that are nothing of the kind are refused by name", "[ca][import]") {
  Scratch scratch;
  make(scratch, "a");
  openssl(scratch, "req -new -key a.key -subj /CN=a -out a.csr");
  openssl(scratch, "req -new -key a.key -subj /CN=a -outform DER -out csr.der");
  openssl(scratch, "pkcs12 -export -inkey a.key -in a.pem -passout pass:secret -out a.pfx");
  const auto write = [&](const std::string& name, const Bytes& bytes) {
    write_file(scratch / name, bytes);
  };
  write("empty", {});
  write("text", {'h', 'i'});
  write("store.jks", {0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2});
  write("store.jceks", {0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2});
  auto cut = read_file(scratch / "a.pfx");
  cut.resize(cut.size() / 2);
  write("cut.pfx", cut);
  struct Row {
    std::string name, message, hint;
  };
  const std::string at = scratch.path().string() + "/";
  const Row rows[] = {
      {"empty", "neither a certificate nor a key, nor a list of either",
       "give PEM, DER, PFX, SPC, P7B or PVK"},
      {"text", "neither a certificate nor a key, nor a list of either",
       "give PEM, DER, PFX, SPC, P7B or PVK"},
      {"store.jks", "a Java keystore (JKS) is read by Java alone",
       "convert it: keytool -importkeystore -srckeystore '" + at +
           "store.jks' -srcstoretype JKS -destkeystore '" + at +
           "store.p12' -deststoretype PKCS12"},
      {"store.jceks", "a Java keystore (JCEKS) is read by Java alone",
       "convert it: keytool -importkeystore -srckeystore '" + at +
           "store.jceks' -srcstoretype JCEKS -destkeystore '" + at +
           "store.p12' -deststoretype PKCS12"},
      {"a.csr", "holds neither a certificate nor a key", ""},
      {"csr.der", "a request for a certificate, not a certificate",
       "issue it: sealwright issue NAME --policy P --csr FILE"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const auto error = error_of([&] { find(scratch, {row.name}); });
      CHECK(error.kind == Error::Kind::input);
      CHECK(error.message == at + row.name + ": " + row.message);
      CHECK(error.hint == row.hint);
    }
  // Damage is not blamed on the password.
  const auto error = error_of([&] { find(scratch, {"cut.pfx"}, knows("secret")); });
  CHECK(error.kind == Error::Kind::input);
  CHECK_THAT(error.message, !Catch::Contains("password"));
}

TEST_CASE("a key that fits no certificate is refused with both names", "[ca][import]") {
  Scratch scratch;
  make(scratch, "a");
  make(scratch, "b");
  policy::PolicySet set;
  ca::ImportPolicies policies(set);
  const auto message = [&](const std::vector<std::string>& files) {
    const auto found = find(scratch, files);
    return error_of([&] { ca::arrange(found, terms(), policies, nullptr); }).message;
  };
  const std::string at = scratch.path().string() + "/";
  CHECK(message({"a.pem", "b.key"}) == "'" + at + "b.key' is not the key of '" + at + "a.pem'");
  CHECK(message({"b.key"}) == "'" + at + "b.key' is a key without a certificate");
}

TEST_CASE("names are made to fit", "[ca][import]") {
  struct Row {
    std::string from, to;
  };
  const Row rows[] = {
      {"Driver Signing", "driver-signing"},
      {"ÄRGER & Söhne", "aerger-soehne"},
      {"2023 key", "key"},
      {"---", "certificate"},
      {"", "certificate"},
      {"self", "certificate"},
      {"www.example.com", "www-example-com"},
      {"名前", "certificate"},
      {std::string(60, 'x'), std::string(48, 'x')},
  };
  for (const auto& row : rows) CHECK(ca::name_from(row.from) == row.to);
}

TEST_CASE("renewals of one subject become generations of one name", "[ca][import]") {
  Scratch scratch;
  make(scratch, "ca", "-addext basicConstraints=critical,CA:TRUE");
  const auto issue = [&](const std::string& name, const std::string& subject,
                         const std::string& eku, const std::string& from, const std::string& to) {
    std::ofstream(scratch / (name + ".ext"))
        << (eku.empty() ? "" : "extendedKeyUsage=" + eku + "\n");
    openssl(scratch, "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '" +
                         subject + "' -keyout " + name + ".key -out " + name + ".csr");
    std::ofstream(scratch / "ca.cnf", std::ios::trunc)
        << "[ca]\ndefault_ca=c\n[c]\ndatabase=" << file(scratch, "i.txt")
        << "\nserial=" << file(scratch, "serial") << "\nnew_certs_dir=" << scratch.path().string()
        << "\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n";
    openssl(scratch,
            "ca -batch -config ca.cnf -rand_serial -keyfile ca.key -cert ca.pem -startdate " +
                from + " -enddate " + to + " -extfile " + name + ".ext -in " + name +
                ".csr -notext -out " + name + ".pem");
  };
  std::ofstream(scratch / "i.txt").flush();
  issue("one", "/CN=Signer", "codeSigning", "20250101000000Z", "20260601000000Z");
  issue("two", "/CN=Signer", "codeSigning", "20260101000000Z", "20280101000000Z");
  issue("three", "/CN=Signer", "codeSigning", "20270101000000Z", "20290101000000Z");
  issue("later", "/CN=Signer", "codeSigning", "20280101000000Z", "20300101000000Z");
  issue("other", "/CN=signer!", "serverAuth,emailProtection", "20270101000000Z", "20290101000000Z");
  issue("none", "/CN=Plain", "", "20270101000000Z", "20290101000000Z");

  policy::PolicySet set;
  ca::ImportPolicies policies(set);
  const auto found = find(
      scratch, {"later.pem", "three.pem", "one.pem", "two.pem", "other.pem", "none.pem", "ca.pem"});
  const auto made = ca::arrange(found, terms(), policies, nullptr);
  std::vector<std::string> rows;
  for (const auto& arrival : made.arrivals)
    rows.push_back(arrival.label() + " " + std::string(store::to_text(arrival.state)) + " " +
                   arrival.policy->name.substr(0, 34));
  std::sort(rows.begin(), rows.end());
  CHECK(rows == std::vector<std::string>{
                    "ca@1 active imported-ca",
                    "plain@1 active " + policies.made().back().name.substr(0, 34),
                    "signer-2@1 active imported-serverauth-emailprotectio",
                    "signer@1 retired driver-signing",
                    "signer@2 retiring driver-signing",
                    "signer@3 active driver-signing",
                    "signer@4 next driver-signing",
                });
  CHECK(made.arrivals.front().name == "ca");
  for (std::size_t i = 1; i < made.arrivals.size(); ++i) CHECK(made.arrivals[i].issuer == 0);
}

TEST_CASE("what is taken over twice is there once, and a key may follow", "[ca][import]") {
  Scratch scratch;
  make(scratch, "drv", "-addext basicConstraints=CA:FALSE -addext extendedKeyUsage=codeSigning");
  Lab lab;
  *lab.now = *parse_time("2027-06-01");
  policy::PolicySet set;
  ca::ImportPolicies policies(set);
  const auto take = [&](const std::vector<std::string>& files, const std::string& name) {
    const auto found = find(scratch, files);
    auto wanted = terms();
    wanted.name = name;
    wanted.keyrings = {"root", "issuing", "signing"};
    const auto made = ca::arrange(found, wanted, policies, &lab.inventory);
    return ca::take_over(
        lab.inventory, found, made,
        {[&](const std::string& keyring, const ossl::PrivateKey& key, store::ExportRule rule) {
           CHECK(keyring == "signing");
           return lab.keys.seal(keyring, key, rule);
         },
         {}});
  };
  CHECK(take({"drv.pem"}, "old-signer").certificates == 1);
  CHECK(lab.inventory.active("old-signer")->policy.name == "self-signed-driver");
  CHECK_FALSE(lab.inventory.active("old-signer")->key);
  CHECK(take({"drv.pem"}, "").nothing_new());
  const auto second = take({"drv.pem", "drv.key"}, "");
  CHECK(second.certificates == 0);
  CHECK(second.keys == 1);
  REQUIRE(lab.inventory.active("old-signer")->key);
  CHECK(lab.signer(*lab.inventory.active("old-signer")) != nullptr);
  CHECK(take({"drv.pem", "drv.key"}, "").nothing_new());
  CHECK(lab.inventory.verify_events().intact());
}

TEST_CASE("a certificate of version 1 issues nothing", "[ca][import]") {
  Scratch scratch;
  openssl(scratch,
          "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Old "
          "-keyout old.key -out old.csr");
  openssl(scratch, "x509 -req -in old.csr -signkey old.key -days 3650 -out old.pem");
  Lab lab;
  *lab.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  policy::PolicySet set;
  ca::ImportPolicies policies(set);
  const auto found = find(scratch, {"old.pem", "old.key"});
  auto wanted = terms();
  wanted.now = *lab.now;
  wanted.keyrings = {"root"};
  ca::take_over(lab.inventory, found, ca::arrange(found, wanted, policies, &lab.inventory),
                {[&](const std::string& keyring, const ossl::PrivateKey& key,
                     store::ExportRule rule) { return lab.keys.seal(keyring, key, rule); },
                 {}});
  const auto issuer = lab.inventory.active("old");
  REQUIRE(issuer);
  CHECK(issuer->kind == store::EntityKind::authority);
  CHECK(error_of([&] { lab.issue("leaf", signing_policy(), issuer); }).message ==
        "'leaf' may not be issued by 'old@1': a certificate of version 1 cannot say that it is an "
        "authority");
}
