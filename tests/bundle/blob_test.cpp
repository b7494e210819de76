#include "bundle/blob.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "states.h"
#include "x509/oids.h"

using namespace sealwright;
using test::pki;

TEST_CASE("a blob holds the properties in order and the certificate last", "[bundle]") {
  const auto& certificate = pki().root.certificate;
  const auto blob = bundle::read_blob(
      bundle::encode_blob(certificate, std::vector<Oid>{x509::oids::code_signing}));
  REQUIRE(blob.properties.size() == 3);
  CHECK(blob.properties[0].id == bundle::property_sha1);
  CHECK(equal(blob.properties[0].value, certificate.thumbprint().value));
  CHECK(blob.properties[1].id == bundle::property_enhanced_key_usage);
  CHECK(x509::read_extended_key_usage(blob.properties[1].value) ==
        std::vector<Oid>{x509::oids::code_signing});
  CHECK(blob.properties[2].id == bundle::property_key_identifier);
  CHECK(blob.certificate == certificate);
}

TEST_CASE("read_blob refuses what is not properties and one certificate", "[bundle]") {
  const Bytes good = bundle::encode_blob(pki().root.certificate);
  Bytes reserved = good;
  reserved[4] = 2;
  Bytes longer = good;
  longer.push_back(0);
  Bytes huge = good;
  huge[11] = 0xff;
  Bytes twice = good;
  append(twice, good);
  const Bytes alone(good.begin(), good.begin() + 32);  // Property 3 is 12 + 20 bytes long.
  Bytes ended(12, 0);
  append(ended, good);
  struct Row {
    const char* name;
    Bytes bytes;
    const char* message;
  };
  const Row rows[] = {
      {"nothing at all", {}, "certificate blob: there is no certificate in it"},
      {"reserved field 2", reserved, "certificate blob: the reserved field of property 3 is not 1"},
      {"a byte after the certificate", longer, "certificate blob is cut short"},
      {"two certificates", twice, "certificate blob: it holds a second certificate"},
      {"properties alone", alone, "certificate blob: there is no certificate in it"},
      {"an end inside", ended, "certificate blob: an end inside it (property 0)"},
      {"a length past the end", huge, "certificate blob is cut short"},
      {"cut in the certificate", Bytes(good.begin(), good.end() - 1),
       "certificate blob is cut short"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(bundle::read_blob(row.bytes), row.message);
    }
}

TEST_CASE("a blob whose certificate comes first is read, and says so", "[bundle]") {
  const Bytes good = bundle::encode_blob(pki().root.certificate);
  const std::size_t before = 32 + 12 + 20;  // Properties 3 and 20.
  Bytes first(good.begin() + before, good.end());
  append(first, BytesView(good).first(before));
  const auto blob = bundle::read_blob(first);
  CHECK(blob.certificate == pki().root.certificate);
  CHECK(blob.properties.size() == 2);
  CHECK_FALSE(blob.certificate_last);
  CHECK(bundle::read_blob(good).certificate_last);
}
