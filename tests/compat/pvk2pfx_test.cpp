#include <catch2/catch.hpp>
#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "desk.h"
#include "x509/pkcs12.h"
#include "x509/pkcs7.h"

using namespace sealwright;
using namespace sealwright::test;
using Lines = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

/// A desk with publisher.spc: the publisher and its root.
struct PublisherDesk : Desk {
  PublisherDesk() {
    const auto& pki = desk_pki();
    write("publisher.spc",
          x509::certificates_only({pki.publisher.certificate, pki.root.certificate}));
    write("root-first.spc",
          x509::certificates_only({pki.root.certificate, pki.publisher.certificate}));
    write("publisher.pem", view(pki.publisher.certificate.to_pem()));
  }
};

x509::PfxContent opened(const Desk& desk, const std::string& password,
                        const std::string& name = "out.pfx") {
  return x509::read_pfx(desk.read(name), ossl::Secret(std::string_view(password)));
}

}  // namespace

TEST_CASE("pvk2pfx puts the key's certificate first and the others behind it", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    const char* password;
    std::size_t chain;
  };
  const Row rows[] = {
      {"the model's own line",
       {"-pvk", "@locked.pvk", "-pi", "secret", "-spc", "@publisher.spc", "-pfx", "@out.pfx", "-po",
        "other"},
       "other",
       1},
      {"slashes and capitals",
       {"/PVK", "@locked.pvk", "/Pi", "secret", "/SPC", "@publisher.spc", "/PFX", "@out.pfx"},
       "secret",
       1},
      {"the root first in the SPC",
       {"-pvk", "@locked.pvk", "-pi", "secret", "-spc", "@root-first.spc", "-pfx", "@out.pfx"},
       "secret",
       1},
      {"a bare certificate",
       {"-pvk", "@locked.pvk", "-pi", "secret", "-spc", "@publisher.cer", "-pfx", "@out.pfx"},
       "secret",
       0},
      {"a certificate in PEM",
       {"-pvk", "@publisher.pvk", "-po", "x", "-spc", "@publisher.pem", "-pfx", "@out.pfx"},
       "x",
       0},
      {"a plain key without -po",
       {"-pvk", "@publisher.pvk", "-spc", "@publisher.spc", "-pfx", "@out.pfx"},
       "",
       1},
      {"an empty -po",
       {"-pvk", "@locked.pvk", "-pi", "secret", "-po", "", "-spc", "@publisher.spc", "-pfx",
        "@out.pfx"},
       "",
       1},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      PublisherDesk desk;
      const auto said = desk.run("pvk2pfx", row.words);
      INFO(said.err);
      REQUIRE(said.exit_code == 0);
      const auto content = opened(desk, row.password);
      CHECK(content.certificate == desk_pki().publisher.certificate);
      CHECK(content.chain.size() == row.chain);
      CHECK(content.friendly_name == "Contoso Publisher");
      CHECK(equal(content.pkcs8.view(), desk_pki().publisher_key.view()));
      const auto mode = fs::status(desk.path("out.pfx")).permissions();
      CHECK(mode == (fs::perms::owner_read | fs::perms::owner_write));
    }
}

TEST_CASE("pvk2pfx takes passwords from files and the environment", "[compat]") {
  struct Row {
    const char* name;
    std::map<std::string, std::string> environment;
    Lines more;
    const char* password;
  };
  const Row rows[] = {
      {"the key's from a variable", {{"SEALWRIGHT_PASSWORD", "secret"}}, {}, "secret"},
      {"both from variables",
       {{"SEALWRIGHT_PASSWORD", "secret"}, {"SEALWRIGHT_OUT_PASSWORD", "out"}},
       {},
       "out"},
      {"both from files",
       {},
       {"--password-file", "@in.password", "--out-password-file", "@out.password"},
       "written"},
      {"a word before a variable",
       {{"SEALWRIGHT_PASSWORD", "wrong"}, {"SEALWRIGHT_OUT_PASSWORD", "out"}},
       {"-pi", "secret", "-po", "word"},
       "word"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      PublisherDesk desk;
      desk.passwords = row.environment;
      desk.write("in.password", view(std::string("secret")));
      desk.write("out.password", view(std::string("written")));
      Lines words = {"-pvk", "@locked.pvk", "-spc", "@publisher.spc", "-pfx", "@out.pfx"};
      words.insert(words.end(), row.more.begin(), row.more.end());
      const auto said = desk.run("pvk2pfx", words);
      INFO(said.err);
      REQUIRE(said.exit_code == 0);
      CHECK_NOTHROW(opened(desk, row.password));
      CHECK(said.err.find("warning") == std::string::npos);
    }
}

TEST_CASE("pvk2pfx refuses in its model's words, or with a reason", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    const char* said;
  };
  const Row rows[] = {
      {"no certificate for the key",
       {"-pvk", "@publisher.pvk", "-spc", "@root.cer", "-pfx", "@out.pfx"},
       "ERROR: Cannot find certificates that match the key. (Error Code = 0x80070490)\n"
       "pvk2pfx: error: no certificate in 'root.cer' is for the key in 'publisher.pvk'\n"},
      {"no certificate at all",
       {"-pvk", "@publisher.pvk", "-spc", "@empty.p7b", "-pfx", "@out.pfx"},
       "'empty.p7b' holds no certificate\n"},
      {"no -pvk", {"-spc", "@publisher.spc", "-pfx", "@out.pfx"}, "'-pvk' is missing"},
      {"no -spc", {"-pvk", "@publisher.pvk", "-pfx", "@out.pfx"}, "'-spc' is missing"},
      {"no -pfx: the model's wizard",
       {"-pvk", "@publisher.pvk", "-spc", "@publisher.spc"},
       "'-pfx' is missing\npvk2pfx: hint: the original opens its wizard then"},
      {"a file too many",
       {"-pvk", "@publisher.pvk", "-spc", "@publisher.spc", "-pfx", "@out.pfx", "more"},
       "'more' belongs to no option"},
      {"a wrong password",
       {"-pvk", "@locked.pvk", "-pi", "wrong", "-spc", "@publisher.spc", "-pfx", "@out.pfx"},
       "'locked.pvk': wrong password"},
      {"no password",
       {"-pvk", "@locked.pvk", "-spc", "@publisher.spc", "-pfx", "@out.pfx"},
       "'locked.pvk' needs a password\npvk2pfx: hint: give --password-file"},
      {"a key that is none",
       {"-pvk", "@root.cer", "-spc", "@publisher.spc", "-pfx", "@out.pfx"},
       "'root.cer': "},
      {"a PVK for a certificate",
       {"-pvk", "@publisher.pvk", "-spc", "@publisher.pvk", "-pfx", "@out.pfx"},
       "'publisher.pvk': it is a PVK file"},
      {"an unknown profile",
       {"-pvk", "@publisher.pvk", "-spc", "@publisher.spc", "-pfx", "@out.pfx", "--profile", "xp"},
       "unknown profile 'xp'"},
      {"a PFX that is there",
       {"-pvk", "@publisher.pvk", "-spc", "@publisher.spc", "-pfx", "@there.pfx"},
       "'there.pfx' already exists\npvk2pfx: hint: pass -f to replace it"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      PublisherDesk desk;
      desk.write("there.pfx", view(std::string("as it was")));
      // openssl crl2pkcs7 -nocrl
      desk.write("empty.p7b", *from_base64("MCMGCSqGSIb3DQEHAqAWMBQCAQExADALBgkqhkiG9w0BBwExAA=="));
      const auto said = desk.run("pvk2pfx", row.words);
      CHECK(said.exit_code == 1);
      CHECK_THAT(said.err, Catch::Contains(row.said));
      CHECK_FALSE(fs::exists(desk.path("out.pfx")));
      CHECK(desk.read("there.pfx") == copy(view(std::string("as it was"))));
    }
}

TEST_CASE("pvk2pfx replaces a PFX with -f, and it is its owner's alone", "[compat]") {
  PublisherDesk desk;
  const std::vector<std::string> older = {"-pvk", "@publisher.pvk", "-spc", "@publisher.spc",
                                          "-pfx", "@out.pfx",       "-po",  "older"};
  REQUIRE(desk.run("pvk2pfx", older).exit_code == 0);
  const auto said = desk.run("pvk2pfx", {"-pvk", "@publisher.pvk", "-spc", "@publisher.spc", "-pfx",
                                         "@out.pfx", "-f", "-po", "x"});
  CHECK(said.exit_code == 0);
  CHECK_NOTHROW(opened(desk, "x"));
  CHECK((fs::status(desk.path("out.pfx")).permissions() & fs::perms::others_read) ==
        fs::perms::none);
}

TEST_CASE("pvk2pfx does not wait for what is no file", "[compat]") {
  PublisherDesk desk;
  REQUIRE(run({"mkfifo", desk.path("fifo")}).exit_code == 0);
  const auto said = desk.run(
      "pvk2pfx", {"-pvk", "@fifo", "-spc", "@publisher.spc", "-pfx", "@out.pfx", "-po", "x"});
  CHECK_THAT(said.err, Catch::Contains("fifo' is not a regular file"));
}

TEST_CASE("-f of pvk2pfx replaces a PFX and nothing else", "[compat]") {
  PublisherDesk desk;
  desk.write("notes.txt", view(std::string("notes")));
  const struct {
    const char *target, *said;
  } rows[] = {{"@notes.txt", "'notes.txt' is there, and is no PFX"},
              {"@publisher.pvk", "'publisher.pvk' would be read and written"},
              {"@publisher.spc", "'publisher.spc' would be read and written"}};
  for (const auto& row : rows) {
    const auto said = desk.run("pvk2pfx", {"-pvk", "@publisher.pvk", "-spc", "@publisher.spc",
                                           "-pfx", row.target, "-f", "-po", "x"});
    CHECK_THAT(said.err, Catch::Contains(row.said));
  }
  CHECK(desk.read("notes.txt") == copy(view(std::string("notes"))));
}

TEST_CASE("pvk2pfx says which profile it took, why, and who can read it", "[compat]") {
  struct Row {
    const char* name;
    Lines targets;
    Lines more;
    const char* said;
    bool names_provider;
  };
  const Row rows[] = {
      {"nothing said",
       {},
       {},
       "PFX profile modern, no older targets are named: AES-256-CBC",
       false},
      {"old targets", {"win7"}, {}, "PFX profile compatible, Windows 7", true},
      {"old targets, and asked for",
       {"win7"},
       {"--profile", "modern"},
       "PFX profile modern, asked for",
       false},
      {"asked for",
       {},
       {"--profile", "compatible"},
       "PFX profile compatible, asked for: 3DES, SHA-1 MAC, 2048 iterations",
       true},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      PublisherDesk desk;
      desk.targets = row.targets;
      Lines words = {"-pvk", "@publisher.pvk", "-spc", "@publisher.spc",
                     "-pfx", "@out.pfx",       "-po",  "x"};
      words.insert(words.end(), row.more.begin(), row.more.end());
      const auto said = desk.run("pvk2pfx", words);
      CHECK(said.exit_code == 0);
      CHECK_THAT(said.err, Catch::Contains(row.said));
      const auto seen =
          run({"openssl", "pkcs12", "-in", desk.path("out.pfx"), "-passin", "pass:x", "-nodes"});
      INFO(seen.err);
      CHECK(seen.exit_code == 0);
      CHECK((seen.out.find("Microsoft CSP Name") != std::string::npos) == row.names_provider);
    }
}

TEST_CASE("pvk2pfx reads the PVK files of openssl, and warns of weak ones", "[compat][oracle]") {
  struct Row {
    const char* option;
    bool warns;
  };
  const Row rows[] = {{"-pvk-none", false}, {"-pvk-weak", true}, {"-pvk-strong", false}};
  for (const Row& row : rows) DYNAMIC_SECTION(row.option) {
      PublisherDesk desk;
      desk.write("key.der", desk_pki().publisher_key.view());
      const auto made = run({"openssl", "rsa", "-provider", "legacy", "-provider", "default",
                             "-inform", "DER", "-in", desk.path("key.der"), "-outform", "PVK",
                             row.option, "-passout", "pass:secret", "-out", desk.path("o.pvk")});
      INFO(made.err);
      REQUIRE(made.exit_code == 0);
      desk.passwords = {{"SEALWRIGHT_PASSWORD", "secret"}, {"SEALWRIGHT_OUT_PASSWORD", "out"}};
      const auto said =
          desk.run("pvk2pfx", {"-pvk", "@o.pvk", "-spc", "@publisher.spc", "-pfx", "@out.pfx"});
      CHECK(said.exit_code == 0);
      CHECK(equal(opened(desk, "out").pkcs8.view(), desk_pki().publisher_key.view()));
      CHECK((said.err.find("encrypted with 40 bits") != std::string::npos) == row.warns);
    }
}

TEST_CASE("pvk2pfx explains itself as an export under a password of its own", "[compat]") {
  PublisherDesk desk;
  const auto said = desk.run("pvk2pfx", {"-pvk", "@locked.pvk", "-spc", "@root-first.spc", "-pfx",
                                         "@Contoso.pfx", "--explain"});
  INFO(said.err);
  REQUIRE(said.exit_code == 0);
  CHECK_FALSE(fs::exists(desk.path("Contoso.pfx")));
  const auto hierarchy = loaded(said.out);
  REQUIRE(hierarchy.exports.size() == 1);
  CHECK(hierarchy.exports[0].name == "contoso-pfx");
  CHECK(hierarchy.exports[0].password);
  CHECK(hierarchy.certificate("contoso-publisher")->existing->key == "locked.pvk");
}
