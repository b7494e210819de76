// Requests: those of openssl and certtool read, ours judged by both.

#include "x509/request.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "issuing.h"
#include "x509/oids.h"
#include "x509/pem.h"

using namespace sealwright;
using namespace sealwright::x509;
namespace der = ossl::der;

namespace {

using Parts = std::vector<Bytes>;

Bytes attribute(const Oid& type, const Parts& values) { return encode_attribute({type, values}); }

Bytes extensions(const Parts& oids) {
  Parts list;
  for (const Bytes& oid : oids) list.push_back(der::sequence({oid, der::octet_string({})}));
  return der::sequence(list);
}

const Bytes some_oid = der::oid(Oid("1.3.6.1.4.1.99999.7"));

/// What a request consists of, to be broken one part at a time. The signature is not one.
struct Pieces {
  Bytes version = der::integer(0);
  Bytes subject = Name::parse("CN=asks").der();
  Bytes key = made::new_key()->public_key().spki();
  Bytes attributes = der::constructed(der::context_constructed(0), Parts{});
  Bytes after = {};

  Bytes request() const {
    return der::sequence({der::sequence({version, subject, key, attributes, after}),
                          ossl::algorithm_identifier({ossl::Scheme::ecdsa, ossl::Digest::sha256}),
                          der::bit_string(Bytes(8))});
  }
};

Bytes with_attributes(const Parts& attributes) {
  Pieces pieces;
  pieces.attributes = der::constructed(der::context_constructed(0), attributes);
  return pieces.request();
}

std::string openssl(std::vector<std::string> arguments, const std::string& input = {}) {
  arguments.insert(arguments.begin(), "openssl");
  const auto ran = test::run(arguments, input);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return ran.out + ran.err;
}

Request asked(const made::Key& key, const std::vector<Extension>& extensions = {},
              ossl::Digest digest = ossl::Digest::sha256) {
  return make_request({Name::parse("CN=Lučić,O=Acme GmbH,C=DE"), extensions}, digest, *key);
}

const char* const everything = R"(
[req]
distinguished_name = name
attributes = attributes
req_extensions = extensions
prompt = no
[name]
C = DE
O = Acme GmbH
CN = driver
[attributes]
challengePassword = a challenge
unstructuredName = a name
[extensions]
keyUsage = critical, digitalSignature
extendedKeyUsage = codeSigning
subjectAltName = DNS:b.example
)";

}  // namespace

TEST_CASE("from_der refuses what is not exactly one request", "[x509][request]") {
  const Bytes request_of = attribute(oids::extension_request, {extensions({some_oid})});
  const auto broken = [](auto change) {
    Pieces pieces;
    change(pieces);
    return pieces.request();
  };
  Bytes longer = Pieces().request();
  longer.push_back(0);
  struct Row {
    const char* name;
    Bytes der;
    const char* message;
  };
  const Row rows[] = {
      {"nothing", {}, "the request is malformed (an element is missing at offset 0)"},
      {"too much", Bytes(max_request_bytes + 1),
       "the request is too large (262145 bytes, at most 262144)"},
      {"bytes after it", longer, "the request is malformed (something left over at offset 141)"},
      {"version 2", broken([](Pieces& p) { p.version = der::integer(1); }),
       "the request is malformed (unknown version 1)"},
      {"no version", broken([](Pieces& p) { p.version = {}; }),
       "the request is malformed (tag 0x30 instead of 0x02 at offset 5)"},
      {"something after the attributes", broken([](Pieces& p) { p.after = der::null(); }),
       "the request is malformed (something left over at offset 118)"},
      {"two extensionRequests", with_attributes({request_of, request_of}),
       "the request is malformed (extensions are requested twice)"},
      {"an extensionRequest in both spellings",
       with_attributes(
           {request_of, attribute(oids::microsoft_extension_request, {extensions({some_oid})})}),
       "the request is malformed (extensions are requested twice)"},
      {"an extensionRequest without a value",
       with_attributes({attribute(oids::extension_request, {})}),
       "the request is malformed (extensions are requested twice)"},
      {"an extensionRequest of two values",
       with_attributes(
           {attribute(oids::extension_request, {extensions({some_oid}), extensions({})})}),
       "the request is malformed (extensions are requested twice)"},
      {"an extension twice",
       with_attributes({attribute(oids::extension_request,
                                  {extensions({some_oid, der::oid(oids::key_usage), some_oid})})}),
       "the request is malformed (extension 1.3.6.1.4.1.99999.7 appears twice)"},
      {"an extensionRequest that is none",
       with_attributes({attribute(oids::extension_request, {der::null()})}),
       "the extension request is malformed (tag 0x05 instead of 0x30 at offset 0)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      try {
        Request::from_der(row.der);
        FAIL("was read");
      } catch (const Error& error) {
        CHECK(error.kind == Error::Kind::input);
        CHECK(error.message == row.message);
      }
    }
}

TEST_CASE("a request may ask for so many extensions and not for more", "[x509][request]") {
  Parts oids;
  const auto request = [&] {
    return with_attributes({attribute(oids::extension_request, {extensions(oids)})});
  };
  while (oids.size() < max_request_extensions)
    oids.push_back(der::oid(Oid("1.3.6.1.4.1.99999." + std::to_string(oids.size()))));
  CHECK(Request::from_der(request()).extensions().size() == max_request_extensions);
  oids.push_back(some_oid);
  oids.back().back() = 0x7f;
  CHECK_THROWS_WITH(Request::from_der(request()),
                    "the request is malformed (more than 64 extensions)");
}

TEST_CASE("what old programs write differently is read", "[x509][request]") {
  Pieces pieces;
  SECTION("no attributes at all") {
    pieces.attributes = {};
    CHECK(Request::from_der(pieces.request()).attributes().empty());
  }
  SECTION("an empty list of extensions") {
    const auto request =
        Request::from_der(with_attributes({attribute(oids::extension_request, {extensions({})})}));
    CHECK(request.extensions().empty());
    CHECK(request.attributes().size() == 1);
  }
  SECTION("no subject") {
    pieces.subject = Name().der();
    CHECK(Request::from_der(pieces.request()).subject().empty());
  }
  CHECK_FALSE(Request::from_der(Pieces().request()).verified());
}

TEST_CASE("a request cut short anywhere is refused", "[x509][request]") {
  const auto whole = asked(made::new_key(), {key_usage_extension(digital_signature, true)}).der();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK_THROWS_AS(Request::from_der(BytesView(whole).first(length)), Error);
  }
}

TEST_CASE("every changed bit of a request is refused, or breaks its signature", "[x509][request]") {
  const auto whole = asked(made::new_key(), {key_usage_extension(digital_signature, true)}).der();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= std::uint8_t(1u << at % 8);
    INFO(at);
    bool verified = false;
    try {
      verified = Request::from_der(changed).verified();
    } catch (const Error& error) {
      CHECK(error.kind == Error::Kind::input);
    }
    CHECK_FALSE(verified);
  }
}

TEST_CASE("read_request finds the one request of a file", "[x509][request]") {
  const auto request = asked(made::new_key());
  const std::string pem = request.to_pem();
  const std::string certificate = made::issue({}).certificate.to_pem();
  CHECK(read_request(request.der()) == request);
  CHECK(read_request(view(pem)) == request);
  CHECK(read_request(view(certificate + pem)) == request);
  CHECK(read_request(view(to_pem("NEW CERTIFICATE REQUEST", request.der()))) == request);
  CHECK_THROWS_WITH(read_request(view(pem + pem)), "several requests in one file");
  CHECK_THROWS_WITH(read_request(view(certificate)), "no certification request found");
}

TEST_CASE("openssl and certtool accept our requests", "[x509][request][oracle]") {
  struct Row {
    const char* name;
    ossl::KeySpec key;
    ossl::Digest digest;
  };
  const Row rows[] = {
      {"RSA", {ossl::KeyType::rsa, 2048}, ossl::Digest::sha256},
      {"P-256", {ossl::KeyType::ec}, ossl::Digest::sha256},
      {"P-384", {ossl::KeyType::ec, 0, ossl::Curve::p384}, ossl::Digest::sha384},
      {"Ed25519", {ossl::KeyType::ed25519}, ossl::Digest::sha512},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const auto request = asked(made::new_key(row.key),
                                 {key_usage_extension(digital_signature, true),
                                  extended_key_usage_extension({oids::code_signing}, false)},
                                 row.digest);
      CHECK(request.verified());
      const auto text = openssl(
          {"req", "-verify", "-noout", "-text", "-nameopt", "RFC2253,-esc_msb"}, request.to_pem());
      CHECK_THAT(text, Catch::Contains("verify OK"));
      CHECK_THAT(text, Catch::Contains("Subject: CN=Lučić,O=Acme GmbH,C=DE"));
      CHECK_THAT(text, Catch::Contains("X509v3 Key Usage: critical"));
      CHECK_THAT(text, Catch::Contains("Code Signing"));
      if (!test::have_program("certtool")) {
        WARN("SKIPPED: no certtool");
        continue;
      }
      const auto ran = test::run({"certtool", "--crq-info"}, request.to_pem());
      CHECK(ran.exit_code == 0);
      CHECK_THAT(ran.out, Catch::Contains("Self signature: verified"));
      CHECK_THAT(ran.out, Catch::Contains("Key Usage (critical):"));
    }
}

TEST_CASE("a request without extensions has no attribute", "[x509][request][oracle]") {
  const auto request = asked(made::new_key());
  CHECK(request.attributes().empty());
  const auto text = openssl({"req", "-verify", "-noout", "-text"}, request.to_pem());
  CHECK_THAT(text, Catch::Contains("verify OK"));
  CHECK_THAT(text, Catch::Contains("(none)"));
}

TEST_CASE("templates are named as AD CS reads them", "[x509][request][oracle]") {
  const auto by_name = certificate_template_name_extension("Web");
  CHECK(by_name.value == Bytes{0x1e, 6, 0, 'W', 0, 'e', 0, 'b'});
  CHECK_THROWS_WITH(certificate_template_name_extension(""),
                    "a certificate template without a name");
  const auto by_oid = certificate_template_extension({Oid("1.3.6.1.4.1.311.21.8.1.2"), 100, 7});
  CHECK(to_hex(by_oid.value) == "3013060b2b06010401823715080102020164020107");
  const auto no_minor =
      certificate_template_extension({Oid("1.3.6.1.4.1.311.21.8.1.2"), 4294967295, {}});
  CHECK(to_hex(no_minor.value) == "3014060b2b06010401823715080102020500ffffffff");
  const auto text =
      openssl({"req", "-noout", "-text"}, asked(made::new_key(), {by_name, by_oid}).to_pem());
  CHECK_THAT(text, Catch::Contains("1.3.6.1.4.1.311.20.2"));
  CHECK_THAT(text, Catch::Contains("1.3.6.1.4.1.311.21.7"));
}

TEST_CASE("what openssl asks for is read: subject, extensions, attributes",
          "[x509][request][oracle]") {
  test::Scratch scratch;
  const auto config = made::text_file(scratch / "request.cnf", everything);
  const auto key = (scratch / "key.pem").string(), file = (scratch / "request.csr").string();
  openssl({"req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-config", config,
           "-out", file});
  const auto request = read_request(read_file(file, max_request_bytes));
  CHECK(request.verified());
  CHECK(request.subject().text() == "CN=driver,O=Acme GmbH,C=DE");
  CHECK(request.public_key().description() == "RSA-2048");
  CHECK(ossl::to_text(*request.signature_algorithm()) == "sha256WithRSAEncryption");
  REQUIRE(request.extensions().size() == 3);
  CHECK(read_key_usage(request.extension(oids::key_usage)->value) == digital_signature);
  CHECK(request.extension(oids::key_usage)->critical);
  CHECK(request.extension(oids::subject_alternative_name));
  CHECK_FALSE(request.extension(oids::basic_constraints));
  std::vector<std::string> attributes;
  for (const auto& attribute : request.attributes()) attributes.push_back(name_of(attribute.type));
  std::ranges::sort(attributes);
  CHECK(attributes ==
        std::vector<std::string>{"challengePassword", "extensionRequest", "unstructuredName"});
  const auto der_file = (scratch / "request.der").string();
  openssl({"req", "-in", file, "-outform", "DER", "-out", der_file});
  CHECK(read_request(read_file(der_file, max_request_bytes)) == request);
}

TEST_CASE("requests as Windows writes them are read", "[x509][request][oracle]") {
  // szOID_CERT_EXTENSIONS instead of extensionRequest, and the version of Windows beside it.
  const Bytes usage = encode_attribute(
      {oids::microsoft_extension_request,
       {der::sequence({der::sequence({der::oid(oids::key_usage), der::boolean(true),
                                      der::octet_string(der::named_bits(digital_signature))})})}});
  const Bytes version =
      encode_attribute({Oid("1.3.6.1.4.1.311.13.2.3"), {der::ia5_string("10.0.26100.2")}});
  const auto key = made::new_key();
  Pieces pieces;
  pieces.key = key->public_key().spki();
  pieces.attributes = der::constructed(der::context_constructed(0), {version, usage});
  const Bytes info = der::sequence({pieces.version, pieces.subject, pieces.key, pieces.attributes});
  const ossl::SignatureAlgorithm algorithm{ossl::Scheme::ecdsa, ossl::Digest::sha256};
  const auto request = Request::from_der(der::sequence(
      {info, ossl::algorithm_identifier(algorithm), der::bit_string(key->sign(algorithm, info))}));
  CHECK(request.verified());
  REQUIRE(request.extension(oids::key_usage));
  CHECK(read_key_usage(request.extension(oids::key_usage)->value) == digital_signature);
  const auto text = openssl({"req", "-verify", "-noout", "-text"}, request.to_pem());
  CHECK_THAT(text, Catch::Contains("verify OK") && Catch::Contains("X509v3 Key Usage: critical"));
}

TEST_CASE("what certtool asks for is read", "[x509][request][oracle]") {
  if (!test::have_program("certtool")) {
    WARN("SKIPPED: no certtool");
    return;
  }
  test::Scratch scratch;
  const auto wanted = made::text_file(scratch / "template",
                                      "cn = \"driver\"\norganization = \"Acme\"\n"
                                      "code_signing_key\nsigning_key\nchallenge_password = 123\n");
  const auto key = (scratch / "key.pem").string();
  REQUIRE(test::run({"certtool", "--generate-privkey", "--key-type", "ecdsa", "--outfile", key})
              .exit_code == 0);
  const auto ran =
      test::run({"certtool", "--generate-request", "--load-privkey", key, "--template", wanted});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const auto request = read_request(view(ran.out));
  CHECK(request.verified());
  CHECK(request.subject().first("CN") == "driver");
  REQUIRE(request.extension(oids::extended_key_usage));
  CHECK(read_extended_key_usage(request.extension(oids::extended_key_usage)->value) ==
        std::vector<Oid>{oids::code_signing});
}
