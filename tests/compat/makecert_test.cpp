#include "compat/makecert.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "tool_run.h"
#include "x509/certificate.h"
#include "x509/oids.h"
#include "x509/pkcs12.h"
#include "x509/pvk.h"

using namespace sealwright;
using test::ToolBench;
namespace fs = std::filesystem;

namespace {

/// A bench with a root (r.cer, r.pvk) and a key (k.pvk), of 2048 bits so that they are quick.
class Shop : public ToolBench {
 public:
  Shop() {
    static std::map<std::string, Bytes> keys;  // made once, since that takes its time
    for (const auto& [name, key] : keys)
      write_file(path(name), key, {Access::owner, Existing::refuse});
    make("-r -n CN=Root -cy authority -len 2048 -sv @r.pvk @r.cer");
    make("-r -n CN=Key -eku codeSigning -len 2048 -sv @k.pvk @k.cer");
    for (const char* name : {"r.pvk", "k.pvk"}) keys[name] = bytes(name);
  }
  test::ToolRan makecert(const std::string& line) { return run(compat::makecert_tool, line); }
  test::ToolRan make(const std::string& line) {
    auto ran = makecert(line);
    INFO(line);
    REQUIRE(ran.error == "");
    CHECK(ran.out == "Succeeded\n");
    return ran;
  }
  x509::Certificate certificate(const std::string& name) const {
    return x509::Certificate::from_der(read_file(path(name)));
  }
  Bytes bytes(const std::string& name) const { return read_file(path(name)); }
};

/// What a certificate says, on one line.
std::string says(const x509::Certificate& certificate) {
  std::string text;
  if (const auto constraints = certificate.basic_constraints())
    text += std::string(constraints->ca ? "CA" : "no CA") +
            (constraints->path_length ? std::to_string(*constraints->path_length) : "") + "; ";
  for (const auto& name : x509::key_usage_names(certificate.key_usage().value_or(0)))
    text += name + " ";
  text += ";";
  for (const auto& purpose : certificate.extended_key_usage().value_or(std::vector<Oid>{}))
    text += " " + x509::key_purpose_name(purpose);
  return text;
}

}  // namespace

TEST_CASE("makecert makes what its flags say, and well", "[compat][makecert]") {
  Shop shop;
  constexpr const char* for_signing =
      "it is made for code signing, as '-eku' does not say what else\n";
  constexpr const char* signer = "digitalSignature ; codeSigning";
  const std::string below = "-n CN=Pub -ic @r.cer -iv @r.pvk -sv @k.pvk @o.cer ";
  const std::string self = "-r -n CN=Self -sv @k.pvk @o.cer ";
  const struct {
    std::string words;
    const char *says, *notes, *warnings;
  } rows[] = {
      {self, "CA; digitalSignature keyCertSign cRLSign ;",
       "it is made an authority that may also sign files, since scripts use such a certificate for "
       "both; say what it is for with -cy authority or -eku 1.3.6.1.5.5.7.3.3\n",
       ""},
      {self + "-cy authority", "CA; keyCertSign cRLSign ;", "", ""},
      {self + "/CY Authority /H 1", "CA1; keyCertSign cRLSign ;", "",
       "a root with a path length breaks chains over cross-certificates (asked for with -h)\n"},
      {self + "-h 0", "CA0; keyCertSign cRLSign ;", "",
       "a root with a path length breaks chains over cross-certificates (asked for with -h)\n"},
      {self + "-eku 1.3.6.1.5.5.7.3.3", signer, "", ""},
      {self + "-cy end", signer, for_signing, ""},
      {below + "-eku 1.3.6.1.5.5.7.3.3", signer, "", ""},
      {below, signer, for_signing, ""},
      {below + "-cy end -eku 1.3.6.1.5.5.7.3.8", "digitalSignature ; timeStamping",
       "timestamping-lifetime: it lives longer than 135 months (from 2026-03-01 to 2039-12-31)\n",
       ""},
      {below + "-cy authority", "CA; keyCertSign cRLSign ;", "", ""},
      {below + "-eku 1.3.6.1.5.5.7.3.3,1.3.6.1.5.5.7.3.2",
       "digitalSignature ; codeSigning clientAuth", "",
       "its extended key usage holds clientAuth beside codeSigning (asked for with -eku)\n"},
      {below + "-eku codeSigning -# 2147483647", signer, "",
       "the serial number has 31 bits: it cannot hold 64 random ones (asked for with -#)\n"},
      {below + "-eku codeSigning -a sha1", signer, "",
       "it is signed with SHA-1, for which collisions are made (asked for with -a sha1)\n"},
      {below + "-eku codeSigning -a md5", signer, "",
       "'-a md5' is not honoured, since anybody can make a second certificate of the same MD5; "
       "SHA-256 takes its place\n"},
      {below + "-eku codeSigning -a SHA512", signer, "", ""},
      {below + "-eku codeSigning -b 04/01/2026", signer, "",
       "it begins only on 2026-04-01T00:00:00Z (asked for with -b)\n"},
      {below + "-eku codeSigning -sp CSP -sy 24 -iky exchange", signer,
       "'-sp' has no effect: keys are made and used by OpenSSL\n"
       "'-sy' has no effect: keys are made and used by OpenSSL\n"
       "'-iky' has no effect: keys are made and used by OpenSSL\n",
       ""},
      {below + "-eku codeSigning -pe -sr localmachine -d Shown", signer,
       "'-d' has no effect without '-p12': a certificate has no place for a name to be shown\n"
       "'-sr' has no effect without '-ss'\n"
       "'-pe' has no effect on files: whoever has the file has the key\n",
       ""},
      {below + "-eku codeSigning -m 1200", signer, "",
       "it ends on 2039-12-31, with its issuer: nothing is valid longer than that\n"},
      {below + "-eku codeSigning -len 2048", signer,
       "'-len' has no effect on a key that is there: it is RSA-2048\n", ""},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.words) {
      const auto ran = shop.make(row.words);
      const auto made = shop.certificate("o.cer");
      CHECK(says(made) == row.says);
      std::string notes;
      for (const auto& note : ran.notes)  // the key of the shop has 2048 bits
        if (!note.starts_with("rsa-key-size-recommended")) notes += note + "\n";
      CHECK(notes == row.notes);
      CHECK(ran.all_warnings() == row.warnings);
      CHECK(made.subject_key_identifier() == made.public_key().key_identifier());
      CHECK(made.authority_key_identifier());
      CHECK(made.version() == 3);
    }
}

TEST_CASE("dates, numbers and digests are what was asked for", "[compat][makecert]") {
  Shop shop;
  const auto made = [&](const std::string& more) {
    shop.make("-r -n CN=Dates -eku codeSigning -sv @k.pvk @o.cer " + more);
    return shop.certificate("o.cer");
  };
  SECTION("nothing: now, and as long as the original") {
    const auto one = made("");
    CHECK(to_iso(one.not_before()) == "2026-03-01T11:50:00Z");
    CHECK(to_iso(one.not_after()) == "2039-12-31T23:59:59Z");
    CHECK(one.serial().value.size() > 12);
    CHECK(one.signature_algorithm()->digest == ossl::Digest::sha256);
  }
  SECTION("-b and -e") {
    const auto one = made("-b 01/15/2026 -e 02/28/2027");
    CHECK(to_iso(one.not_before()) == "2026-01-15T00:00:00Z");
    CHECK(to_iso(one.not_after()) == "2027-02-28T23:59:59Z");
  }
  SECTION("-m from -b on") {
    const auto one = made("-b 01/31/2026 -m 13");
    CHECK(to_iso(one.not_after()) == "2027-02-28T00:00:00Z");
  }
  SECTION("-# and -a") {
    const auto one = made("-# 258 -a sha384");
    CHECK(one.serial().hex() == "0102");
    CHECK(one.signature_algorithm()->digest == ossl::Digest::sha384);
  }
  SECTION("an end beyond a hundred years is cut") {
    CHECK(to_date(made("-e 12/31/9999").not_after()) == "2126-03-01");
  }
  SECTION("an end that is past is refused") {
    CHECK(shop.makecert("-r -n CN=x -eku codeSigning -sv @k.pvk -e 01/01/2026 @x.cer").error ==
          "'x' would end on 2026-01-01, which is past");
    CHECK_FALSE(fs::exists(shop.path("x.cer")));
  }
}

TEST_CASE("keys are as long as they should be", "[compat][makecert]") {
  ToolBench bench;
  const auto bits = [&](const std::string& line) {
    const auto ran = bench.run(compat::makecert_tool, line + " @o.cer");
    REQUIRE(ran.error == "");
    return x509::Certificate::from_der(read_file(bench.path("o.cer"))).public_key().bits();
  };
  CHECK(bits("-r -n CN=x -eku codeSigning") == 3072);
  CHECK(bits("-r -n CN=x -cy authority") == 4096);
  CHECK(bits("-r -n CN=x -cy authority -len 1024") == 2048);
}

TEST_CASE("extensions of Authenticode's first years are written as they were",
          "[compat][makecert]") {
  Shop shop;
  shop.make(
      "-n CN=x -ic @r.cer -iv @r.pvk -sv @k.pvk -$ commercial -l https://a.example/cps -nscp "
      "@o.cer");
  const auto made = shop.certificate("o.cer");
  const struct {
    const char *oid, *hex;
  } rows[] = {
      // keyUsageRestriction: {{{1.3.6.1.4.1.311.2.1.22}}, digitalSignature}
      {"2.5.29.4", "3014300e300c060a2b06010401823702011603020780"},
      // SpcSpAgencyInfo: {[0] {[0] "https://a.example/cps"}}
      {"1.3.6.1.4.1.311.2.1.10", "3019a017801568747470733a2f2f612e6578616d706c652f637073"},
      {"2.16.840.1.113730.1.1", "03020780"},
  };
  for (const auto& row : rows) {
    const auto* extension = made.extension(Oid(row.oid));
    REQUIRE(extension);
    CHECK(to_hex(extension->value) == row.hex);
    CHECK_FALSE(extension->critical);
  }
}

TEST_CASE("a script runs twice: the key is kept, the certificate is new", "[compat][makecert]") {
  Shop shop;
  const auto key = shop.bytes("k.pvk");
  const auto before = shop.certificate("k.cer");
  shop.make("-r -n CN=Key -eku codeSigning -len 2048 -sv @k.pvk @k.cer");
  CHECK(shop.bytes("k.pvk") == key);
  const auto after = shop.certificate("k.cer");
  CHECK(after.public_key() == before.public_key());
  CHECK(after.serial() != before.serial());
}

TEST_CASE("what is no certificate is not overwritten", "[compat][makecert]") {
  Shop shop;
  const auto key = shop.bytes("k.pvk");
  const auto ran = shop.makecert("-r -n CN=x -eku codeSigning @k.pvk");
  CHECK_THAT(ran.error, Catch::Contains("k.pvk' is there, and is not one certificate"));
  CHECK(shop.bytes("k.pvk") == key);
  const auto pfx = shop.makecert("-r -n CN=x -eku codeSigning -p12 @k.cer secret");
  CHECK_THAT(pfx.error, Catch::Contains("k.cer' is there, and is no PFX"));
  const auto pvk = shop.makecert("-r -n CN=x -eku codeSigning -sv @k.cer @x.cer");
  CHECK_THAT(pvk.error, Catch::Contains("k.cer: "));
  CHECK_FALSE(fs::exists(shop.path("x.cer")));
}

TEST_CASE("a PVK is encrypted where there is a password", "[compat][makecert]") {
  Shop shop;
  const auto is_encrypted = [&](const char* name) {
    return x509::pvk_info(shop.bytes(name)).encrypted;
  };
  SECTION("none: plain, for its owner alone, and warned about") {
    CHECK_FALSE(is_encrypted("k.pvk"));
    CHECK((fs::status(shop.path("k.pvk")).permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    const auto ran = shop.make("-r -n CN=x -eku codeSigning -len 2048 -sv @new.pvk @x.cer");
    CHECK_THAT(ran.all_warnings(), Catch::Contains("new.pvk' is not encrypted"));
  }
  SECTION("from the environment; the issuer's falls back to it") {
    shop.passwords["SEALWRIGHT_PASSWORD"] = "one";
    const auto ran = shop.make("-r -n CN=E -cy authority -len 2048 -sv @e.pvk @e.cer");
    CHECK(ran.all_warnings() == "");
    CHECK(is_encrypted("e.pvk"));
    shop.make("-n CN=x -ic @e.cer -iv @e.pvk -sv @k.pvk @x.cer");
    shop.passwords["SEALWRIGHT_ISSUER_PASSWORD"] = "another";
    CHECK_THAT(shop.makecert("-n CN=x -ic @e.cer -iv @e.pvk -sv @k.pvk @x.cer").error,
               Catch::EndsWith("e.pvk: wrong password"));
    shop.passwords.clear();
    const auto none = shop.makecert("-n CN=x -ic @e.cer -iv @e.pvk -sv @k.pvk @x.cer");
    CHECK_THAT(none.error, Catch::EndsWith("e.pvk: needs a password"));
    CHECK(none.hint == "give it with --issuer-password-file, or in $SEALWRIGHT_ISSUER_PASSWORD");
  }
  SECTION("from a file") {
    write_file(shop.path("pw"), view("two"));
    shop.make("-r -n CN=E -cy authority -len 2048 --password-file @pw -sv @e.pvk @e.cer");
    CHECK(is_encrypted("e.pvk"));
    shop.make("-n CN=x -ic @e.cer -iv @e.pvk --issuer-password-file @pw -sv @k.pvk @x.cer");
  }
}

TEST_CASE("-sky is the type of a new PVK, and must be that of one that is there",
          "[compat][makecert]") {
  Shop shop;
  const auto type = [&](const char* name) { return x509::pvk_info(shop.bytes(name)).type; };
  CHECK(type("k.pvk") == x509::PvkKeyType::signature);
  shop.make("-r -n CN=x -eku codeSigning -len 2048 -sky exchange -sv @x.pvk @x.cer");
  CHECK(type("x.pvk") == x509::PvkKeyType::exchange);
  shop.make("-r -n CN=x -eku codeSigning -sky 1 -sv @x.pvk @x.cer");
  CHECK_THAT(shop.makecert("-r -n CN=x -eku codeSigning -sky 2 -sv @x.pvk @x.cer").error,
             Catch::EndsWith("holds a key of type exchange, and '-sky' says another"));
}

TEST_CASE("-sc certifies the key of another certificate", "[compat][makecert]") {
  Shop shop;
  shop.make("-n CN=Theirs -ic @r.cer -iv @r.pvk -sc @k.cer @o.cer");
  const auto made = shop.certificate("o.cer");
  CHECK(made.public_key() == shop.certificate("k.cer").public_key());
  CHECK(made.subject().text() == "CN=Theirs");
  CHECK(made.signed_by(shop.certificate("r.cer").public_key()));
}

TEST_CASE("-p12 does not write over the only copy of a key", "[compat][makecert]") {
  Shop shop;
  const std::string line = "-n CN=Pub -ic @r.cer -iv @r.pvk -p12 @o.pfx secret @o.cer";
  shop.make(line);
  const auto before = shop.bytes("o.pfx");
  CHECK(shop.makecert(line).error.ends_with(
      "o.pfx' is there, and holds another key, or has another password"));
  CHECK(shop.bytes("o.pfx") == before);
  const std::string kept = "-n CN=Pub -ic @r.cer -iv @r.pvk -sv @k.pvk -p12 @p.pfx secret @o.cer";
  shop.make(kept);
  shop.make(kept);
}

TEST_CASE("no two of makecert's files are one", "[compat][makecert]") {
  Shop shop;
  fs::create_hard_link(shop.path("r.cer"), shop.path("link.cer"));
  const struct {
    const char *words, *message;
  } rows[] = {
      {"-r -n CN=x -sv @a.bin @a.bin", "a.bin' would be written twice"},
      {"-r -n CN=x -sv @a.bin -p12 @a.bin pw", "a.bin' would be written twice"},
      {"-r -n CN=x -p12 @a.bin pw @./a.bin", "a.bin' would be written twice"},
      {"-n CN=x -ic @r.cer -iv @r.pvk -sv @n.pvk @r.cer", "r.cer' would be read and written"},
      {"-n CN=x -ic @r.cer -iv @r.pvk -sv @n.pvk @link.cer", "link.cer' would be read and written"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.words);
    CHECK_THAT(shop.makecert(row.words).error, Catch::EndsWith(row.message));
    CHECK_FALSE(fs::exists(shop.path("a.bin")));
  }
}

TEST_CASE("-p12 writes a PFX that openssl and certtool open", "[compat][makecert][oracle]") {
  Shop shop;
  shop.make("-n CN=Pub -ic @r.cer -iv @r.pvk -sv @k.pvk -d Shown -p12 @o.pfx secret @o.cer");
  const auto read = x509::read_pfx(shop.bytes("o.pfx"), ossl::Secret(std::string_view("secret")));
  CHECK(read.friendly_name == "Shown");
  CHECK(*read.certificate == shop.certificate("o.cer"));
  CHECK(read.chain.empty());
  const auto file = shop.path("o.pfx").string();
  const std::vector<std::string> witnesses[] = {
      {"openssl", "pkcs12", "-in", file, "-noout", "-passin", "pass:secret"},
      {"certtool", "--p12-info", "--inder", "--password", "secret", "--infile", file}};
  for (const auto& witness : witnesses) {
    if (!test::have_program(witness[0])) {
      WARN("SKIPPED: no " + witness[0]);
      continue;
    }
    CHECK(test::run(witness).exit_code == 0);
  }
}

TEST_CASE("an issuer that may not issue is refused with the reason", "[compat][makecert]") {
  Shop shop;
  const std::string below = "-n CN=x -sv @k.pvk @x.cer ";
  SECTION("another's key") {
    CHECK_THAT(shop.makecert(below + "-ic @r.cer -iv @k.pvk").error,
               Catch::EndsWith("k.pvk' is not the one of the issuer 'Root'"));
  }
  SECTION("no authority") {
    shop.make("-r -n CN=End --as-original -cy end -sv @k.pvk @e.cer");
    CHECK(shop.makecert(below + "-ic @e.cer -iv @k.pvk").error ==
          "the issuer 'End' says that it is no authority: Windows refuses what it issues");
  }
  SECTION("one that signs files") {
    CHECK(shop.makecert(below + "-ic @k.cer -iv @k.pvk").error ==
          "the key usage of the issuer 'Key' lacks keyCertSign: Windows refuses what it issues");
  }
  SECTION("one that is over") {
    shop.make("-r -n CN=Short -cy authority -m 1 -sv @r.pvk @s.cer");
    shop.now += std::chrono::days(40);
    CHECK(shop.makecert(below + "-ic @s.cer -iv @r.pvk").error ==
          "the issuer 'Short' is valid from 2026-03-01 to 2026-04-01, and issues nothing now");
  }
  SECTION("a path length that is used up") {
    shop.make("-r -n CN=Top -cy authority -h 0 -sv @r.pvk @t.cer");
    CHECK_THAT(shop.makecert(below + "-cy authority -ic @t.cer -iv @r.pvk").error,
               Catch::Contains("path-length: its issuer may not issue authorities"));
  }
  SECTION("purposes that the issuer has not") {
    shop.make("-r -n CN=Tls -cy authority -eku serverAuth -sv @r.pvk @t.cer");
    CHECK_THAT(shop.makecert(below + "-ic @t.cer -iv @r.pvk").error,
               Catch::Contains("eku-nesting: its issuer's extended key usage lacks codeSigning"));
  }
  SECTION("several certificates in one file") {
    write_file(shop.path("two.pem"),
               view(shop.certificate("r.cer").to_pem() + shop.certificate("k.cer").to_pem()));
    CHECK_THAT(shop.makecert(below + "-ic @two.pem -iv @r.pvk").error,
               Catch::EndsWith("holds 2 certificates"));
  }
  CHECK_FALSE(fs::exists(shop.path("x.cer")));
}

TEST_CASE("an old root without basic constraints issues, with a warning", "[compat][makecert]") {
  Shop shop;
  shop.make("-r -n CN=Old --as-original -a sha1 -len 1024 -sv @old.pvk @old.cer");
  const auto ran =
      shop.make("-n CN=x -ic @old.cer -iv @old.pvk -eku codeSigning -sv @k.pvk @x.cer");
  CHECK(ran.all_warnings() ==
        "the issuer 'Old' does not say that it is an authority, as roots of old tools; OpenSSL and "
        "others refuse what it issues: make it anew with -cy authority\n");
  CHECK(shop.certificate("x.cer").signed_by(shop.certificate("old.cer").public_key()));
}

TEST_CASE("a key that is too short is not certified again", "[compat][makecert]") {
  Shop shop;
  shop.make("-r -n CN=Old --as-original -sv @old.pvk @old.cer");
  CHECK_THAT(shop.makecert("-r -n CN=x -eku codeSigning -sv @old.pvk @x.cer").error,
             Catch::Contains("rsa-key-size: an RSA key of 1024 bits can be broken"));
}

TEST_CASE("osslsigncode signs with the PVK and with the PFX, and verifies",
          "[compat][makecert][oracle]") {
  if (!test::have_program("osslsigncode")) {
    WARN("SKIPPED: no osslsigncode");
    return;
  }
  Shop shop;
  shop.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  shop.make("-r -n CN=Root -cy authority -sv @r.pvk @r.cer");
  shop.make(
      "-n CN=Pub -ic @r.cer -iv @r.pvk -eku 1.3.6.1.5.5.7.3.3 -sv @k.pvk -p12 @k.pfx secret "
      "@k.cer");
  const auto file = [&](const char* name) { return shop.path(name).string(); };
  for (const char* name : {"r", "k"})
    write_file(shop.path(std::string(name) + ".pem"),
               view(shop.certificate(std::string(name) + ".cer").to_pem()));
  const auto driver = (test::data() / "sample-driver" / "sample.sys").string();
  const std::vector<std::string> keys[] = {{"-certs", file("k.pem"), "-key", file("k.pvk")},
                                           {"-pkcs12", file("k.pfx"), "-pass", "secret"}};
  for (const auto& key : keys) {
    fs::remove(shop.path("signed.sys"));
    std::vector<std::string> sign = {"osslsigncode", "sign", "-h",   "sha256",
                                     "-in",          driver, "-out", file("signed.sys")};
    sign.insert(sign.begin() + 2, key.begin(), key.end());
    REQUIRE(test::run(sign).exit_code == 0);
    const auto verified =
        test::run({"osslsigncode", "verify", "-CAfile", file("r.pem"), "-in", file("signed.sys")});
    CHECK(verified.exit_code == 0);
    CHECK_THAT(verified.out, Catch::Contains("Number of verified signatures: 1"));
  }
}
