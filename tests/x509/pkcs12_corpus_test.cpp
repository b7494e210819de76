// PFX files of other people's tools: each is read, or refused for the right reason.

#include <catch2/catch.hpp>
#include <map>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "support.h"
#include "x509/pkcs12.h"

using namespace sealwright;
using namespace sealwright::x509;
namespace fs = std::filesystem;

namespace {

struct Row {
  std::string file, password;
};

/// Every PFX that PASSWORDS.tsv knows the password of, or does not ('?').
std::vector<Row> all_files(const fs::path& keys) {
  std::vector<Row> rows;
  std::istringstream table(read_text(keys / "PASSWORDS.tsv"));
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string file, kind, password;
    std::getline(fields, file, '\t');
    std::getline(fields, kind, '\t');
    std::getline(fields, password, '\t');
    if (kind != "PKCS#12") continue;
    if (password == "(empty)") password.clear();
    if (const auto note = password.find(" ("); note != std::string::npos) password.resize(note);
    rows.push_back({file, password});
  }
  return rows;
}

const std::string nss_defect =
    "the PFX does not open: its MAC matches the password, but the cipher ";

/// What is not simply read.
const std::map<std::string, std::string> refused = {
    {"bc-java__with-key-entry.p12", "wrong password"},
    {"gnutls__gost01.p12", "the PFX uses a MAC of GOST R 34.11-94, which is not supported"},
    {"gnutls__key-utf8-1.p12", "wrong password"},
    {"gnutls__pbmac1_256_256.short-len.p12",
     "the PFX uses a MAC of PBMAC1, which is not supported"},
    {"nss__OCSPCA2.p12", "wrong password"},
    {"nss__OCSPRoot.p12", "wrong password"},
    {"nss__TestOldAES128CA.p12", nss_defect + "AES-128-CBC does not give its content"},
    {"nss__TestOldCA.p12", nss_defect + "AES-256-CBC does not give its content"},
};

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

/// As openssl with its legacy provider sees the file.
void check_against_openssl(const fs::path& file, const std::string& password,
                           const PfxContent& content) {
  const auto ran = test::run({"openssl", "pkcs12", "-legacy", "-nodes", "-info", "-in",
                              file.string(), "-passin", "pass:" + password});
  std::vector<Certificate> all = content.chain;
  if (content.certificate) all.push_back(*content.certificate);
  CHECK(all.size() == count(ran.out, "BEGIN CERTIFICATE"));
  for (const Certificate& certificate : all)
    CHECK_THAT(ran.out, Catch::Contains(certificate.to_pem()));
  // Not the keys it prints: it cannot print ML-KEM.
  const std::size_t keys = count(ran.err, "Shrouded Keybag") + count(ran.err, "Key bag");
  CHECK((content.pkcs8.empty() ? 0 : 1 + content.other_keys) == keys);
}

}  // namespace

TEST_CASE("every PFX of the corpus is read as openssl reads it, or refused with the reason",
          "[x509][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const fs::path keys = *corpus / "keys";
  const auto rows = all_files(keys);
  REQUIRE(rows.size() > 70);
  for (const Row& row : rows) DYNAMIC_SECTION(row.file) {
      const Bytes pfx = read_file(keys / row.file);
      const ossl::Secret password(row.password);
      if (const auto expected = refused.find(row.file); expected != refused.end()) {
        CHECK_THROWS_WITH(read_pfx(pfx, password), expected->second);
        continue;
      }
      check_against_openssl(keys / row.file, row.password, read_pfx(pfx, password));
      if (row.password.empty()) continue;
      CHECK_THROWS_WITH(read_pfx(pfx, ossl::Secret(std::string_view("not this"))),
                        "wrong password");
    }
}

TEST_CASE("what is special about a PFX is found", "[x509][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  struct Special {
    const char* file;
    const char* password;
    const char* friendly_name;
    bool key, certificate;
    std::size_t chain;
  };
  const Special rows[] = {
      {"gnutls__key-utf8-1.p12", "ένα-δύο", "", true, true, 1},
      {"nss__OCSPRoot.p12", "nssnss", "OCSPRoot", true, true, 0},  // BER
      {"pyca_name-unicode-pwd.p12", "password", "\u263a", true, true, 2},
      {"pyca_cert-aes256cbc-no-key.p12", "cryptography", "", false, false, 1},
      {"pyca_no-cert-key-aes256cbc.p12", "cryptography", "", true, false, 0},
      {"bc-java__sample_cacerts.p12", "", "", false, false, 7},  // without MAC
      {"jsign__keystore-empty.p12", "password", "", false, false, 0},
      {"gnutls__pkcs12_2certs.p12", "", "", true, true, 1},             // without local key ids
      {"nss__openssl-ml-kem-768-seed.p12", "test", "", true, true, 1},  // a key we cannot use
  };
  for (const Special& row : rows) DYNAMIC_SECTION(row.file) {
      const PfxContent content = read_pfx(read_file(*corpus / "keys" / row.file),
                                          ossl::Secret(std::string_view(row.password)));
      CHECK(content.friendly_name == row.friendly_name);
      CHECK(!content.pkcs8.empty() == row.key);
      CHECK(content.certificate.has_value() == row.certificate);
      CHECK(content.chain.size() == row.chain);
    }
}
