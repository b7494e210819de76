#include "x509/name.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"

using namespace sealwright;
using x509::Name;

TEST_CASE("names are read from RFC 4514 text and printed in one form", "[x509]") {
  struct Row {
    std::string text, canonical;
  };
  const Row rows[] = {
      {"", ""},
      {"CN=Driver Signing,O=Acme GmbH,C=DE", "CN=Driver Signing,O=Acme GmbH,C=DE"},
      // RFC 4514, section 4
      {"UID=jsmith,DC=example,DC=net", "UID=jsmith,DC=example,DC=net"},
      {"OU=Sales+CN=J.  Smith,DC=example,DC=net", "OU=Sales+CN=J.  Smith,DC=example,DC=net"},
      {R"(CN=James \"Jim\" Smith\, III,DC=example,DC=net)",
       R"(CN=James \"Jim\" Smith\, III,DC=example,DC=net)"},
      {R"(CN=Before\0dAfter,DC=example,DC=net)", R"(CN=Before\0DAfter,DC=example,DC=net)"},
      {"1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=#04024869"},
      {R"(CN=Lu\C4\8Di\C4\87)", "CN=Lučić"},
      // spaces, case, aliases
      {"  cn = a , o=b", "CN=a,O=b"},
      {"commonName=a,S=b,GIVENNAME=c,emailAddress=d@e.f", "CN=a,ST=b,GN=c,E=d@e.f"},
      {"2.5.4.3=a,OID.2.5.4.10=b", "CN=a,O=b"},
      {"1.2.3.4=a", "1.2.3.4=#0c0161"},
      // quoting and escaping
      {R"(O="Acme, Inc.",C=DE)", R"(O=Acme\, Inc.,C=DE)"},
      {R"(O="a;b<c>d+e\"f\\g" , C=DE)", R"(O=a\;b\<c\>d\+e\"f\\g,C=DE)"},
      {R"(CN=\ a\ )", R"(CN=\ a\ )"},
      {R"(CN=" a ")", R"(CN=\ a\ )"},
      {R"(CN=\#a#b)", R"(CN=\#a#b)"},
      {"CN=a=b", "CN=a=b"},
      {"CN=a b  ", "CN=a b"},
      {"CN=#0c0161 ,O=b", "CN=a,O=b"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.text) {
      const Name name = Name::parse(row.text);
      CHECK(name.text() == row.canonical);
      CHECK(Name::parse(name.text()) == name);
      CHECK(Name::from_der(name.der()) == name);
    }
}

TEST_CASE("text that is no name is refused with the place", "[x509]") {
  struct Row {
    std::string text, message;
  };
  const Row rows[] = {
      {"Driver Signing", "no '=' after 'Driver Signing' at offset 0"},
      {"CN=a,", "an attribute type is missing at offset 5"},
      {"CN=a,,O=b", "an attribute type is missing at offset 5"},
      {"=a", "an attribute type is missing at offset 0"},
      {"CN=a,O", "no '=' after 'O' at offset 5"},
      {"CM=a", "unknown attribute type 'CM' at offset 0"},
      {"CN=a,3.4.5=b", "unknown attribute type '3.4.5' at offset 5"},
      {"CN=", "CN: the value is empty at offset 3"},
      {"CN=\"\"", "CN: the value is empty at offset 3"},
      {"CN=a;O=b", "';' needs a '\\' before it at offset 4"},
      {"CN=a\"b", "'\"' needs a '\\' before it at offset 4"},
      {"CN=<a>", "'<' needs a '\\' before it at offset 3"},
      {"CN=a\\", "a '\\' that escapes nothing at offset 4"},
      {"CN=a\\zb", "a '\\' that escapes nothing at offset 4"},
      {"CN=\"a", "a '\"' that is not closed at offset 3"},
      {"CN=\"a\"b", "text after a quoted value at offset 6"},
      {"CN=#", "'#' without pairs of hex digits at offset 3"},
      {"CN=#0c1", "'#' without pairs of hex digits at offset 3"},
      {"CN=#0c0561", "hex that is not one DER element at offset 3"},
      {"CN=a\\C3b", "a value that is not UTF-8 at offset 3"},
      {"CN=a\\00b", "CN: the value contains a NUL at offset 3"},
      {"CN=a,C=Österreich", "C: 'Österreich' does not fit a PrintableString at offset 7"},
      {"E=ö@example.org", "E: 'ö@example.org' does not fit an IA5String at offset 2"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.text) {
      try {
        Name::parse(row.text);
        FAIL("accepted");
      } catch (const Error& error) {
        CHECK(error.kind == Error::Kind::input);
        CHECK(error.message == "'" + row.text + "' is not a distinguished name: " + row.message);
        CHECK(error.hint ==
              "write it like CN=Driver Signing,O=Acme GmbH,C=DE, with \\ before , + \" \\ < > ;");
      }
    }
}

TEST_CASE("each attribute is written in the string type that belongs to it", "[x509]") {
  const auto hex = [](const char* text) { return to_hex(Name::parse(text).der()); };
  CHECK(hex("CN=a") == "300c310a300806035504030c0161");
  CHECK(hex("C=DE") == "300d310b3009060355040613024445");
  CHECK(hex("serialNumber=1") == "300c310a30080603550405130131");
  CHECK(hex("DC=a") == "30133111300f060a0992268993f22c640119160161");
  CHECK(hex("E=a") == "30123110300e06092a864886f70d010901160161");
  // Least specific first; attributes of one RDN as a SET OF is sorted (X.690, 11.6).
  CHECK(hex("CN=b,C=DE") == "3019310b3009060355040613024445310a300806035504030c0162");
  CHECK(hex("OU=a+CN=a") == hex("CN=a+OU=a"));
}

TEST_CASE("a name gives its attributes and the name that people see", "[x509]") {
  const Name name = Name::parse("CN=inner,CN=outer,OU=unit,O=Acme,C=DE");
  CHECK(name.common_name() == "inner");
  CHECK(name.first("o") == "Acme");
  CHECK(name.first("L").empty());
  CHECK(name.first("nonsense").empty());
  REQUIRE(name.attributes().size() == 5);
  CHECK(name.attributes()[0] == x509::NameAttribute{Oid("2.5.4.6"), "DE"});
  CHECK(name == Name::of({{Oid("2.5.4.3"), "inner"},
                          {Oid("2.5.4.3"), "outer"},
                          {Oid("2.5.4.11"), "unit"},
                          {Oid("2.5.4.10"), "Acme"},
                          {Oid("2.5.4.6"), "DE"}}));
  CHECK(name.display() == "inner");
  CHECK(Name::parse("OU=unit,O=Acme").display() == "unit");
  CHECK(Name::parse("E=a@b,O=Acme").display() == "Acme");
  CHECK(Name::parse("E=a@b,C=DE").display() == "a@b");
  CHECK(Name::parse("L=Bonn,C=DE").display() == "L=Bonn,C=DE");
  CHECK(Name().empty());
  CHECK(Name() == Name::parse(""));
  CHECK_THROWS_WITH(Name::of({{Oid("2.5.4.6"), "Ö"}}), "C: 'Ö' does not fit a PrintableString");
}

TEST_CASE("every string type of a certificate is read, and re-encoding changes no byte", "[x509]") {
  struct Row {
    std::string what, value_hex, text;
  };
  const Row rows[] = {
      {"PrintableString", "130161", "CN=a"},
      {"UTF8String", "0c02c3a4", "CN=ä"},
      {"TeletexString holds Latin-1", "1401e4", "CN=ä"},
      {"BMPString", "1e0400e40062", "CN=äb"},
      {"BMPString with a surrogate pair", "1e04d83dde00", "CN=😀"},
      {"UniversalString", "1c04000000e4", "CN=ä"},
      {"IA5String", "160161", "CN=a"},
      {"PrintableString with what it may not hold", "1303612a40", "CN=a*@"},
      {"no string", "0303000102", "CN=#0303000102"},
      {"broken UTF-8", "0c01e4", "CN=#0c01e4"},
      {"a lone surrogate", "1e02d83d", "CN=#1e02d83d"},
      {"empty", "0c00", "CN="},
      {"a NUL", "0c03610062", "CN=a\\00b"},
      {"a line end and an escape sequence", "0c050a1b5b326a", "CN=\\0A\\1B[2j"},
      {"a right-to-left override", "0c05e280ae6162", "CN=\\E2\\80\\AEab"},
      {"a C1 control character", "0c02c29b", "CN=\\C2\\9B"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      const Bytes value = *from_hex(row.value_hex);
      Bytes der = {0x30, std::uint8_t(value.size() + 9),
                   0x31, std::uint8_t(value.size() + 7),
                   0x30, std::uint8_t(value.size() + 5),
                   0x06, 3,
                   0x55, 4,
                   3};
      append(der, value);
      const Name name = Name::from_der(der);
      CHECK(name.der() == der);
      CHECK(name.text() == row.text);
    }
}

TEST_CASE("malformed names are refused", "[x509]") {
  for (const char* hex : {"", "30", "3100", "30023100", "300030", "3004310230", "300431023000",
                          "30073105300306015504", "3080310a300806035504030c01610000"}) {
    INFO(hex);
    CHECK_THROWS_AS(Name::from_der(*from_hex(hex)), Error);
  }
}

TEST_CASE("attribute types are known by short and long names", "[x509]") {
  CHECK(x509::attribute_type("cn") == Oid("2.5.4.3"));
  CHECK(x509::attribute_type("organizationName") == Oid("2.5.4.10"));
  CHECK(!x509::attribute_type("XX"));
  CHECK(x509::attribute_name(Oid("2.5.4.8")) == "ST");
  CHECK(!x509::attribute_name(Oid("1.2.3")));
}
