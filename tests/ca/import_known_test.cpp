// Certificates from outside that look like something the inventory has.

#include <fstream>

#include "ca/import_arrange.h"
#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

/// Certificates made by openssl, taken over into an inventory.
struct Office {
  Scratch scratch;
  Lab lab;
  policy::PolicySet set;
  ca::ImportTerms terms;

  Office() {
    *lab.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    terms.now = *lab.now;
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=CA "
        "-keyout ca.key -out ca.pem -addext basicConstraints=critical,CA:TRUE");
  }
  void openssl(const std::string& arguments) {
    const auto ran =
        run({"/bin/sh", "-c", "cd '" + scratch.path().string() + "' && openssl " + arguments});
    INFO(arguments << "\n" << ran.err);
    REQUIRE(ran.exit_code == 0);
  }
  /// FILE.pem, CN=Signer, self-signed with a key of its own.
  void stranger(const std::string& file) {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 900 -subj "
        "/CN=Signer -addext extendedKeyUsage=codeSigning -addext basicConstraints=CA:FALSE "
        "-keyout " +
        file + ".key -out " + file + ".pem");
  }
  /// FILE.pem, CN=Signer by the authority, from `from` to 2040.
  void issued(const std::string& file, const std::string& from) {
    std::ofstream(scratch / "ca.cnf", std::ios::trunc)
        << "[ca]\ndefault_ca=c\n[c]\ndatabase=i.txt\nserial=serial\nnew_certs_dir=.\n"
           "default_md=sha256\npolicy=p\nunique_subject=no\nx509_extensions=x\n[p]\ncommonName="
           "supplied\n[x]\nextendedKeyUsage=codeSigning\n";
    std::ofstream(scratch / "i.txt", std::ios::app).flush();
    openssl(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Signer -keyout " +
        file + ".key -out " + file + ".csr");
    openssl("ca -batch -config ca.cnf -rand_serial -keyfile ca.key -cert ca.pem -startdate " +
            from + " -enddate 20400101000000Z -in " + file + ".csr -notext -out " + file + ".pem");
  }
  ca::ImportResult take(const std::vector<std::string>& files, const std::string& name = {}) {
    std::vector<std::string> paths;
    for (const auto& file : files) paths.push_back(scratch / file);
    const auto found = ca::find_in_files(paths, {});
    auto wanted = terms;
    wanted.name = name;
    ca::ImportPolicies policies(set);
    const auto made = ca::arrange(found, wanted, policies, &lab.inventory);
    return ca::take_over(lab.inventory, found, made,
                         {[&](const std::string& keyring, const ossl::PrivateKey& key,
                              store::ExportRule rule) { return lab.keys.seal(keyring, key, rule); },
                          {}});
  }
  std::string rows() const {
    std::string text;
    for (const auto& generation : lab.inventory.generations())
      text += generation.label() + " " + std::string(store::to_text(generation.state)) + "\n";
    return text;
  }
};

}  // namespace

TEST_CASE("a stranger's certificate takes no place of what has its name", "[ca][import]") {
  Office office;
  office.stranger("own");
  office.stranger("other");
  office.take({"own.pem", "own.key"});
  SECTION("by its subject") {
    office.take({"other.pem"});
    CHECK(office.rows() == "signer@1 active\nsigner-2@1 active\n");
  }
  SECTION("in the company of the other") {
    office.take({"own.pem", "other.pem"});
    CHECK(office.rows() == "signer@1 active\nsigner-2@1 active\n");
  }
  SECTION("with a key") {
    office.take({"other.pem", "other.key"});
    CHECK(office.rows() == "signer@1 active\nsigner-2@1 active\n");
  }
  SECTION("nor by --name") {
    const auto error = error_of([&] { office.take({"other.pem"}, "signer"); });
    CHECK(error.kind == Error::Kind::state);
    CHECK(error.message == "'signer' is the name of something else already");
    CHECK(error.hint == "choose another; what joins it has its key, or its subject and its issuer");
    CHECK(office.rows() == "signer@1 active\n");
  }
  SECTION("nor a name that the YAML manages") {
    office.terms.reserved = {"managed"};
    const auto error = error_of([&] { office.take({"other.pem"}, "managed"); });
    CHECK(error.kind == Error::Kind::state);
    CHECK(error.message ==
          "'managed' is managed by sealwright.yaml, and this answers no request of it");
  }
}

TEST_CASE("a renewal joins what it renews when it is told to, and waits", "[ca][import]") {
  Office office;
  office.issued("one", "20250101000000Z");
  office.issued("two", "20260101000000Z");
  SECTION("after a generation with its key") {
    office.take({"ca.pem", "one.pem", "one.key"});
    office.take({"two.pem", "two.key"}, "signer");
    CHECK(office.rows() == "ca@1 active\nsigner@1 active\nsigner@2 next\n");
  }
  SECTION("not without being told") {
    office.take({"ca.pem", "one.pem"});
    office.take({"two.pem"});
    CHECK(office.rows() == "ca@1 active\nsigner@1 active\nsigner-2@1 active\n");
  }
  SECTION("in the same import, where no key is at stake") {
    office.take({"ca.pem", "one.pem"});
    office.take({"one.pem", "two.pem"});
    CHECK(office.rows() == "ca@1 active\nsigner@1 retiring\nsigner@2 active\n");
  }
  SECTION("an older one is none") {
    office.take({"ca.pem", "two.pem"});
    office.take({"one.pem"}, "signer");
    CHECK(office.rows() == "ca@1 active\nsigner@1 active\nsigner@2 retiring\n");
  }
  SECTION("one of another issuer is none") {
    office.take({"ca.pem", "one.pem"});
    office.stranger("other");
    CHECK(error_of([&] { office.take({"other.pem"}, "signer"); }).kind == Error::Kind::state);
  }
}

TEST_CASE("what came before its issuer goes below it when that comes", "[ca][import]") {
  Office office;
  office.issued("one", "20250101000000Z");
  office.take({"one.pem"});
  CHECK_FALSE(office.lab.inventory.active("signer")->issuer);
  office.stranger("other");
  office.take({"other.pem"});
  office.take({"ca.pem"});
  const auto authority = office.lab.inventory.active("ca");
  REQUIRE(authority);
  CHECK(office.lab.inventory.active("signer")->issuer == authority->id);
  CHECK_FALSE(office.lab.inventory.active("signer-2")->issuer);
  CHECK_FALSE(authority->issuer);
  const auto event = office.lab.inventory.last_event("generation.issuer-known", "signer@1");
  REQUIRE(event);
  CHECK(event->details == R"({"issuer":"ca@1"})");
  const auto error = error_of([&] {
    office.lab.inventory.link_issuer(office.lab.inventory.active("signer")->id, authority->id);
  });
  CHECK(error.message == "the issuer of 'signer@1' is known already");
  CHECK(office.lab.inventory.verify_events().intact());
}
