// What we write, judged by openssl and certtool.

#include <catch2/catch.hpp>

#include "base/error.h"
#include "issuing.h"
#include "ossl/random.h"
#include "x509/certificate.h"
#include "x509/oids.h"

using namespace sealwright;
using namespace sealwright::x509;
using Kind = GeneralName::Kind;

namespace {

std::vector<Extension> every_extension() {
  return {
      basic_constraints_extension({true, 2}, true),
      key_usage_extension(key_cert_sign | crl_sign | digital_signature, true),
      extended_key_usage_extension({oids::code_signing, oids::lifetime_signing}, false),
      crl_distribution_points_extension({"http://pki.example/a.crl", "http://pki.example/b.crl"}),
      authority_information_access_extension({"http://pki.example/a.cer"}, {"http://ocsp.example"}),
      subject_alternative_name_extension({{Kind::email, "a@b.example"},
                                          {Kind::dns, "b.example"},
                                          {Kind::uri, "http://c.example/"},
                                          {Kind::ip, "192.0.2.7"},
                                          {Kind::directory, "CN=alt,O=b"}},
                                         false),
      name_constraints_extension(
          {{{Kind::dns, "example"}, {Kind::ip, "192.0.2.0/24"}}, {{Kind::email, ".bad.example"}}}),
      certificate_policies_extension({{Oid("1.3.6.1.4.1.99999.1"), "http://cps.example"}})};
}

made::Issued everything(const made::Key& key, ossl::Digest digest) {
  return made::issue({.subject = "CN=Lučić \\, Söhne,O=Acme GmbH,C=DE",
                      .extensions = every_extension(),
                      .begins = "2026-01-02T03:04:05Z",
                      .ends = "2060-12-31T23:59:59Z",
                      .key = key,
                      .digest = digest});
}

struct Row {
  const char* what;
  ossl::KeySpec key;
  ossl::Digest digest;
  const char* algorithm;
};
const Row rows[] = {
    {"RSA", {ossl::KeyType::rsa, 2048}, ossl::Digest::sha256, "sha256WithRSAEncryption"},
    {"RSA with SHA-1", {ossl::KeyType::rsa, 2048}, ossl::Digest::sha1, "sha1WithRSAEncryption"},
    {"P-256", {ossl::KeyType::ec}, ossl::Digest::sha256, "ecdsa-with-SHA256"},
    {"P-384", {ossl::KeyType::ec, 0, ossl::Curve::p384}, ossl::Digest::sha384, "ecdsa-with-SHA384"},
    {"P-521", {ossl::KeyType::ec, 0, ossl::Curve::p521}, ossl::Digest::sha512, "ecdsa-with-SHA512"},
    {"Ed25519", {ossl::KeyType::ed25519}, ossl::Digest::sha512, "ED25519"},
};

}  // namespace

TEST_CASE("openssl reads every field we write and accepts the signature", "[x509][oracle]") {
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: no openssl");
    return;
  }
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      const auto issued = everything(made::new_key(row.key), row.digest);
      CHECK(issued.certificate.self_signed());
      const auto text =
          made::openssl_x509(issued.certificate, {"-text", "-nameopt", "RFC2253,-esc_msb"});
      for (const char* expected :
           {"Version: 3 (0x2)",
            row.algorithm,
            "Issuer: CN=Lučić \\, Söhne,O=Acme GmbH,C=DE",
            "Subject: CN=Lučić \\, Söhne,O=Acme GmbH,C=DE",
            "Not Before: Jan  2 03:04:05 2026 GMT",
            "Not After : Dec 31 23:59:59 2060 GMT",
            "X509v3 Basic Constraints: critical",
            "CA:TRUE, pathlen:2",
            "X509v3 Key Usage: critical",
            "Digital Signature, Certificate Sign, CRL Sign",
            "Code Signing, 1.3.6.1.4.1.311.10.3.13",
            "URI:http://pki.example/a.crl",
            "URI:http://pki.example/b.crl",
            "CA Issuers - URI:http://pki.example/a.cer",
            "OCSP - URI:http://ocsp.example",
            "email:a@b.example, DNS:b.example, URI:http://c.example/, IP Address:192.0.2.7",
            "X509v3 Name Constraints: critical",
            "DNS:example",
            "IP:192.0.2.0/255.255.255.0",
            "email:.bad.example",
            "Policy: 1.3.6.1.4.1.99999.1",
            "CPS: http://cps.example",
            "X509v3 Subject Key Identifier",
            "X509v3 Authority Key Identifier"})
        CHECK_THAT(text, Catch::Contains(expected));
      const test::Scratch scratch;
      const auto file = made::text_file(scratch / "a.pem", issued.certificate.to_pem());
      const auto ran = test::run({"openssl", "verify", "-attime", "1800000000", "-check_ss_sig",
                                  "-x509_strict", "-CAfile", file, file});
      INFO(ran.err);
      // -x509_strict rightly objects to nothing here but digests of no security.
      CHECK(ran.exit_code == 0);
    }
}

TEST_CASE("certtool reads every field we write and accepts the chain", "[x509][oracle]") {
  if (!test::have_program("certtool")) {
    WARN("SKIPPED: no certtool");
    return;
  }
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      if (row.digest == ossl::Digest::sha1) continue;  // certtool refuses SHA-1
      const auto root = made::issue({.subject = "CN=root",
                                     .extensions = made::authority(),
                                     .key = made::new_key(row.key),
                                     .digest = row.digest});
      const auto leaf =
          made::issue({.subject = "CN=leaf,O=Acme",
                       .issuer = &root,
                       .extensions = {key_usage_extension(digital_signature, true),
                                      extended_key_usage_extension({oids::code_signing}, false)},
                       .digest = row.digest});
      const auto shown =
          test::run({"certtool", "-i"}, everything(root.key, row.digest).certificate.to_pem());
      INFO(shown.err);
      CHECK(shown.exit_code == 0);
      for (const char* expected :
           {"Version: 3", "Path Length Constraint: 2", "Certificate signing.", "Code signing.",
            "URI: http://pki.example/a.crl", "Access Location URI: http://ocsp.example",
            "RFC822Name: a@b.example", "IPAddress: 192.0.2.7", "1.3.6.1.4.1.99999.1"})
        CHECK_THAT(shown.out, Catch::Contains(expected));
      const auto chain =
          test::run({"certtool", "-e"}, leaf.certificate.to_pem() + root.certificate.to_pem());
      INFO(chain.out << chain.err);
      CHECK(chain.exit_code == 0);
      CHECK_THAT(chain.out, Catch::Contains("Chain verification output: Verified."));
    }
}

TEST_CASE("what is built reads back as it was meant", "[x509]") {
  const auto issued = everything(made::new_key(), ossl::Digest::sha256);
  const auto& certificate = issued.certificate;
  CHECK(certificate.version() == 3);
  CHECK(certificate.key_usage() == (key_cert_sign | crl_sign | digital_signature));
  CHECK(certificate.extended_key_usage() ==
        std::vector<Oid>{oids::code_signing, oids::lifetime_signing});
  CHECK(certificate.basic_constraints()->path_length == 2);
  CHECK(certificate.is_ca());
  CHECK(certificate.subject_key_identifier() == issued.key->public_key().key_identifier());
  CHECK(certificate.extensions().size() == every_extension().size() + 2);
  CHECK(certificate.extensions()[0] == every_extension()[0]);
  CHECK(certificate.signature_algorithm() ==
        issued.key->public_key().algorithm(ossl::Digest::sha256));
  CHECK(to_iso(certificate.not_after()) == "2060-12-31T23:59:59Z");
  CHECK(certificate.public_key() == issued.key->public_key());
  CHECK(Certificate::from_der(certificate.der()) == certificate);
}

TEST_CASE("a certificate without extensions, and one without a subject, are built",
          "[x509][oracle]") {
  const auto bare = made::issue({.subject = "CN=bare", .key_identifiers = false});
  CHECK(bare.certificate.extensions().empty());
  const auto nameless = made::issue({.subject = "", .issuer = &bare});
  CHECK(nameless.certificate.subject().empty());
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: no openssl");
    return;
  }
  CHECK(made::openssl_x509(bare.certificate, {"-subject"}) == "subject=CN = bare\n");
  CHECK(made::openssl_x509(nameless.certificate, {"-subject"}) == "subject=\n");
}

TEST_CASE("what cannot be a certificate is not encoded", "[x509]") {
  ToBeSigned said;
  said.public_key = made::new_key()->public_key();
  said.algorithm = said.public_key.algorithm(ossl::Digest::sha256);
  said.issuer = Name::parse("CN=a");
  said.serial = {{1}};
  said.not_before = *parse_time("2026-01-02");
  said.not_after = *parse_time("2026-01-01");
  CHECK_THROWS_WITH(encode(said), "a certificate that ends before it begins");
  said.not_after = said.not_before;
  CHECK_NOTHROW(encode(said));
  said.serial = {};
  CHECK_THROWS_WITH(encode(said), "a certificate without a serial number");
  said.serial = {{1}};
  said.issuer = {};
  CHECK_THROWS_WITH(encode(said), "a certificate without an issuer");
}

TEST_CASE("random serials are positive, short enough and never zero", "[x509]") {
  const auto with = [](Bytes bytes) {
    return random_serial([=](std::span<std::uint8_t> into) {
      std::copy_n(bytes.begin(), into.size(), into.begin());
    });
  };
  CHECK(with(Bytes(20, 0xff)).hex() == "7F" + std::string(38, 'F'));
  Bytes small(20, 0);
  small[19] = 1;
  CHECK(with(small).hex() == "01");
  CHECK_THROWS_WITH(with(Bytes(20, 0)), "the random source gave nothing but zeros");
  const auto system = ossl::system_random();
  CHECK(random_serial(system) != random_serial(system));
  CHECK(encode(random_serial(system)).size() <= 22);
}
