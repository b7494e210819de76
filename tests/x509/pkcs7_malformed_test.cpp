// What read_signed_data refuses, and its bounds.

#include <catch2/catch.hpp>

#include "base/error.h"
#include "made.h"
#include "ossl/der.h"
#include "x509/ber.h"
#include "x509/pkcs7.h"

using namespace sealwright;
using namespace sealwright::x509;
namespace der = ossl::der;

namespace {

// Functions, since the object identifiers are made at start-up too.
Bytes sha256() {
  return der::sequence({der::oid(ossl::oid_of(ossl::Digest::sha256)), der::null()});
}
Bytes no_content() { return der::sequence({der::oid(oids::pkcs7_data)}); }

Bytes set(std::initializer_list<BytesView> parts) { return der::constructed(der::set_tag, parts); }

Bytes content_info(const Oid& type, const Bytes& inner) {
  return der::sequence({der::oid(type), der::constructed(der::context_constructed(0), {inner})});
}

Bytes signed_data(const Bytes& version, const Bytes& content, const Bytes& signers) {
  return content_info(oids::pkcs7_signed_data, der::sequence({version, set({}), content, signers}));
}

Bytes signer(const Bytes& version, const Bytes& digest, const Bytes& attributes) {
  const Bytes names = der::sequence({der::sequence({}), der::integer(1)});
  return der::sequence({version, names, digest, attributes, sha256(), der::octet_string({})});
}

Bytes with_signer(const Bytes& one) {
  return signed_data(der::integer(1), no_content(), set({one}));
}

std::string message_of(BytesView bytes) {
  try {
    read_signed_data(bytes);
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::input);
    return error.message;
  }
  return "";
}

}  // namespace

TEST_CASE("read_signed_data says what is wrong", "[x509]") {
  const Bytes one = der::integer(1);
  const Bytes segments = {0x24, 0x03, 0x04, 0x01, 0x61};
  const Bytes gost = der::sequence({der::oid(Oid("1.2.643.2.2.9"))});
  struct Row {
    const char* name;
    Bytes der;
    std::string message;
  };
  const std::string malformed = "the PKCS#7 signature is malformed (";
  const Row rows[] = {
      {"nothing", {}, malformed},
      {"cut short", {0x30, 0x03, 0x06, 0x01}, malformed},
      {"another content type", content_info(oids::pkcs7_data, der::octet_string(view("hello"))),
       "not a PKCS#7 signature (another content type)"},
      {"version 0 of SignedData", signed_data(der::integer(0), no_content(), set({})),
       malformed + "unknown version of SignedData)"},
      {"version 6 of SignedData", signed_data(der::integer(6), no_content(), set({})),
       malformed + "unknown version of SignedData)"},
      {"version 2 of SignerInfo", with_signer(signer(der::integer(2), sha256(), {})),
       malformed + "unknown version of SignerInfo)"},
      {"empty attributes", with_signer(signer(one, sha256(), {0xa0, 0x00})),
       malformed + "empty authenticated attributes)"},
      {"a digest nobody here knows", with_signer(signer(one, gost, {})),
       "the PKCS#7 signature uses the digest algorithm 1.2.643.2.2.9, which is not supported"},
      {"a field after the signers",
       content_info(oids::pkcs7_signed_data,
                    der::sequence({one, set({}), no_content(), set({}), one})),
       malformed},
      {"a certificate that is none",
       content_info(oids::pkcs7_signed_data,
                    der::sequence({one, set({}), no_content(),
                                   der::constructed(0xa0, {der::sequence({one})}), set({})})),
       "certificate 1 of the PKCS#7 signature: the certificate is malformed ("},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THAT(message_of(row.der), Catch::StartsWith(row.message));
    }
}

TEST_CASE("read_signed_data is bounded", "[x509]") {
  const Bytes one_signer = signer(der::integer(1), sha256(), {});
  const auto signers = [&](std::size_t count) {
    const std::vector<Bytes> many(count, one_signer);
    return signed_data(der::integer(1), no_content(), der::constructed(der::set_tag, many));
  };
  CHECK(read_signed_data(signers(max_signers)).signers.size() == max_signers);
  CHECK(message_of(signers(max_signers + 1)) ==
        "the PKCS#7 signature is malformed (more than 64 signers)");

  const auto bag = [](std::size_t count) {
    return certificates_only(std::vector<Certificate>(count, made::ec().certificate));
  };
  CHECK(read_signed_data(bag(max_bag_certificates)).certificates.size() == max_bag_certificates);
  CHECK(message_of(bag(max_bag_certificates + 1)) ==
        "the PKCS#7 signature is malformed (more than 1024 certificates)");
}

TEST_CASE("attribute certificates in the bag are kept as they are", "[x509]") {
  const Bytes attribute_certificate = der::constructed(der::context_constructed(2), {sha256()});
  const Bytes bag = der::constructed(der::context_constructed(0),
                                     {made::ec().certificate.der(), attribute_certificate});
  const Bytes encoded =
      content_info(oids::pkcs7_signed_data,
                   der::sequence({der::integer(1), set({}), no_content(), bag, set({})}));
  const SignedData read = read_signed_data(encoded);
  CHECK(read.certificates.size() == 1);
  CHECK(read.other_certificates == std::vector<Bytes>{attribute_certificate});
  CHECK(encode(read) == encoded);
}

TEST_CASE("indefinite lengths become definite, and nothing else changes", "[x509]") {
  struct Row {
    const char* name;
    Bytes ber, der;
    std::size_t used;
  };
  const Row rows[] = {
      {"DER", {0x30, 0x03, 0x02, 0x01, 0x05}, {0x30, 0x03, 0x02, 0x01, 0x05}, 5},
      {"an indefinite SEQUENCE",
       {0x30, 0x80, 0x02, 0x01, 0x05, 0x00, 0x00, 0xff},
       {0x30, 0x03, 0x02, 0x01, 0x05},
       7},
      {"inside a definite one", {0x31, 0x04, 0x30, 0x80, 0x00, 0x00}, {0x31, 0x02, 0x30, 0x00}, 6},
      {"an OCTET STRING in segments",
       {0x24, 0x80, 0x04, 0x01, 0x61, 0x24, 0x03, 0x04, 0x01, 0x62, 0x00, 0x00},
       {0x04, 0x02, 0x61, 0x62},
       12},
      {"no segments at all", {0x24, 0x80, 0x00, 0x00}, {0x04, 0x00}, 4},
      {"a length that is not minimal stays", {0x04, 0x81, 0x01, 0x61}, {0x04, 0x81, 0x01, 0x61}, 4},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const auto definite = definite_lengths(row.ber);
      REQUIRE(definite);
      CHECK(definite->der == row.der);
      CHECK(definite->used == row.used);
    }
  const Bytes refused[] = {
      {},
      {0x30},
      {0x30, 0x80},
      {0x30, 0x80, 0x00},
      {0x04, 0x80, 0x00, 0x00},              // primitive
      {0x30, 0x05, 0x02, 0x01, 0x05},        // cut short
      {0x24, 0x80, 0x02, 0x00, 0x00, 0x00},  // a segment that is no OCTET STRING
      {0x3f, 0x21, 0x00},                    // tag of two octets
      {0x30, 0x85, 0x00, 0x00, 0x00, 0x00, 0x00},
  };
  for (const Bytes& ber : refused) CHECK_FALSE(definite_lengths(ber));
}

TEST_CASE("indefinite lengths are followed 32 levels deep", "[x509]") {
  const auto nested = [](std::size_t levels) {
    Bytes ber;
    for (std::size_t i = 0; i < levels; ++i) append(ber, Bytes{0x30, 0x80});
    append(ber, Bytes(2 * levels));
    return ber;
  };
  CHECK(definite_lengths(nested(33)));
  CHECK_FALSE(definite_lengths(nested(34)));
  CHECK_FALSE(definite_lengths(nested(100'000)));
}
