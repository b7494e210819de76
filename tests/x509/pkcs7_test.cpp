#include "x509/pkcs7.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "made.h"
#include "ossl/der.h"
#include "support.h"

using namespace sealwright;
using namespace sealwright::x509;
namespace der = ossl::der;

namespace {

const Bytes hello = der::octet_string(view("hello"));

SignerInfo signer_of(const SignedData& data, ossl::Digest digest) {
  SignerInfo signer;
  signer.digest = digest;
  signer.authenticated = {
      message_digest_attribute(ossl::hash(digest, digested_content(data))),
      signing_time_attribute(*parse_time("2026-11-21T17:36:05Z")),
      content_type_attribute(data.content_type),
  };
  return signer;
}

/// A signature over "hello" as CMS has it, so that openssl can verify it too.
SignedData signed_hello(const made::Identity& identity, ossl::Digest digest) {
  SignedData data;
  data.content_type = oids::pkcs7_data;
  data.content = hello;
  data.certificates = {identity.certificate};
  SignerInfo signer = signer_of(data, digest);
  auto key = identity.signer();
  sign(signer, identity.certificate, key);
  data.signers.push_back(signer);
  return data;
}

bool valid(const SignerInfo& signer, BytesView content, const Certificate& certificate) {
  const SignerCheck result = check(signer, content, certificate);
  return result.digest_matches && result.signature_valid;
}

bool openssl_verifies(const Bytes& signature) {
  const test::Scratch scratch;
  const auto ran = test::run({"openssl", "cms", "-verify", "-inform", "DER", "-noverify", "-in",
                              made::file(scratch / "signature.p7", signature)});
  return ran.exit_code == 0 && ran.out == "hello";
}

Bytes openssl(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = {"openssl"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const auto ran = test::run(argv);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return copy(view(ran.out));
}

}  // namespace

TEST_CASE("what is signed here openssl verifies, and so do we after reading it back", "[x509]") {
  struct Row {
    const char* name;
    const made::Identity& identity;
    ossl::Digest digest;
    const char* algorithm;
  };
  const Row rows[] = {
      {"RSA with SHA-256", made::rsa(), ossl::Digest::sha256, "06092a864886f70d010101"},
      {"RSA with SHA-1", made::rsa(), ossl::Digest::sha1, "06092a864886f70d010101"},
      {"EC with SHA-256", made::ec(), ossl::Digest::sha256, "06082a8648ce3d040302"},
      {"EC with SHA-512", made::ec(), ossl::Digest::sha512, "06082a8648ce3d040304"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const Bytes encoded = encode(signed_hello(row.identity, row.digest));
      CHECK(openssl_verifies(encoded));
      const SignedData read = read_signed_data(encoded);
      REQUIRE(read.signers.size() == 1);
      const Certificate* certificate = find_certificate(read.signers[0], read.certificates);
      REQUIRE(certificate);
      CHECK(valid(read.signers[0], digested_content(read), *certificate));
      CHECK(to_hex(read.signers[0].signature_algorithm_der).find(row.algorithm) == 4);
      CHECK(encode(read) == encoded);
    }
}

TEST_CASE("attributes are signed in the order of DER, whatever order they were given in",
          "[x509]") {
  const SignedData read = read_signed_data(encode(signed_hello(made::ec(), ossl::Digest::sha256)));
  const auto& attributes = read.signers[0].authenticated;
  REQUIRE(attributes.size() == 3);
  CHECK(attributes[0].type == oids::content_type);
  CHECK(attributes[1].type == oids::signing_time);
  CHECK(attributes[2].type == oids::message_digest);
  CHECK(read.signers[0].authenticated_der[0] == der::set_tag);
}

TEST_CASE("attributes that a signer did not sort verify over the bytes as they are", "[x509]") {
  SignedData data = signed_hello(made::ec(), ossl::Digest::sha256);
  SignerInfo& signer = data.signers[0];
  std::vector<Bytes> unsorted;  // messageDigest first: longest first
  for (const Attribute& attribute : signer.authenticated)
    unsorted.push_back(encode_attribute(attribute));
  signer.authenticated_der = der::constructed(der::set_tag, unsorted);
  auto key = made::ec().signer();
  signer.signature = key.sign(made::ec().certificate.public_key().algorithm(signer.digest),
                              signer.authenticated_der);
  const SignedData read = read_signed_data(encode(data));
  CHECK(read.signers[0].authenticated[0].type == oids::message_digest);
  CHECK(valid(read.signers[0], digested_content(read), made::ec().certificate));
}

TEST_CASE("a change is seen where it is", "[x509]") {
  const SignedData data = signed_hello(made::ec(), ossl::Digest::sha256);
  const Certificate& certificate = made::ec().certificate;
  SignerInfo signer = data.signers[0];
  const auto result = [&](BytesView content) { return check(signer, content, certificate); };

  SECTION("in the content: the digest does not match") {
    CHECK_FALSE(result(view("hellO")).digest_matches);
    CHECK(result(view("hellO")).signature_valid);
  }
  SECTION("in the attributes: the signature is not valid") {
    signer.authenticated_der.back() ^= 1;
    CHECK_FALSE(result(view("hello")).signature_valid);
  }
  SECTION("in the signature") {
    signer.signature.back() ^= 1;
    CHECK_FALSE(result(view("hello")).signature_valid);
    CHECK(result(view("hello")).digest_matches);
  }
  SECTION("another key's certificate") {
    const SignerCheck other = check(signer, view("hello"), made::rsa().certificate);
    CHECK_FALSE(other.signature_valid);
  }
  SECTION("two message digests, of which one is right, are none") {
    signer.authenticated.push_back(*signer.find_authenticated(oids::message_digest));
    CHECK_FALSE(result(view("hello")).digest_matches);
  }
  SECTION("an unknown signature algorithm") {
    signer.signature_algorithm_der = der::sequence({der::oid(Oid("1.2.3.4"))});
    CHECK_FALSE(result(view("hello")).signature_valid);
  }
}

TEST_CASE("a signer without attributes signs the content itself", "[x509]") {
  const test::Scratch scratch;
  const std::string certificate =
      made::file(scratch / "c.pem", view(made::rsa().certificate.to_pem()));
  const std::string key = made::file(scratch / "k.der", made::rsa().pkcs8.view());
  const std::string content = made::file(scratch / "content", view("hello"));
  const Bytes signature =
      openssl({"cms", "-sign", "-binary", "-nodetach", "-noattr", "-outform", "DER", "-md",
               "sha256", "-signer", certificate, "-inkey", key, "-keyform", "DER", "-in", content});
  const SignedData read = read_signed_data(signature);
  REQUIRE(read.signers.size() == 1);
  CHECK(read.signers[0].authenticated.empty());
  CHECK(valid(read.signers[0], view("hello"), made::rsa().certificate));
  const SignerCheck other = check(read.signers[0], view("hellO"), made::rsa().certificate);
  CHECK_FALSE(other.digest_matches);
  CHECK_FALSE(other.signature_valid);
}

TEST_CASE("signatures of openssl are read and checked", "[x509]") {
  struct Row {
    const char* name;
    const made::Identity& identity;
    std::vector<std::string> options;
  };
  const Row rows[] = {
      {"CMS, RSA", made::rsa(), {}},
      {"CMS, EC", made::ec(), {}},
      {"CMS, RSASSA-PSS",
       made::rsa(),
       {"-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest"}},
      {"by subject key identifier", made::ec(), {"-keyid"}},
      {"SHA-512", made::ec(), {"-md", "sha512"}},
      {"BER of indefinite lengths, content in segments", made::ec(), {"-stream"}},
      {"without certificates", made::ec(), {"-nocerts"}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const test::Scratch scratch;
      std::vector<std::string> arguments = {
          "cms",      "-sign",
          "-binary",  "-nodetach",
          "-outform", "DER",
          "-signer",  made::file(scratch / "c.pem", view(row.identity.certificate.to_pem())),
          "-inkey",   made::file(scratch / "k.der", row.identity.pkcs8.view()),
          "-keyform", "DER",
          "-in",      made::file(scratch / "content", view("hello"))};
      arguments.insert(arguments.end(), row.options.begin(), row.options.end());
      const SignedData read = read_signed_data(openssl(arguments));
      REQUIRE(read.signers.size() == 1);
      CHECK(text(digested_content(read)) == "hello");
      const std::vector<Certificate> pool = {made::other().certificate, row.identity.certificate};
      const Certificate* certificate = find_certificate(read.signers[0], pool);
      REQUIRE(certificate);
      CHECK(*certificate == row.identity.certificate);
      CHECK(valid(read.signers[0], digested_content(read), *certificate));
      const std::vector<Certificate> others = {made::other().certificate};
      CHECK_FALSE(find_certificate(read.signers[0], others));
    }
}

TEST_CASE("certificates are sorted without duplicates, or as given", "[x509]") {
  SignedData data;
  data.content_type = oids::pkcs7_data;
  const Certificate& a = made::rsa().certificate;
  const Certificate& b = made::ec().certificate;
  data.certificates = {a, b, a};
  const auto given = read_signed_data(encode(data, CertificateOrder::as_given)).certificates;
  CHECK(given == std::vector<Certificate>{a, b, a});
  const auto sorted = read_signed_data(encode(data, CertificateOrder::sorted)).certificates;
  REQUIRE(sorted.size() == 2);
  CHECK(sorted[0].der() < sorted[1].der());
}

TEST_CASE("a certs-only file is octet for octet what mono's cert2spc writes", "[x509][oracle]") {
  if (!test::have_program("cert2spc")) {
    WARN("SKIPPED: mono's cert2spc is not installed");
    return;
  }
  const test::Scratch scratch;
  const std::vector<Certificate> both = {made::rsa().certificate, made::other().certificate};
  const std::string first = made::file(scratch / "a.cer", both[0].der());
  const std::string second = made::file(scratch / "b.cer", both[1].der());
  const std::string spc = scratch / "both.spc";
  REQUIRE(test::run({"cert2spc", first, second, spc}).exit_code == 0);
  const Bytes theirs = read_file(spc);
  CHECK(read_signed_data(theirs).certificates == both);
  CHECK(certificates_only(both) == theirs);
}

TEST_CASE("a certs-only file is octet for octet what openssl crl2pkcs7 writes", "[x509]") {
  const test::Scratch scratch;
  const std::vector<Certificate> chain = {made::rsa().certificate, made::ec().certificate};
  for (const std::size_t count : {std::size_t(1), std::size_t(2)}) {
    const std::vector<Certificate> some(chain.begin(), chain.begin() + std::ptrdiff_t(count));
    std::vector<std::string> arguments = {"crl2pkcs7", "-nocrl", "-outform", "DER"};
    for (const Certificate& certificate : some) {
      const auto name = certificate.thumbprint().hex() + std::to_string(count) + ".pem";
      arguments.insert(arguments.end(),
                       {"-certfile", made::file(scratch / name, view(certificate.to_pem()))});
    }
    CHECK(to_hex(certificates_only(some)) == to_hex(openssl(arguments)));
  }
}

TEST_CASE("certtool and openssl list the certificates of a certs-only file", "[x509][oracle]") {
  if (!test::have_program("certtool")) {
    WARN("SKIPPED: certtool is not installed");
    return;
  }
  const test::Scratch scratch;
  const auto file = made::file(
      scratch / "c.p7b", certificates_only({made::rsa().certificate, made::ec().certificate}));
  const auto ran = test::run({"certtool", "--p7-info", "--inder", "--infile", file});
  CHECK(ran.exit_code == 0);
  CHECK_THAT(ran.out, Catch::Contains("Number of certificates: 2"));
}

TEST_CASE("certtool shows and verifies a signature made here", "[x509][oracle]") {
  if (!test::have_program("certtool")) {
    WARN("SKIPPED: certtool is not installed");
    return;
  }
  const test::Scratch scratch;
  const auto file =
      made::file(scratch / "s.p7", encode(signed_hello(made::ec(), ossl::Digest::sha256)));
  const auto shown = test::run({"certtool", "--p7-info", "--inder", "--infile", file});
  CHECK(shown.exit_code == 0);
  CHECK_THAT(shown.out, Catch::Contains("ECDSA-SHA256"));
  const auto signer = made::file(scratch / "c.pem", view(made::ec().certificate.to_pem()));
  const auto verified = test::run(
      {"certtool", "--p7-verify", "--inder", "--infile", file, "--load-certificate", signer});
  INFO(verified.out << verified.err);
  CHECK(verified.exit_code == 0);
}

TEST_CASE("a countersignature is a SignerInfo over a signature", "[x509]") {
  SignedData data = signed_hello(made::rsa(), ossl::Digest::sha256);
  SignerInfo& outer = data.signers[0];
  SignerInfo counter;
  counter.digest = ossl::Digest::sha1;
  counter.authenticated = {
      content_type_attribute(oids::pkcs7_data),
      message_digest_attribute(ossl::hash(ossl::Digest::sha1, outer.signature))};
  auto key = made::ec().signer();
  sign(counter, made::ec().certificate, key);
  outer.unauthenticated = {{oids::counter_signature, {encode_signer_info(counter)}}};
  const Bytes encoded = encode(data);
  CHECK(openssl_verifies(encoded));
  const SignedData read = read_signed_data(encoded);
  const Attribute* attribute = read.signers[0].find_unauthenticated(oids::counter_signature);
  REQUIRE(attribute);
  const SignerInfo again = read_signer_info(attribute->values.at(0));
  CHECK(valid(again, read.signers[0].signature, made::ec().certificate));
  CHECK_FALSE(valid(again, view("another"), made::ec().certificate));
}

TEST_CASE("sign refuses what would not verify", "[x509]") {
  SignedData data;
  data.content_type = oids::pkcs7_data;
  data.content = hello;
  SignerInfo signer = signer_of(data, ossl::Digest::sha256);
  auto key = made::ec().signer();
  CHECK_THROWS_WITH(sign(signer, made::rsa().certificate, key), "the key is not the certificate's");
  const std::string incomplete =
      "a signature needs one content type and one message digest of its algorithm";
  signer.digest = ossl::Digest::sha1;
  CHECK_THROWS_WITH(sign(signer, made::ec().certificate, key), incomplete);
  signer.digest = ossl::Digest::sha256;
  signer.authenticated.pop_back();
  CHECK_THROWS_WITH(sign(signer, made::ec().certificate, key), incomplete);
}

TEST_CASE("a signature with a negative serial names its certificate", "[x509]") {
  const auto odd =
      made::identity({ossl::KeyType::ec, 0, ossl::Curve::p256}, "Odd", Serial{{0x80, 0x01}, true});
  const SignedData read = read_signed_data(encode(signed_hello(odd, ossl::Digest::sha256)));
  CHECK(find_certificate(read.signers[0], read.certificates));
  CHECK(openssl_verifies(encode(read)));
}

TEST_CASE("what follows a signature is an error, or counted where padding is known", "[x509]") {
  for (const char* kind : {"DER", "BER"}) DYNAMIC_SECTION(kind) {
      Bytes padded = certificates_only({made::ec().certificate});
      const bool ber = std::string(kind) == "BER";
      if (ber) {
        const der::Element outer = der::only_element(padded, der::sequence_tag, "test");
        Bytes indefinite = {0x30, 0x80};
        append(indefinite, outer.content);
        append(indefinite, Bytes(2));
        padded = indefinite;
      }
      append(padded, Bytes(5));
      std::size_t trailing = 0;
      CHECK(read_signed_data(padded, &trailing).certificates.size() == 1);
      CHECK(trailing == 5);
      CHECK_THROWS_WITH(read_signed_data(padded),
                        Catch::StartsWith("the PKCS#7 signature is malformed ("));
    }
}
