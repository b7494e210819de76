#include "base/id.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace sealwright;

TEST_CASE("a thumbprint is read in any spelling", "[id]") {
  const std::string hex = "0123456789ABCDEF0123456789ABCDEF01234567";
  for (const char* spelling : {
           "0123456789ABCDEF0123456789ABCDEF01234567",
           "0123456789abcdef0123456789abcdef01234567",
           "01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67",
           "\u200e01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67",
           "01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67\u200e ",
       }) {
    const auto thumbprint = parse_thumbprint(spelling);
    REQUIRE(thumbprint);
    CHECK(thumbprint->hex() == hex);
  }
}

TEST_CASE("what is not 20 bytes of hex is no thumbprint", "[id]") {
  for (const char* text : {
           "",
           "driver-signing",
           "0123456789ABCDEF0123456789ABCDEF012345",
           "0123456789ABCDEF0123456789ABCDEF0123456",
           "0123456789ABCDEF0123456789ABCDEF0123456789",
           "0123456789ABCDEF0123456789ABCDEF0123456g",
           "01-23-45-67-89-AB-CD-EF-01-23-45-67-89-AB-CD-EF-01-23-45-67",
           "\u200f0123456789ABCDEF0123456789ABCDEF01234567",
       })
    CHECK_FALSE(parse_thumbprint(text));
}

TEST_CASE("serial numbers and key ids are shown in full", "[id]") {
  CHECK(Serial{{0x01, 0xab}}.hex() == "01AB");
  CHECK(Serial{{0x01}} < Serial{{0x02}});
  CHECK(KeyId{}.hex() == std::string(64, '0'));
}

TEST_CASE("an Oid is a checked dotted number", "[id]") {
  for (const char* good : {"0.0", "1.39", "2.40", "2.999.3", "1.3.6.1.5.5.7.3.3",
                           "2.25.9223372036854775807", "1.2.840.113549.1.1.11"})
    CHECK(Oid(good).text() == good);
  for (const char* bad : {"",
                          "1",
                          "3.1",
                          "0.40",
                          "1.40",
                          "1.",
                          ".1",
                          "1..2",
                          "1.2.",
                          "1.02",
                          "01.2",
                          "1.-2",
                          "1.+2",
                          "1. 2",
                          " 1.2",
                          "1.2 ",
                          "1.2a",
                          "codeSigning",
                          "2.25.9223372036854775808",
                          "2.25.99999999999999999999999"}) {
    CAPTURE(bad);
    CHECK_THROWS_WITH(Oid(bad), "'" + std::string(bad) + "' is not an object identifier");
  }
  CHECK_THROWS_WITH(Oid("1.2\x1b[m"), "'1.2\\x1b[m' is not an object identifier");
  CHECK(Oid().empty());
  CHECK(Oid("1.2") == Oid("1.2"));
}

TEST_CASE("an Oid has at most 64 arcs", "[id]") {
  std::string dotted = "1";
  for (int i = 1; i < 64; ++i) dotted += ".1";
  CHECK(Oid(dotted).text() == dotted);
  CHECK_THROWS_AS(Oid(dotted + ".1"), Error);
}
