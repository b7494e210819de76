#include <catch2/catch.hpp>

#include "base/error.h"
#include "hex.h"
#include "ossl/der.h"

using namespace sealwright;
using namespace sealwright::ossl;
using test::hex;

namespace {

/// The element as `openssl asn1parse` shows it: what follows "prim:" or "cons:", one line per
/// element.
std::string seen_by_openssl(BytesView der) {
  const std::string out = test::openssl({"asn1parse", "-inform", "DER"}, text(der));
  std::string shown;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = std::min(out.find('\n', at), out.size());
    std::string line = out.substr(at, end - at);
    at = end + 1;
    const std::size_t start = line.find(": ");
    line = start == line.npos ? line : line.substr(start + 2);
    // The name of a type is padded to a column.
    while (line.find("  ") != line.npos) line.erase(line.find("  "), 1);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    shown += line + "\n";
  }
  return shown;
}

Time at(std::string_view iso) { return parse_time(iso).value(); }

}  // namespace

TEST_CASE("openssl reads every kind of element that is written", "[der][oracle]") {
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: openssl is not installed");
    return;
  }
  struct Row {
    Bytes der;
    std::string shown;
  };
  const Row rows[] = {
      {der::boolean(true), "BOOLEAN :255\n"},
      {der::boolean(false), "BOOLEAN :0\n"},
      {der::integer(0), "INTEGER :00\n"},
      {der::integer(65537), "INTEGER :010001\n"},
      {der::integer(-129), "INTEGER :-81\n"},
      {der::integer(INT64_MIN), "INTEGER :-8000000000000000\n"},
      {der::positive_integer(hex("00 00 ff 01")), "INTEGER :FF01\n"},
      {der::positive_integer({}), "INTEGER :00\n"},
      {der::oid(Oid("1.3.6.1.4.1.311.12.1.1")), "OBJECT :1.3.6.1.4.1.311.12.1.1\n"},
      {der::oid(Oid("2.999.4294967296")), "OBJECT :2.999.4294967296\n"},
      {der::octet_string(hex("00 ff 10")), "OCTET STRING [HEX DUMP]:00FF10\n"},
      {der::bit_string(hex("a0"), 5), "BIT STRING\n"},
      {der::null(), "NULL\n"},
      {der::utf8_string("Zürich"), "UTF8STRING :Zürich\n"},
      {der::printable_string("Example (Test) CA"), "PRINTABLESTRING :Example (Test) CA\n"},
      {der::ia5_string("http://a.example/?x=1&y"), "IA5STRING :http://a.example/?x=1&y\n"},
      {der::utc_time(at("2026-11-21T17:36:05Z")), "UTCTIME :261121173605Z\n"},
      {der::generalized_time(at("2050-01-01")), "GENERALIZEDTIME :20500101000000Z\n"},
      {der::sequence({der::null(), der::boolean(true)}), "SEQUENCE\nNULL\nBOOLEAN :255\n"},
      {der::constructed(der::context_constructed(3), {der::null()}), "cont [ 3 ]\nNULL\n"},
      {der::element(der::context(1), view("ab")), "cont [ 1 ]\n"},
      {der::set_of({der::integer(2), der::integer(1)}), "SET\nINTEGER :01\nINTEGER :02\n"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.shown) {
      CHECK(seen_by_openssl(row.der) == row.shown);
    }
}

TEST_CASE("lengths are written in as few octets as they need", "[der]") {
  const std::pair<std::size_t, const char*> rows[] = {
      {0, "0400"},         {1, "0401"},           {127, "047f"},
      {128, "048180"},     {255, "0481ff"},       {256, "04820100"},
      {65535, "0482ffff"}, {65536, "0483010000"}, {16777216, "048401000000"},
  };
  for (const auto& [length, header] : rows) {
    const Bytes der = der::octet_string(Bytes(length));
    CHECK(to_hex(BytesView(der).first(der.size() - length)) == header);
    CHECK(der::Reader(der, "x").octet_string().size() == length);
  }
}

TEST_CASE("a SET OF is sorted by encoding", "[der]") {
  const Bytes long_one = der::octet_string(hex("0000"));
  const Bytes short_one = der::octet_string(hex("ff"));
  CHECK(to_hex(der::set_of({long_one, der::null(), short_one})) ==
        "3109"
        "0401ff"
        "04020000"
        "0500");
  CHECK(to_hex(der::set_of({})) == "3100");
}

TEST_CASE("named bits lose their trailing zeros", "[der]") {
  const std::pair<std::uint32_t, const char*> rows[] = {
      {0, "030100"},                      // No bit.
      {1u << 0, "03020780"},              // digitalSignature
      {1u << 5 | 1u << 6, "03020106"},    // keyCertSign, cRLSign
      {1u << 0 | 1u << 8, "0303078080"},  // digitalSignature, decipherOnly
      {1u << 7, "03020001"},
      {1u << 31, "03050000000001"},
  };
  for (const auto& [bits, der] : rows) CHECK(to_hex(der::named_bits(bits)) == der);
}

TEST_CASE("unused bits are written as zero", "[der]") {
  CHECK(to_hex(der::bit_string(hex("ff"), 3)) == "030203f8");
  CHECK_THROWS_WITH(der::bit_string({}, 1), "BIT STRING with 1 unused bits");
  CHECK_THROWS_WITH(der::bit_string(hex("ff"), 8), "BIT STRING with 8 unused bits");
}

TEST_CASE("times change their type in 2050, as RFC 5280 demands", "[der]") {
  CHECK(text(der::Reader(der::time(at("2049-12-31T23:59:59Z")), "x").next().content) ==
        "491231235959Z");
  CHECK(text(der::Reader(der::time(at("2050-01-01")), "x").next().content) == "20500101000000Z");
  CHECK(text(der::Reader(der::time(at("1950-01-01")), "x").next().content) == "500101000000Z");
  CHECK(text(der::Reader(der::time(at("1949-12-31")), "x").next().content) == "19491231000000Z");
  CHECK_THROWS_WITH(der::utc_time(at("2050-01-01")), "the year 2050 does not fit a UTCTime");
  CHECK_THROWS_WITH(der::generalized_time(at("9999-12-31T23:59:59Z") + std::chrono::seconds(1)),
                    "the year 10000 does not fit a GeneralizedTime");
}

TEST_CASE("strings that do not fit their type are refused", "[der]") {
  CHECK_THROWS_WITH(der::printable_string("a@b"), "'a@b' does not fit a PrintableString");
  CHECK_THROWS_WITH(der::ia5_string("Zürich"), "'Zürich' does not fit an IA5String");
  CHECK_THROWS_WITH(der::utf8_string("\xff"), "'\\xff' does not fit a UTF8String");
  CHECK(to_hex(der::bmp_string("€A")) == "1e0420ac0041");
  CHECK_THROWS_WITH(der::oid(Oid()), "an empty OID cannot be written");
}
