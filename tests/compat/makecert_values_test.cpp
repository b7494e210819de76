#include "compat/makecert_values.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace sealwright;

TEST_CASE("-n is read as Windows reads it, and encoded in the order it is written in",
          "[compat][makecert]") {
  struct Row {
    const char *name, *written, *rfc4514;  ///< RFC 4514 text has the last one first.
  };
  const Row rows[] = {
      {"one part", "CN=Contoso.com(Test)", "CN=Contoso.com(Test)"},
      {"parts keep their order", "CN=Foo,O=Bar,C=DE", "C=DE,O=Bar,CN=Foo"},
      {"blanks around", " CN = Foo , O = Bar ", "O=Bar,CN=Foo"},
      {"semicolons", "CN=Foo;O=Bar", "O=Bar,CN=Foo"},
      {"plus", "CN=Foo+O=Bar", "O=Bar,CN=Foo"},
      {"a comma in quotes", "CN=Foo,O=\"Bar, Inc.\"", "O=Bar\\, Inc.,CN=Foo"},
      {"quotes in quotes", "CN=\"a \"\"b\"\" c\"", "CN=a \\\"b\\\" c"},
      {"an equals sign in a value", "CN=a=b", "CN=a=b"},
      {"e-mail under Windows' names", "E=a@b.example,Email=c@d.example",
       "E=c@d.example,E=a@b.example"},
      {"S is the state", "S=Hessen,CN=x", "CN=x,ST=Hessen"},
      {"keys in any case", "cn=x,Ou=y", "OU=y,CN=x"},
      {"a separator at the end", "CN=x,", "CN=x"},
      {"an apostrophe", "CN=Joe's-Software-Emporium", "CN=Joe's-Software-Emporium"},
      {"UTF-8", "CN=Müller", "CN=Müller"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(x509::Name::of(compat::read_x500(row.written).attributes).text() == row.rfc4514);
    }
}

TEST_CASE("-n refuses what is no name, and says what is wrong", "[compat][makecert]") {
  struct Row {
    std::string written, message;
  };
  const Row rows[] = {
      {"", "'-n' names nothing"},
      {"Foo", "'Foo' in '-n' is not KEY=value"},
      {"CN=a,Foo", "'Foo' in '-n' is not KEY=value"},
      {"CN=a,b=c", "'b' in '-n' is not a name attribute"},
      {"CN=", "a part of the name of '-n' has no value"},
      {"CN=,O=x", "a part of the name of '-n' has no value"},
      {"CN=\"a", "a '\"' in '-n' is not closed"},
      {"CN=\"a\"b", "text stands behind a quoted value of '-n'"},
      {"CN=a\"b", "a '\"' stands inside a value of '-n'"},
      {"CN={name}", "'{' and '}' cannot stand in a name"},
      {"CN=\xff", "the name of '-n' is not UTF-8"},
      {"CN=" + std::string(5000, 'x'), "the name of '-n' is longer than 4,096 bytes"},
      {"=x", "'' in '-n' is not a name attribute"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.written.substr(0, 20)) {
      CHECK_THROWS_WITH(compat::read_x500(row.written), row.message);
    }
  std::string many = "CN=x";
  for (int i = 0; i < 64; ++i) many += ",OU=y";
  CHECK_THROWS_WITH(compat::read_x500(many), "the name of '-n' has over 64 parts");
}

TEST_CASE("dates are mm/dd/yyyy, from their first second or to their last", "[compat][makecert]") {
  using compat::DayEnd;
  CHECK(to_iso(compat::read_day("-b", "01/31/2026", DayEnd::first_second)) ==
        "2026-01-31T00:00:00Z");
  CHECK(to_iso(compat::read_day("-e", "2/29/2028", DayEnd::last_second)) == "2028-02-29T23:59:59Z");
  struct Row {
    const char *written, *message, *hint;
  };
  const Row rows[] = {
      {"13/01/2020", "'13/01/2020' of '-b' is no day of the calendar",
       "the month comes first: 01/13/2020"},
      {"02/30/2026", "'02/30/2026' of '-b' is no day of the calendar", ""},
      {"13/13/2026", "'13/13/2026' of '-b' is no day of the calendar", ""},
      {"00/01/2026", "'00/01/2026' of '-b' is no day of the calendar", ""},
      {"2026-01-01", "'2026-01-01' of '-b' is not a date", "write mm/dd/yyyy, as 12/31/2039"},
      {"01/01/26", "'01/01/26' of '-b' is not a date", "write mm/dd/yyyy, as 12/31/2039"},
      {"01/01/2026/1", "'01/01/2026/1' of '-b' is not a date", "write mm/dd/yyyy, as 12/31/2039"},
      {"-1/01/2026", "'-1/01/2026' of '-b' is not a date", "write mm/dd/yyyy, as 12/31/2039"},
      {"//", "'//' of '-b' is not a date", "write mm/dd/yyyy, as 12/31/2039"},
      {"", "'' of '-b' is not a date", "write mm/dd/yyyy, as 12/31/2039"},
      {"01/01/1901", "'01/01/1901' of '-b' is outside the years 1950 to 9999", ""},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.written) {
      try {
        compat::read_day("-b", row.written, DayEnd::first_second);
        FAIL("no error was thrown");
      } catch (const Error& error) {
        CHECK(error.message == row.message);
        CHECK(error.hint == row.hint);
      }
    }
}

TEST_CASE("-# is decimal, positive and at most 20 octets", "[compat][makecert]") {
  struct Row {
    const char *written, *hex;
  };
  const Row rows[] = {{"1", "01"},
                      {"007", "07"},
                      {"255", "FF"},
                      {"256", "0100"},
                      {"2147483647", "7FFFFFFF"},
                      {"18446744073709551616", "010000000000000000"},
                      {"730750818665451459101842416358141509827966271487",  // 2^159 - 1
                       "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"}};
  for (const Row& row : rows) CHECK(compat::read_serial_number(row.written).hex() == row.hex);
  CHECK_THROWS_WITH(
      compat::read_serial_number("730750818665451459101842416358141509827966271488"),
      "the number of '-#' is longer than the 20 octets that RFC 5280, 4.1.2.2 allows");
  CHECK_THROWS_WITH(compat::read_serial_number(std::string(100'000, '9')),
                    "the number of '-#' is longer than the 20 octets that RFC 5280, 4.1.2.2 "
                    "allows");
  for (const char* wrong : {"", "-1", "0x10", "1 2", "ten"})
    CHECK_THROWS_WITH(compat::read_serial_number(wrong),
                      Catch::Contains("is not a positive decimal number"));
  CHECK_THROWS_WITH(compat::read_serial_number("0"), "'-# 0': a serial number is positive");
}

TEST_CASE("-eku takes OIDs and our names for them", "[compat][makecert]") {
  const auto read = [](const char* text) {
    std::string joined;
    for (const auto& purpose : compat::read_purposes(text)) joined += purpose.text() + " ";
    return joined;
  };
  CHECK(read("1.3.6.1.5.5.7.3.3") == "1.3.6.1.5.5.7.3.3 ");
  CHECK(read("1.3.6.1.5.5.7.3.3, 1.3.6.1.5.5.7.3.8") == "1.3.6.1.5.5.7.3.3 1.3.6.1.5.5.7.3.8 ");
  CHECK(read("1.3.6.1.5.5.7.3.3,1.3.6.1.5.5.7.3.3") == "1.3.6.1.5.5.7.3.3 ");
  CHECK(read("codeSigning") == "1.3.6.1.5.5.7.3.3 ");
  for (const char* wrong : {"", ",", "1.3.6.1.5.5.7.3.3,", " "})
    CHECK_THROWS_WITH(compat::read_purposes(wrong), "'-eku' needs OIDs with ',' between them");
  for (const char* wrong : {"1", "1.3.", "codeSigner", "9.9.9", "-sv"})
    CHECK_THROWS_WITH(compat::read_purposes(wrong), Catch::Contains("is not an OID"));
}
