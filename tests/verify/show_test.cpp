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
                                         Catch::EndsWith("\n  key: ECDSA P-256\n"
                                                         "  signature: ecdsa-with-SHA256\n"
                                                         "  signed by its key: yes\n"
                                                         "  key usage: digitalSignature\n"
                                                         "  extended key usage: codeSigning\n"
                                                         "  critical: keyUsage\n"
                                                         "  attributes: extensionRequest\n"));
}

TEST_CASE("of a PVK file the header is shown", "[show]") {
  Scratch scratch;
  CHECK(verify::to_text(verify::describe(made(scratch, "key.pvk", encrypted_pvk()))) ==
        "pvk\n  encrypted: yes\n  key type: signature\n");
  const auto path = made(scratch, "short.pvk", BytesView(encrypted_pvk()).first(20));
  CHECK_THROWS_WITH(verify::describe(path), path + ": the PVK file is cut short");
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
  const auto shown = verify::describe(pfx, [] { return ossl::Secret("secret"); });
  CHECK(shown.kind == "pfx");
  CHECK_FALSE(shown.facts.at("private_key").boolean());
  CHECK_THAT(verify::to_text(shown), Catch::Contains("CN=In a PFX"));
  CHECK_THROWS_WITH(verify::describe(pfx, [] { return ossl::Secret("guess"); }),
                    Catch::Contains("bag.pfx: ") && Catch::Contains("password"));
}

TEST_CASE("nobody is asked for the password of a PFX that has none", "[show]") {
  Scratch scratch;
  const auto pem = pem_file(scratch / "certificate.pem", {pki().root.certificate});
  const auto pfx = openssl(scratch, "open.pfx",
                           {"pkcs12", "-export", "-nokeys", "-in", pem, "-passout", "pass:"});
  const auto shown =
      verify::describe(pfx, []() -> ossl::Secret { throw std::runtime_error("asked"); });
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
    CHECK(error.hint == "certificates, PFX, SPC, P7B, PE files and catalogs can be shown");
  }
  CHECK_THROWS_WITH(verify::describe("/nonexistent.cer"),
                    Catch::Contains("No such file or directory"));
}

}  // namespace sealwright::test
