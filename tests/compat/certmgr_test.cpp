#include <catch2/catch.hpp>
#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/store_files.h"
#include "compat/certificate_file.h"
#include "desk.h"
#include "x509/pkcs7.h"

using namespace sealwright;
using namespace sealwright::test;
using Lines = std::vector<std::string>;
namespace fs = std::filesystem;
namespace made = x509::made;
using Form = compat::CertificateFile::Form;
using store::StoreLocation;

namespace {

/// A desk with files that hold several.
struct CollectionsDesk : Desk {
  CollectionsDesk() {
    const auto& pki = desk_pki();
    write("both.p7b", x509::certificates_only({pki.publisher.certificate, pki.root.certificate}));
    bundle::Entry entry{bundle::Store::root, pki.root.certificate, "root@1",
                        std::vector<Oid>{Oid("1.3.6.1.5.5.7.3.3")}};
    write("root.sst", bundle::serialized_store(std::vector<bundle::Entry>{entry}));
    write("root.crl", made::list_of(pki.root, {}).der());
  }
};

/// "Contoso Publisher, Old Root" of a file; "crl" for a revocation list.
std::string names_in(const Desk& desk, const std::string& name) {
  std::string text;
  for (const auto& one : compat::read_certificate_file(desk.path(name)).objects)
    text += (text.empty() ? "" : ", ") +
            (one.certificate ? one.certificate->subject().common_name() : std::string("crl"));
  return text;
}

std::string names_in(LabWorkspace& lab, StoreLocation location, const std::string& store) {
  std::string text;
  for (const auto& one : lab.open().inventory().windows_store(location, store))
    text += (text.empty() ? "" : ", ") +
            x509::Certificate::from_der(one.certificate).subject().common_name();
  return text;
}

}  // namespace

TEST_CASE("certmgr adds to, takes from and writes files", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    const char* file;
    Form form;
    const char* names;
  };
  const Row rows[] = {
      {"a new serialized store",
       {"/add", "@root.cer", "@new.sst"},
       "new.sst",
       Form::serialized_store,
       "Old Root"},
      {"a new PKCS#7 file", {"-add", "-7", "@root.cer", "@new"}, "new", Form::pkcs7, "Old Root"},
      {"a new PKCS#7 file by its name",
       {"-add", "@root.cer", "@new.p7b"},
       "new.p7b",
       Form::pkcs7,
       "Old Root"},
      {"all of a file",
       {"/ADD", "/ALL", "@both.p7b", "@new.sst"},
       "new.sst",
       Form::serialized_store,
       "Contoso Publisher, Old Root"},
      {"one by its name",
       {"-add", "-c", "-n", "contoso publisher", "@both.p7b", "@new.sst"},
       "new.sst",
       Form::serialized_store,
       "Contoso Publisher"},
      {"one by a part of its name",
       {"-add", "-n", "CONTOSO", "@both.p7b", "@new.sst"},
       "new.sst",
       Form::serialized_store,
       "Contoso Publisher"},
      {"to what is there",
       {"-add", "@own.cer", "@both.p7b"},
       "both.p7b",
       Form::pkcs7,
       "Contoso Publisher, Old Root, Contoso.com(Test)"},
      {"what is there already",
       {"-add", "@root.cer", "@both.p7b"},
       "both.p7b",
       Form::pkcs7,
       "Contoso Publisher, Old Root"},
      {"a revocation list",
       {"-add", "-crl", "@root.crl", "@both.p7b"},
       "both.p7b",
       Form::pkcs7,
       "Contoso Publisher, Old Root, crl"},
      {"a revocation list by itself",
       {"-add", "@root.crl", "@new.sst"},
       "new.sst",
       Form::serialized_store,
       "crl"},
      {"takes one out",
       {"-del", "-n", "Old Root", "@both.p7b"},
       "both.p7b",
       Form::pkcs7,
       "Contoso Publisher"},
      {"takes one out into another file",
       {"-del", "-c", "-n", "Old Root", "@both.p7b", "@new.p7b"},
       "new.p7b",
       Form::pkcs7,
       "Contoso Publisher"},
      {"writes one as DER",
       {"-put", "-c", "-n", "Old Root", "@both.p7b", "@new.cer"},
       "new.cer",
       Form::certificate,
       "Old Root"},
      {"writes one as PKCS#7",
       {"-put", "-7", "-n", "Old Root", "@both.p7b", "@new.cer"},
       "new.cer",
       Form::pkcs7,
       "Old Root"},
      {"writes over an older one",
       {"-put", "-n", "Contoso", "@both.p7b", "@root.cer"},
       "root.cer",
       Form::certificate,
       "Contoso Publisher"},
      {"changes the form",
       {"-add", "-7", "@own.cer", "@root.sst"},
       "root.sst",
       Form::pkcs7,
       "Old Root, Contoso.com(Test)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CollectionsDesk desk;
      const auto said = desk.run("certmgr", row.words);
      INFO(said.err);
      CHECK(said.exit_code == 0);
      CHECK(said.out == "CertMgr Succeeded\n");
      CHECK(compat::read_certificate_file(desk.path(row.file)).form == row.form);
      CHECK(names_in(desk, row.file) == row.names);
    }
}

TEST_CASE("what a serialized store says of a certificate outlives a change beside it", "[compat]") {
  CollectionsDesk desk;
  const auto before = bundle::store_elements(desk.read("root.sst"));
  REQUIRE(desk.run("certmgr", {"-add", "@own.cer", "@root.sst"}).exit_code == 0);
  const auto after = bundle::store_elements(desk.read("root.sst"));
  REQUIRE(after.size() == 2);
  REQUIRE(after[0].properties.size() == before[0].properties.size());
  for (std::size_t i = 0; i < before[0].properties.size(); ++i)
    CHECK(after[0].properties[i].value == before[0].properties[i].value);
}

TEST_CASE("a file from which certmgr took the last can be filled again", "[compat]") {
  for (const char* name : {"@one.p7b", "@one.sst"}) {
    CAPTURE(name);
    CollectionsDesk desk;
    CHECK(desk.run("certmgr", {"-add", "@root.cer", name}).exit_code == 0);
    CHECK(desk.run("certmgr", {"-del", "-c", name}).exit_code == 0);
    const auto none = desk.run("certmgr", {name});
    CHECK_THAT(none.out, Catch::StartsWith("==============No Certificates =========="));
    CHECK(desk.run("certmgr", {"-add", "@own.cer", name}).exit_code == 0);
    CHECK(names_in(desk, std::string(name).substr(1)) == "Contoso.com(Test)");
  }
}

TEST_CASE("certmgr takes the only one, and names those that could be meant", "[compat]") {
  const auto thumbprint = desk_pki().root.certificate.thumbprint().hex();
  struct Row {
    const char* name;
    Lines words;
    std::string said;
  };
  const Row rows[] = {
      {"two, and none is named",
       {"-put", "@both.p7b", "@o.cer"},
       "'both.p7b' holds 2 certificates that could be meant\ncertmgr: hint: -all takes them all, "
       "-n NAME or -sha1 HASH one of: Contoso Publisher ("},
      {"both have the word",
       {"-put", "-n", "o", "@both.p7b", "@o.cer"},
       "'both.p7b' holds 2 certificates that could be meant"},
      {"none has the name",
       {"-put", "-n", "Acme", "@both.p7b", "@o.cer"},
       "'both.p7b' holds no certificate named 'Acme'"},
      {"none has the hash",
       {"-put", "-sha1", std::string(40, 'A'), "@both.p7b", "@o.cer"},
       "'both.p7b' holds no certificate with the SHA-1 hash AAAA"},
      {"no list", {"-put", "-crl", "@both.p7b", "@o.cer"}, "'both.p7b' holds no revocation list"},
      {"no trust list", {"-put", "-CTL", "@both.p7b", "@o.cer"}, "'both.p7b' holds no trust list"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CollectionsDesk desk;
      const auto said = desk.run("certmgr", row.words);
      CHECK(said.exit_code == 1);
      CHECK(said.out == "CertMgr Failed\n");
      CHECK_THAT(said.err, Catch::Contains(row.said));
      CHECK_FALSE(fs::exists(desk.path("o.cer")));
    }
  for (const auto& spelling : {thumbprint, ascii_lower(thumbprint),
                               "\u200e" + thumbprint.substr(0, 20) + " " + thumbprint.substr(20)}) {
    CAPTURE(spelling);
    CollectionsDesk desk;
    CHECK(desk.run("certmgr", {"-put", "-sha1", spelling, "@both.p7b", "@o.cer"}).exit_code == 0);
    CHECK(names_in(desk, "o.cer") == "Old Root");
  }
}

TEST_CASE("certmgr refuses words that do not go together, and loses no file", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    const char* said;
  };
  const Row rows[] = {
      {"two actions", {"-add", "-del", "@root.cer"}, "only one of -add, -del and -put"},
      {"no words but an action", {"-add"}, "a file or a store is needed"},
      {"no target", {"-add", "@root.cer"}, "where to is not said"},
      {"a word too many", {"@root.cer", "@own.cer"}, "is one word too many"},
      {"-s at the end", {"-add", "@root.cer", "-s"}, "'-s' needs the name of a store behind it"},
      {"-r without -s",
       {"-add", "@root.cer", "-r", "localMachine", "root"},
       "'-r' is about a store, and there is no '-s'"},
      {"a strange place",
       {"-add", "@root.cer", "-s", "-r", "localMachin", "root"},
       "'localMachin' is no place of stores\ncertmgr: hint: did you mean 'localMachine'?"},
      {"-put into a store", {"-put", "@root.cer", "-s", "root"}, "'-put' writes a file"},
      {"-put of all", {"-put", "-all", "@both.p7b", "@o.cer"}, "'-put' writes one certificate"},
      {"-7 with a store", {"-add", "-7", "@root.cer", "-s", "root"}, "'-7' is about a file"},
      {"all and one", {"-add", "-all", "-n", "x", "@both.p7b", "@o.sst"}, "cannot both be meant"},
      {"a name for a list",
       {"-add", "-crl", "-n", "x", "@both.p7b", "@o.sst"},
       "'-n' is the common name of a certificate"},
      {"half a hash", {"-put", "-sha1", "AB", "@both.p7b", "@o.cer"}, "'AB' is no SHA-1 hash"},
      {"-f without -y", {"-f", "1", "@root.cer"}, "'-f' is about the provider of '-y'"},
      {"into a file of one",
       {"-add", "@own.cer", "@root.cer"},
       "'root.cer' is no file that several can stand in"},
      {"over a key",
       {"-put", "@root.cer", "@publisher.pvk"},
       "'publisher.pvk' is there and is not one certificate"},
      {"a key", {"@publisher.pvk"}, "'publisher.pvk': it is a PVK file"},
      {"a store without a workspace", {"-s", "root"}, "no workspace here"},
      {"explaining a file",
       {"-put", "@root.cer", "@o.cer", "--explain"},
       "only what -add puts into a store can be explained"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CollectionsDesk desk;
      const auto root = desk.read("root.cer"), key = desk.read("publisher.pvk");
      const auto said = desk.run("certmgr", row.words);
      CHECK(said.exit_code == 1);
      CHECK(said.out == "CertMgr Failed\n");
      CHECK_THAT(said.err, Catch::Contains(row.said));
      CHECK(desk.read("root.cer") == root);
      CHECK(desk.read("publisher.pvk") == key);
      CHECK_FALSE(fs::exists(desk.path("o.cer")));
      CHECK_FALSE(fs::exists(desk.path("o.sst")));
    }
}

TEST_CASE("the stores that certmgr fills are kept in the inventory", "[compat]") {
  CollectionsDesk desk;
  auto& lab = desk.make_workspace();
  const auto machine = StoreLocation::local_machine, user = StoreLocation::current_user;

  const auto root = desk.run("certmgr", {"/add", "@root.cer", "/s", "/r", "localMachine", "root"});
  CHECK(root.out == "CertMgr Succeeded\n");
  CHECK(root.err ==
        "certmgr: note: the store is kept in the inventory, and no Windows machine trusts anything "
        "by it; --explain prints the bundle that makes them\n");
  CHECK(desk.run("certmgr",
                 {"/add", "@publisher.cer", "/s", "/r", "LOCALMACHINE", "trustedpublisher"})
            .exit_code == 0);
  CHECK(names_in(lab, machine, "Root") == "Old Root");
  CHECK(names_in(lab, machine, "TrustedPublisher") == "Contoso Publisher");
  CHECK(names_in(lab, user, "Root").empty());

  const auto again = desk.run("certmgr", {"/add", "@root.cer", "/s", "/r", "localMachine", "ROOT"});
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.err, Catch::Contains("store 'ROOT' of LocalMachine holds Old Root ("));

  CHECK(desk.run("certmgr", {"/add", "/all", "@both.p7b", "/s", "PrivateCertStore"}).exit_code ==
        0);
  CHECK(desk.run("certmgr", {"/put", "/c", "/n", "Contoso", "/s", "PrivateCertStore", "@o.cer"})
            .exit_code == 0);
  CHECK(names_in(desk, "o.cer") == "Contoso Publisher");
  CHECK(desk.run("certmgr", {"/add", "/all", "/s", "PrivateCertStore", "@o.p7b"}).exit_code == 0);
  CHECK(names_in(desk, "o.p7b") == "Contoso Publisher, Old Root");
  CHECK(desk.run("certmgr", {"/del", "/n", "Old Root", "/s", "privatecertstore"}).exit_code == 0);
  CHECK(names_in(lab, user, "PrivateCertStore") == "Contoso Publisher");

  const auto shown = desk.run("certmgr", {"/s", "PrivateCertStore"});
  CHECK_THAT(shown.out, Catch::Contains("Subject::\n  CN=Contoso Publisher\n"));
  const auto none = desk.run("certmgr", {"/s", "My"});
  CHECK(none.exit_code == 0);
  CHECK_THAT(none.out, Catch::StartsWith("==============No Certificates =========="));
  CHECK(lab.open().inventory().verify_events().intact());
}

TEST_CASE("certmgr warns of what does nothing where it is put", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    const char* warning;
  };
  const Row rows[] = {
      {"an authority as publisher",
       {"/add", "@root.cer", "/s", "/r", "localMachine", "trustedpublisher"},
       "certmgr: warning: Old Root ("},
      {"a signer in Root that is not its own root",
       {"/add", "@publisher.cer", "/s", "/r", "localMachine", "root"},
       "it is not self-signed"},
      {"the stores of the user",
       {"/add", "@root.cer", "/s", "root"},
       "a driver installation does not look at the current user's stores"},
      {"a list beside certificates",
       {"/add", "/all", "@mixed.p7b", "/s", "/r", "localMachine", "ca"},
       "1 list is left out: the stores of the inventory hold certificates alone"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CollectionsDesk desk;
      desk.make_workspace();
      REQUIRE(desk.run("certmgr", {"-add", "-all", "@both.p7b", "@mixed.p7b"}).exit_code == 0);
      REQUIRE(desk.run("certmgr", {"-add", "@root.crl", "@mixed.p7b"}).exit_code == 0);
      const auto said = desk.run("certmgr", row.words);
      CHECK(said.exit_code == 0);
      CHECK_THAT(said.err, Catch::Contains(row.warning));
    }
  CollectionsDesk desk;
  desk.make_workspace();
  CHECK_THAT(desk.run("certmgr", {"/add", "@root.crl", "/s", "ca"}).err,
             Catch::Contains("the stores of the inventory hold certificates alone"));
}

TEST_CASE("certmgr shows what a file holds", "[compat]") {
  CollectionsDesk desk;
  const auto brief = desk.run("certmgr", {"@root.cer"});
  CHECK(brief.exit_code == 0);
  const auto& root = desk_pki().root.certificate;
  CHECK(brief.out ==
        "==============Certificate # 1 ==========\n"
        "Subject::\n  CN=Old Root\n"
        "Issuer::\n  CN=Old Root\n"
        "SerialNumber::\n  " +
            root.serial().hex() +
            "\n"
            "SHA1 Thumbprint::\n  " +
            root.thumbprint().hex() +
            "\n"
            "NotBefore::\n  2026-01-01T00:00:00Z\n"
            "NotAfter::\n  2036-01-01T00:00:00Z\n"
            "==============No CTLs ==========\n"
            "==============No CRLs ==========\n"
            "==============================================\n"
            "CertMgr Succeeded\n");
  CHECK_THAT(desk.run("certmgr", {"-v", "@root.cer"}).out, Catch::Contains("keyCertSign"));
  CHECK_THAT(desk.run("certmgr", {"-c", "@both.p7b"}).out, Catch::Contains("Certificate # 2"));
  CHECK_THAT(desk.run("certmgr", {"@root.crl"}).out,
             Catch::Contains("CRL # 1 ==========\nIssuer::\n  CN=Old Root\n"));
  CHECK_THAT(desk.run("certmgr", {"@root.sst"}).out, Catch::Contains("CN=Old Root"));
}

TEST_CASE("certmgr explains itself as the bundle that machines need", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    const char* in_text;
    std::size_t bundles;
  };
  const Row rows[] = {
      {"a root",
       {"@root.cer", "-s", "-r", "localMachine", "root"},
       "stores: {root: [old-root]}",
       1},
      {"a publisher",
       {"@publisher.cer", "-s", "-r", "localMachine", "trustedpublisher"},
       "stores: {trusted_publisher: [contoso-publisher]}",
       1},
      {"a test certificate that is its own root",
       {"@own.cer", "-s", "-r", "localMachine", "root"},
       "stores: {root: [contoso-com-test]}",
       1},
      {"a publisher in Root",
       {"@publisher.cer", "-s", "-r", "localMachine", "root"},
       "'contoso-publisher' does nothing in Root: it goes into TrustedPublisher",
       1},
      {"an authority as publisher",
       {"@root.cer", "-s", "-r", "localMachine", "TrustedPublisher"},
       "stores: {root: [old-root]}",
       1},
      {"all of a chain",
       {"-all", "@both.p7b", "-s", "-r", "localMachine", "root"},
       "stores: {root: [old-root], trusted_publisher: [contoso-publisher]}",
       1},
      {"distrust",
       {"@root.cer", "-s", "-r", "localMachine", "disallowed"},
       "stores: {disallowed: [old-root]}",
       1},
      {"the user's store",
       {"@root.cer", "-s", "root"},
       "a bundle fills the stores of LocalMachine",
       1},
      {"a store for signing",
       {"@own.cer", "-s", "PrivateCertStore"},
       "no bundle fills store 'PrivateCertStore'",
       0},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CollectionsDesk desk;
      Lines words = {"-add", "--explain"};
      words.insert(words.end(), row.words.begin(), row.words.end());
      const auto said = desk.run("certmgr", words);
      INFO(said.err);
      REQUIRE(said.exit_code == 0);
      CHECK_THAT(said.out, Catch::Contains(row.in_text));
      CHECK(loaded(said.out).bundles.size() == row.bundles);
    }
}

TEST_CASE("certmgr reads every certificate file of the corpus, or says why not", "[compat]") {
  const auto real = corpus();
  if (!real) {
    WARN("SKIPPED: no corpus");
    return;
  }
  struct Row {
    const char* ending;
    std::size_t most;   ///< Of that ending: there are many.
    const char* error;  ///< Of those that are refused; "" = none is.
    std::size_t read = 0, refused = 0;
  };
  Row rows[] = {
      {".cat", 12, ""},
      {".sys", 12, "it is not signed"},
      {".spc", 40, ""},
      {".p7b", 40, "which is not supported"},
      {".cer", 40, ""},
      {".pfx", 40, "it is a PFX file"},
      {".p12", 40, "it is a PFX file"},
      {".pvk", 40, "it is a PVK file"},
  };
  Desk desk;
  for (const auto& entry : fs::recursive_directory_iterator(*real)) {
    const auto ending = ascii_lower(entry.path().extension().string());
    for (Row& row : rows) {
      if (ending != row.ending || row.read + row.refused >= row.most) continue;
      const auto said = desk.run("certmgr", {entry.path().string()});
      INFO(entry.path() << "\n" << said.err);
      if (said.exit_code == 0) {
        ++row.read;
        CHECK_THAT(said.out, Catch::EndsWith("CertMgr Succeeded\n"));
      } else {
        ++row.refused;
        CHECK(*row.error);
        CHECK_THAT(said.err, Catch::Contains(row.error));
      }
    }
  }
  CHECK(rows[0].read > 0);
  CHECK(rows[1].read > 0);
}
