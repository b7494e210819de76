#include "verify/show.h"

#include <catch2/catch.hpp>
#include <map>
#include <stdexcept>

#include "base/error.h"
#include "base/file.h"
#include "verify/pki.h"
#include "x509/crl.h"
#include "x509/pkcs12.h"
#include "x509/pkcs7.h"

namespace sealwright::test {
namespace {

std::string made(const Scratch& scratch, const std::string& name, BytesView bytes) {
  write_file(scratch / name, bytes, {Access::everyone, Existing::replace});
  return scratch / name;
}

/// Runs openssl inside the scratch folder's files; the path of what it made.
std::string openssl(const Scratch& scratch, const std::string& name,
                    std::vector<std::string> words) {
  words.insert(words.begin(), "openssl");
  words.push_back("-out");
  words.push_back(scratch / name);
  const auto ran = run(words);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return scratch / name;
}

verify::PasswordSource knows(const std::string& password) {
  return {[password] { return ossl::Secret(view(password)); },
          [password] { return std::optional(ossl::Secret(view(password))); }};
}

/// The kind of the Error and its message, or what is shown.
std::pair<std::string, std::string> outcome(const std::filesystem::path& path,
                                            const verify::PasswordSource& password) {
  try {
    return {"shown", verify::to_text(verify::describe(path, password))};
  } catch (const Error& error) {
    return {error.kind == Error::Kind::crypto  ? "crypto"
            : error.kind == Error::Kind::input ? "input"
                                               : "another",
            error.message};
  }
}

/// The header of one whose key is no key.
Bytes encrypted_pvk() {
  Bytes file;
  for (const std::uint32_t field : {0xb0b5f11eu, 0u, 2u, 1u, 16u, 8u}) put_u32le(file, field);
  file.resize(file.size() + 16 + 8);
  return file;
}

x509::Crl some_list() {
  const auto& issuing = pki().issuing;
  x509::CrlToBeSigned said;
  said.algorithm = issuing.key->public_key().algorithm(ossl::Digest::sha256);
  said.issuer = issuing.certificate.subject();
  said.this_update = *parse_time("2026-03-01");
  said.next_update = *parse_time("2026-04-01");
  said.number = 7;
  said.authority_key_identifier = {0xab, 0xcd};
  said.entries = {{{{0x7a, 0x01}},
                   *parse_time("2026-02-01"),
                   x509::RevocationReason::key_compromise,
                   *parse_time("2026-01-15")},
                  {{{0x03}}, *parse_time("2026-02-02"), {}, {}}};
  const Bytes tbs = x509::encode(said);
  return x509::assemble_crl(tbs, said.algorithm, issuing.key->sign(said.algorithm, tbs));
}

}  // namespace

TEST_CASE("what a certificate says is told in full", "[show]") {
  const auto& certificate = pki().publisher.certificate;
  const auto shown = verify::describe(certificate);
  CHECK(shown.kind == "certificate");
  CHECK(shown.facts.at("subject").string() == "CN=Test Publisher,O=Tests");
  CHECK(shown.facts.at("issuer").string() == "CN=Test Issuing,O=Tests");
  CHECK(shown.facts.at("thumbprint").string() == certificate.thumbprint().hex());
  CHECK(shown.facts.at("key").string() == "RSA-2048");
  CHECK(shown.facts.at("extended_key_usage").items().front().string() == "codeSigning");
  CHECK(shown.facts.at("not_after").string() == "2028-01-01T00:00:00Z");
  const auto text = verify::to_text(shown);
  CHECK_THAT(text, Catch::StartsWith("certificate\n  subject: CN=Test Publisher,O=Tests\n"));
  CHECK_THAT(text, Catch::Contains("  key usage: digitalSignature\n"));
  CHECK(verify::to_json(shown).at("schema").string() == "sealwright.show/1");
}

TEST_CASE("files are recognised by what is in them", "[show]") {
  Scratch scratch;
  const auto& root = pki().root.certificate;
  Maker().sign(unsigned_pe(), scratch / "signed.exe");
  Maker().sign(write_catalog(scratch / "unsigned.cat"), scratch / "signed.cat");
  const auto key = openssl(scratch, "key.pem",
                           {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"});
  struct Row {
    std::string path, kind;
  };
  const Row rows[] = {
      {made(scratch, "root.der", root.der()), "certificate"},
      {made(scratch, "root.pem", view(root.to_pem())), "certificate"},
      {made(scratch, "two.pem", view(root.to_pem() + pki().issuing.certificate.to_pem())),
       "certificates"},
      {made(scratch, "chain.spc", x509::certificates_only({root})), "pkcs7"},
      {scratch / "signed.exe", "pe"},
      {unsigned_pe().string(), "pe"},
      {scratch / "signed.cat", "catalog"},
      {scratch / "unsigned.cat", "catalog"},
      {key, "private key"},
      {openssl(scratch, "key.der", {"pkey", "-in", key, "-outform", "DER"}), "private key"},
      {openssl(scratch, "key.p8",
               {"pkcs8", "-topk8", "-in", key, "-outform", "DER", "-passout", "pass:x"}),
       "encrypted private key"},
      {openssl(scratch, "request.pem", {"req", "-new", "-key", key, "-subj", "/CN=x"}), "request"},
      {openssl(scratch, "request.der",
               {"req", "-new", "-key", key, "-subj", "/CN=x", "-outform", "DER"}),
       "request"},
      {made(scratch, "key.pvk", encrypted_pvk()), "pvk"},
      {made(scratch, "list.crl", some_list().der()), "crl"},
  };
  for (const auto& row : rows) {
    INFO(row.path);
    const auto shown = verify::describe(row.path);
    CHECK(shown.kind == row.kind);
    CHECK_FALSE(verify::to_text(shown).empty());
  }
}

TEST_CASE("what a revocation list says is told in full", "[show]") {
  Scratch scratch;
  const auto text =
      verify::to_text(verify::describe(made(scratch, "x", view(some_list().to_pem()))));
  CHECK(text ==
        "crl\n"
        "  issuer: CN=Test Issuing,O=Tests\n"
        "  number: 07\n"
        "  this update: 2026-03-01T00:00:00Z\n"
        "  next update: 2026-04-01T00:00:00Z\n"
        "  signature: ecdsa-with-SHA256\n"
        "  authority key identifier: abcd\n"
        "  entries: 2\n"
        "  revoked 1:\n"
        "    serial: 03\n"
        "    since: 2026-02-02T00:00:00Z\n"
        "  revoked 2:\n"
        "    serial: 7A01\n"
        "    since: 2026-02-01T00:00:00Z\n"
        "    reason: keyCompromise\n"
        "    invalid since: 2026-01-15T00:00:00Z\n");
}

TEST_CASE("what a request asks for is told in full", "[show]") {
  Scratch scratch;
  const auto key = openssl(scratch, "key.pem",
                           {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"});
  const auto request =
      openssl(scratch, "request.pem",
              {"req", "-new", "-key", key, "-subj", "/CN=x", "-addext",
               "extendedKeyUsage=codeSigning", "-addext", "keyUsage=critical,digitalSignature"});
  const auto shown = verify::describe(request);
  CHECK(shown.facts.at("sha256").string().size() == 64);
  CHECK_THAT(verify::to_text(shown), Catch::StartsWith("request\n  subject: CN=x\n  sha256: ") &&
                                         Catch::Contains("\n  key: ECDSA P-256\n  key id: ") &&
                                         Catch::EndsWith("\n  signature: ecdsa-with-SHA256\n"
                                                         "  signed by its key: yes\n"
                                                         "  key usage: digitalSignature\n"
                                                         "  extended key usage: codeSigning\n"
                                                         "  critical: keyUsage\n"
                                                         "  attributes: extensionRequest\n"));
}

TEST_CASE("of a PVK file the header is shown", "[show]") {
  Scratch scratch;
  CHECK(verify::to_text(verify::describe(made(scratch, "key.pvk", encrypted_pvk()))) ==
        "pvk\n  encrypted: yes\n  key type: signature\n"
        "  salt: 00000000000000000000000000000000\n  bits: 0\n");
  const auto path = made(scratch, "short.pvk", BytesView(encrypted_pvk()).first(20));
  CHECK_THROWS_WITH(verify::describe(path), path + ": the PVK file is cut short");
}

TEST_CASE("a key file says how it is protected and which key it holds, once its password is known",
          "[show]") {
  Scratch scratch;
  const auto key = openssl(scratch, "key.pem", {"genpkey", "-algorithm", "RSA"});
  const auto id = ossl::PrivateKey::from_pem(read_file(key), nullptr).public_key().id().hex();
  const auto pvk = [&](const std::string& strength) {
    return openssl(scratch, strength + ".pvk",
                   {"rsa", "-provider", "legacy", "-provider", "default", "-in", key, "-outform",
                    "PVK", "-pvk-" + strength, "-passout", "pass:x"});
  };
  const auto pkcs8 = [&](const std::string& name, std::vector<std::string> how) {
    std::vector<std::string> words = {"pkcs8", "-topk8", "-in", key, "-passout", "pass:x"};
    words.insert(words.end(), how.begin(), how.end());
    return openssl(scratch, name, words);
  };
  const std::string which = "  key: RSA-2048\n  key id: " + id + "\n";
  struct Row {
    std::string path;
    std::vector<std::string> without, with;  ///< What is shown without the password, and with it.
  };
  const Row rows[] = {
      {pvk("none"),
       {"pvk\n  encrypted: no\n  key type: exchange\n  encryption: none\n" + which},
       {which}},
      {pvk("weak"),
       {"pvk\n  encrypted: yes\n  key type: exchange\n  salt: ", "  bits: 2048\n"},
       {"  encryption: weak (40 bit)\n" + which}},
      {pvk("strong"), {"  bits: 2048\n"}, {"  encryption: strong (128 bit)\n" + which}},
      {key, {"private key\n  encryption: none\n" + which}, {which}},
      {pkcs8("plain.der", {"-nocrypt", "-outform", "DER"}),
       {"private key\n  encryption: none\n" + which},
       {which}},
      {pkcs8("pbes2.pem", {}),
       {"encrypted private key\n"
        "  encryption: AES-256-CBC, PBKDF2-HMAC-SHA256, 2048 iterations\n"},
       {which}},
      {pkcs8("pbes2.der", {"-outform", "DER"}), {"encrypted private key\n"}, {which}},
      {pkcs8("scrypt.der", {"-outform", "DER", "-scrypt"}),
       {"  encryption: AES-256-CBC, scrypt with N=16384 r=8 p=1\n"},
       {which}},
      {pkcs8("3des.der", {"-outform", "DER", "-v1", "PBE-SHA1-3DES"}),
       {"  encryption: 3DES, PKCS#12 KDF with SHA-1, 2048 iterations\n"},
       {which}},
      {pkcs8("des.pem", {"-v1", "PBE-MD5-DES", "-provider", "legacy", "-provider", "default"}),
       {"  encryption: DES-CBC, PBKDF1 with MD5, 2048 iterations\n"},
       {which}},
      {openssl(scratch, "old.pem",
               {"rsa", "-in", key, "-traditional", "-aes128", "-passout", "pass:x"}),
       {"private key\n  encryption: AES-128-CBC\n"},
       {which}},
      {openssl(scratch, "rsa.der", {"rsa", "-in", key, "-traditional", "-outform", "DER"}),
       {"private key\n  encryption: none\n" + which},
       {which}},
  };
  for (const Row& row : rows) {
    INFO(row.path);
    const auto [kind, text] = outcome(row.path, {});
    CHECK(kind == "shown");
    for (const auto& part : row.without) CHECK_THAT(text, Catch::Contains(part));
    const auto opened = outcome(row.path, knows("x"));
    CHECK(opened.first == "shown");
    for (const auto& part : row.with) CHECK_THAT(opened.second, Catch::Contains(part));
    if (text.find("key id") != std::string::npos) continue;  // Nothing to open.
    const std::pair<std::string, std::string> refused("crypto", row.path + ": wrong password");
    CHECK(outcome(row.path, knows("y")) == refused);
    const Bytes whole = read_file(row.path);
    const auto half =
        outcome(made(scratch, "half", BytesView(whole).first(whole.size() / 2)), knows("x"));
    CHECK(half.first == "input");
  }
}

TEST_CASE("a PFX says how it is protected, and who can read it", "[show]") {
  Scratch scratch;
  const auto key = openssl(scratch, "key.pem", {"genpkey", "-algorithm", "RSA"});
  const auto certificate =
      openssl(scratch, "self.pem", {"req", "-x509", "-new", "-key", key, "-subj", "/CN=Ours"});
  x509::PfxContent content;
  auto read = ossl::PrivateKey::from_pem(read_file(key), nullptr);
  content.pkcs8 = read.to_pkcs8();
  content.certificate = x509::read_certificates(read_file(certificate)).front();
  content.friendly_name = "Ours";
  const std::string start =
      "pfx\n  private key: yes\n  key: RSA-2048\n  key id: " + read.public_key().id().hex() + "\n";
  const auto shown = [&](const std::string& password, const x509::PfxOptions& options) {
    const auto path =
        made(scratch, "our.pfx", x509::write_pfx(content, ossl::Secret(view(password)), options));
    return verify::to_text(verify::describe(path, knows(password)));
  };
  CHECK_THAT(shown("x", {}),
             Catch::StartsWith(start +
                               "  friendly name: Ours\n"
                               "  protection: certificates: AES-256-CBC, PBKDF2-HMAC-SHA256, 2048 "
                               "iterations\n"
                               "              key: AES-256-CBC, PBKDF2-HMAC-SHA256, 2048 "
                               "iterations\n"
                               "  mac: HMAC-SHA256, 2048 iterations\n"
                               "  password: the one given\n"
                               "  readable by: Windows 10 1709, Server 2019 and later, and OpenSSL "
                               "3 without its legacy provider\n"
                               "  certificate:\n"));
  const auto compatible = x509::PfxProfile::compatible;
  CHECK_THAT(
      shown("", {compatible, 1, x509::enhanced_rsa_csp, x509::PfxPassword::none}),
      Catch::Contains("  provider: Microsoft Enhanced RSA and AES Cryptographic Provider\n") &&
          Catch::Contains("  mac: HMAC-SHA1, 1 iterations\n  password: none at all\n"
                          "  readable by: everything since Windows XP, and OpenSSL 3 without its "
                          "legacy provider\n"));
  CHECK_THAT(shown("", {compatible, 1, "", x509::PfxPassword::empty}),
             Catch::Contains("  password: empty\n"));
}

TEST_CASE("the signature of a file is shown without judging it", "[show]") {
  Scratch scratch;
  Maker().sign(unsigned_pe(), scratch / "signed.exe");
  const auto shown = verify::describe(scratch / "signed.exe");
  const auto& signature = shown.facts.at("signatures").items().front();
  CHECK(signature.at("signer").string() == "CN=Test Publisher,O=Tests");
  CHECK(signature.at("timestamps").items().front().at("time").string() == "2026-06-15T00:00:00Z");
  CHECK(signature.at("description").string() == "Sample for tests");
}

TEST_CASE("a PFX is opened with a password, and its key is not shown", "[show]") {
  Scratch scratch;
  const auto key = ossl::PrivateKey::generate({ossl::KeyType::ec});
  x509::made::Recipe recipe;
  recipe.subject = "CN=In a PFX";
  const auto issued = x509::made::issue(recipe);
  const auto pem = pem_file(scratch / "certificate.pem", {issued.certificate});
  const auto pfx = openssl(scratch, "bag.pfx",
                           {"pkcs12", "-export", "-nokeys", "-in", pem, "-passout", "pass:secret"});
  const auto shown = verify::describe(pfx, knows("secret"));
  CHECK(shown.kind == "pfx");
  CHECK_FALSE(shown.facts.at("private_key").boolean());
  CHECK_THAT(verify::to_text(shown), Catch::Contains("CN=In a PFX"));
  CHECK_THROWS_WITH(verify::describe(pfx, knows("guess")),
                    Catch::Contains("bag.pfx: ") && Catch::Contains("password"));
}

TEST_CASE("nobody is asked for the password of a PFX that has none", "[show]") {
  Scratch scratch;
  const auto pem = pem_file(scratch / "certificate.pem", {pki().root.certificate});
  const auto pfx = openssl(scratch, "open.pfx",
                           {"pkcs12", "-export", "-nokeys", "-in", pem, "-passout", "pass:"});
  const auto shown =
      verify::describe(pfx, {[]() -> ossl::Secret { throw std::runtime_error("asked"); }, {}});
  CHECK_THAT(verify::to_text(shown), Catch::Contains("CN=Test Root"));
}

TEST_CASE("P7B files with indefinite lengths are recognised", "[show]") {
  Scratch scratch;
  const auto key = openssl(scratch, "key.pem",
                           {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"});
  const auto certificate =
      openssl(scratch, "self.pem", {"req", "-x509", "-new", "-key", key, "-subj", "/CN=Streaming"});
  const auto message = made(scratch, "message.txt", view("hello"));
  const auto p7 = openssl(scratch, "streamed.p7b",
                          {"cms", "-sign", "-stream", "-nodetach", "-binary", "-outform", "DER",
                           "-signer", certificate, "-inkey", key, "-in", message});
  const auto shown = verify::describe(p7);
  CHECK(shown.kind == "pkcs7");
  CHECK_THAT(verify::to_text(shown), Catch::Contains("CN=Streaming"));
}

TEST_CASE("keys and certificates of other programs are recognised", "[show]") {
  const auto folder = corpus();
  if (!folder) {
    WARN("SKIPPED: no corpus");
    return;
  }
  std::map<std::string, int> kinds;
  for (const auto& entry : std::filesystem::directory_iterator(*folder / "keys")) {
    const auto ending = entry.path().extension();
    if (ending == ".tsv" || ending == ".jks") continue;
    INFO(entry.path());
    try {
      ++kinds[verify::describe(entry.path()).kind];
    } catch (const Error& error) {
      CHECK(error.message.find("nothing this program can describe") == std::string::npos);
      // Without the password, or with algorithms that are not supported.
      CHECK((error.kind == Error::Kind::crypto || error.kind == Error::Kind::input));
    }
  }
  CHECK(kinds["certificate"] > 5);
  CHECK(kinds["pkcs7"] > 5);
  CHECK(kinds["pvk"] == 2);
}

TEST_CASE("what cannot be described is refused with what can", "[show]") {
  Scratch scratch;
  const auto path = made(scratch, "notes.txt", view("just words"));
  try {
    verify::describe(path);
    FAIL("was described");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::input);
    CHECK(error.message == path + ": nothing this program can describe");
    CHECK(error.hint ==
          "certificates, PFX, SPC, P7B, PVK, PKCS#8, PE files and catalogs can be shown");
  }
  // A certificate, a private key: what was cut short is still called what it was.
  for (const auto& [label, der] :
       {std::pair("certificate", Bytes{0x30, 0x82, 1, 0, 0x30, 0x81, 0xf0, 0xa0, 3}),
        std::pair("private key", Bytes{0x30, 0x82, 1, 0, 2, 1, 0, 0x30, 13, 6, 9})})
    CHECK_THROWS_WITH(verify::describe(made(scratch, "cut.der", der)),
                      Catch::Contains(std::string("cut.der: the ") + label + " is malformed"));
  CHECK_THROWS_WITH(verify::describe("/nonexistent.cer"),
                    Catch::Contains("No such file or directory"));
}

}  // namespace sealwright::test
