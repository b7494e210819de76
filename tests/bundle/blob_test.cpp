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
  struct Row {
    const char* name;
    Bytes bytes;
    const char* message;
  };
  const Row rows[] = {
      {"nothing at all", {}, "certificate blob is cut short"},
      {"reserved field 2", reserved, "certificate blob: the reserved field of property 3 is not 1"},
      {"a byte after the certificate", longer,
       "certificate blob: the certificate is not the last element"},
      {"a length past the end", huge, "certificate blob is cut short"},
      {"cut in the certificate", Bytes(good.begin(), good.end() - 1),
       "certificate blob is cut short"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(bundle::read_blob(row.bytes), row.message);
    }
}
