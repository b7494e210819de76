// PFX files in the hands of programs we did not write: each takes out the key and its certificate,
// or refuses for a reason that is written down here.

#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "base/file.h"
#include "made.h"
#include "support.h"
#include "x509/pkcs12.h"

using namespace sealwright;
using namespace sealwright::x509;

namespace {

struct File {
  const char* name;
  PfxProfile profile;
  bool ec;
  const char* csp;
  const char* password;
  PfxPassword kind;
};

constexpr auto modern = PfxProfile::modern, compatible = PfxProfile::compatible;
constexpr auto given = PfxPassword::given, empty = PfxPassword::empty, none = PfxPassword::none;
const File files[] = {
    {"modern", modern, false, "", "secret", given},
    {"modern for a provider", modern, false, enhanced_rsa_csp, "secret", given},
    {"modern ECDSA", modern, true, "", "secret", given},
    {"modern ECDSA for a provider", modern, true, "Microsoft Software Key Storage Provider",
     "secret", given},
    {"modern, empty password", modern, false, "", "", empty},
    {"modern, no password", modern, false, "", "", none},
    {"modern, password beyond ASCII", modern, false, "", "gr\xc3\xbc\xc3\x9f dich", given},
    {"compatible", compatible, false, "", "secret", given},
    {"compatible for a provider", compatible, false, enhanced_rsa_csp, "secret", given},
    {"compatible ECDSA", compatible, true, "", "secret", given},
    {"compatible, empty password", compatible, false, "", "", empty},
    {"compatible, no password", compatible, false, "", "", none},
    {"compatible, password beyond ASCII", compatible, false, "", "gr\xc3\xbc\xc3\x9f dich", given},
};

const made::Identity& identity_of(const File& file) { return file.ec ? made::ec() : made::rsa(); }

Bytes pfx_of(const File& file) {
  PfxContent content;
  content.pkcs8 = identity_of(file).pkcs8.clone();
  content.certificate = identity_of(file).certificate;
  content.chain = {made::other().certificate};
  content.friendly_name = "driver";
  return write_pfx(content, ossl::Secret(view(file.password)),
                   {file.profile, 2048, file.csp, file.kind});
}

using Words = std::vector<std::string>;

/// A program that takes out the key and shows, or uses, what it has.
struct Reader {
  const char* name;
  const char* program;
  /// Nothing when it opened the file, else what it said.
  std::function<std::string(const File&, const std::string& path, const test::Scratch&)> open;
};

std::string said(const test::Ran& ran) {
  return "exit " + std::to_string(ran.exit_code) + ": " + ran.err + ran.out;
}

std::string openssl(const File& file, const std::string& path, const Words& more) {
  Words words = {
      "openssl", "pkcs12", "-in", path, "-nodes", "-passin", std::string("pass:") + file.password};
  words.insert(words.end(), more.begin(), more.end());
  const auto ran = test::run(words);
  const bool whole = ran.out.find("PRIVATE KEY") != ran.out.npos &&
                     ran.out.find(identity_of(file).certificate.to_pem()) != ran.out.npos &&
                     ran.out.find(made::other().certificate.to_pem()) != ran.out.npos;
  return ran.exit_code == 0 && whole ? "" : said(ran);
}

std::string certtool(const File& file, const std::string& path) {
  Words words = {"certtool", "--p12-info", "--inder", "--infile", path};
  const Words secret = file.kind == none    ? Words{"--null-password"}
                       : file.kind == empty ? Words{"--empty-password"}
                                            : Words{"--password", file.password};
  words.insert(words.end(), secret.begin(), secret.end());
  const auto ran = test::run(words);
  const bool whole = ran.out.find("PRIVATE KEY") != ran.out.npos &&
                     ran.out.find(identity_of(file).certificate.to_pem()) != ran.out.npos;
  return ran.exit_code == 0 && whole ? "" : said(ran);
}

/// Into a database of its own, which then has the key.
std::string pk12util(const File& file, const std::string& path, const test::Scratch& scratch) {
  std::filesystem::create_directory(scratch / "nss");
  const std::string database = "sql:" + (scratch / "nss").string();
  test::run({"certutil", "-N", "-d", database, "--empty-password"});
  const auto ran = test::run({"pk12util", "-i", path, "-W", file.password, "-d", database});
  const auto keys = test::run({"certutil", "-K", "-d", database});
  return ran.exit_code == 0 && keys.out.find("driver") != keys.out.npos ? "" : said(ran);
}

/// Signs a request with the key. Java reads its arguments in the character set of the locale.
std::string keytool(const File& file, const std::string& path) {
  const auto ran =
      test::run({"env", "LC_ALL=C.UTF-8", "keytool", "-J-Duser.language=en", "-certreq", "-alias",
                 "driver", "-storetype", "PKCS12", "-keystore", path, "-storepass", file.password});
  return ran.exit_code == 0 && ran.out.find("CERTIFICATE REQUEST") != ran.out.npos ? "" : said(ran);
}

const Reader readers_of_files[] = {
    {"openssl", "openssl",
     [](const File& file, const std::string& path, const test::Scratch&) {
       return openssl(file, path, {});
     }},
    {"openssl -legacy", "openssl",
     [](const File& file, const std::string& path, const test::Scratch&) {
       return openssl(file, path, {"-legacy"});
     }},
    {"certtool", "certtool",
     [](const File& file, const std::string& path, const test::Scratch&) {
       return certtool(file, path);
     }},
    {"pk12util", "pk12util", pk12util},
    {"keytool", "keytool",
     [](const File& file, const std::string& path, const test::Scratch&) {
       return keytool(file, path);
     }},
};

/// Reader and file → a part of what it says. Java knows passwords of ASCII only: its own attempt to
/// write such a file ends with "Password is not ASCII", and openssl's are refused like ours.
const std::map<std::pair<std::string, std::string>, std::string> refused = {
    {{"keytool", "modern, password beyond ASCII"}, "password was incorrect"},
    {{"keytool", "compatible, password beyond ASCII"}, "password was incorrect"},
};

}  // namespace

TEST_CASE("other programs take the key out of every kind of PFX", "[x509][oracle]") {
  for (const Reader& reader : readers_of_files) DYNAMIC_SECTION(reader.name) {
      if (!test::have_program(reader.program)) {
        WARN("SKIPPED: " << reader.program << " is not installed");
        continue;
      }
      for (const File& file : files) {
        const test::Scratch scratch;
        const std::string path = made::file(scratch / "f.pfx", pfx_of(file));
        const std::string answer = reader.open(file, path, scratch);
        INFO(file.name);
        const auto expected = refused.find({reader.name, file.name});
        if (expected == refused.end())
          CHECK(answer == "");
        else
          CHECK_THAT(answer, Catch::Contains(expected->second));
      }
    }
}
