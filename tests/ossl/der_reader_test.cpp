#include "ossl/der.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "hex.h"

using namespace sealwright;
using namespace sealwright::ossl;
using test::hex;

namespace {

/// The message of the Error that `read` throws, or "accepted".
template <class Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::input);
    return error.message;
  }
  return "accepted";
}

template <class Read>
std::string refusal_of(const std::string& der, Read read) {
  const Bytes bytes = hex(der);
  return refusal([&] {
    der::Reader reader(bytes, "thing");
    read(reader);
    reader.end();
  });
}

struct Refused {
  const char* name;
  std::string der;
  const char* message;
};

}  // namespace

TEST_CASE("a reader refuses elements whose tag or length is not DER", "[der]") {
  const Refused rows[] = {
      {"nothing", "", "thing is malformed (an element is missing at offset 0)"},
      {"a tag alone", "30", "thing is malformed (cut short at offset 0)"},
      {"an indefinite length", "30 80 02 01 05 00 00",
       "thing is malformed (indefinite length at offset 0)"},
      {"end-of-contents", "00 00", "thing is malformed (end-of-contents at offset 0)"},
      {"a tag of two octets", "3f 21 00", "thing is malformed (tag of several octets at offset 0)"},
      {"the longest tag of one octet but one", "df 21 00",
       "thing is malformed (tag of several octets at offset 0)"},
      {"a long form for a short length", "04 81 01 ff",
       "thing is malformed (length is not minimal at offset 0)"},
      {"127 in the long form", "04 81 7f" + std::string(254, '0'),
       "thing is malformed (length is not minimal at offset 0)"},
      {"a leading zero in the length", "04 82 00 80" + std::string(256, '0'),
       "thing is malformed (length is not minimal at offset 0)"},
      {"a length cut short", "04 82 01", "thing is malformed (cut short at offset 0)"},
      {"a length past the end", "04 05 01 02 03 04",
       "thing is malformed (length past the end at offset 0)"},
      {"a length of 2^64 - 1", "04 88 ff ff ff ff ff ff ff ff",
       "thing is malformed (length past the end at offset 0)"},
      {"a length of nine octets", "04 89 01 00 00 00 00 00 00 00 00",
       "thing is malformed (length of too many octets at offset 0)"},
      {"the reserved length octet", "04 ff",
       "thing is malformed (length of too many octets at offset 0)"},
      {"something after the element", "05 00 05",
       "thing is malformed (something left over at offset 2)"},
  };
  for (const Refused& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(refusal_of(row.der, [](der::Reader& reader) { reader.next(); }) == row.message);
    }
}

TEST_CASE("an error names the offset in the outermost bytes", "[der]") {
  const Bytes der = hex("30 0a 02 01 01 30 05 a0 03 02 01 80");
  der::Reader outer(der, "list");
  der::Reader list = outer.enter(der::sequence_tag);
  CHECK(list.small_integer() == 1);
  der::Reader inner = list.enter(der::sequence_tag).enter(der::context_constructed(0));
  CHECK(refusal([&] { inner.boolean(); }) ==
        "list is malformed (tag 0x02 instead of 0x01 at offset 9)");
  CHECK(inner.small_integer() == -128);
  CHECK(refusal([&] { inner.next(); }) == "list is malformed (an element is missing at offset 12)");
  list.end();
  outer.end();
}

TEST_CASE("a reader takes elements as they come or as they are asked for", "[der]") {
  const Bytes der = hex("01 01 ff 05 00 a0 02 05 00");
  der::Reader reader(der, "thing");
  CHECK(reader.peek() == 0x01);
  CHECK_FALSE(reader.next_if(der::null_tag));
  const der::Element first = reader.next();
  CHECK(first.tag == der::boolean_tag);
  CHECK(to_hex(first.whole) == "0101ff");
  CHECK(to_hex(first.content) == "ff");
  CHECK(to_hex(reader.rest()) == "0500a0020500");
  CHECK(reader.next_if(der::null_tag));
  CHECK_FALSE(reader.enter_if(der::sequence_tag));
  auto inner = reader.enter_if(der::context_constructed(0));
  REQUIRE(inner);
  inner->null();
  inner->end();
  CHECK(reader.at_end());
  CHECK(reader.peek() == 0);
  CHECK_FALSE(reader.next_if(der::null_tag));
  CHECK_FALSE(reader.next_is(0));
}

TEST_CASE("INTEGERs are minimal two's complement", "[der]") {
  const auto read = [](der::Reader& reader) { reader.integer(); };
  CHECK(refusal_of("02 00", read) == "thing is malformed (empty INTEGER at offset 0)");
  CHECK(refusal_of("02 02 00 7f", read) ==
        "thing is malformed (INTEGER is not minimal at offset 0)");
  CHECK(refusal_of("02 02 ff 80", read) ==
        "thing is malformed (INTEGER is not minimal at offset 0)");
  CHECK(refusal_of("02 02 00 80", read) == "accepted");
  CHECK(refusal_of("02 02 ff 7f", read) == "accepted");

  const std::pair<const char*, std::int64_t> rows[] = {
      {"020100", 0},
      {"02017f", 127},
      {"02020080", 128},
      {"020180", -128},
      {"0201ff", -1},
      {"0202ff7f", -129},
      {"02087fffffffffffffff", INT64_MAX},
      {"02088000000000000000", INT64_MIN},
  };
  for (const auto& [der, value] : rows) {
    const Bytes bytes = hex(der);
    CHECK(der::Reader(bytes, "thing").small_integer() == value);
    CHECK(to_hex(der::integer(value)) == der);
  }
  CHECK(refusal_of("02 09 00 80 00 00 00 00 00 00 00", [](der::Reader& reader) {
          reader.small_integer();
        }) == "thing is malformed (INTEGER is too large at offset 0)");
}

TEST_CASE("values that have several spellings in BER have one here", "[der]") {
  const auto boolean = [](der::Reader& reader) { reader.boolean(); };
  CHECK(refusal_of("01 01 01", boolean) ==
        "thing is malformed (BOOLEAN is neither 00 nor ff at offset 0)");
  CHECK(refusal_of("01 00", boolean) ==
        "thing is malformed (BOOLEAN is neither 00 nor ff at offset 0)");
  CHECK(refusal_of("01 02 ff ff", boolean) ==
        "thing is malformed (BOOLEAN is neither 00 nor ff at offset 0)");
  CHECK(refusal_of("01 01 ff", boolean) == "accepted");
  CHECK(refusal_of("05 01 00", [](der::Reader& reader) { reader.null(); }) ==
        "thing is malformed (NULL is not empty at offset 0)");
  // A constructed OCTET STRING, as BER allows it.
  CHECK(refusal_of("24 04 04 02 01 02", [](der::Reader& reader) { reader.octet_string(); }) ==
        "thing is malformed (tag 0x24 instead of 0x04 at offset 0)");
}

TEST_CASE("BIT STRINGs are whole octets unless asked otherwise", "[der]") {
  const auto whole = [](der::Reader& reader) { reader.bit_string(); };
  const auto any = [](der::Reader& reader) {
    int unused = 0;
    reader.bit_string(&unused);
  };
  CHECK(refusal_of("03 00", whole) == "thing is malformed (empty BIT STRING at offset 0)");
  CHECK(refusal_of("03 02 04 f0", whole) ==
        "thing is malformed (BIT STRING is not whole octets at offset 0)");
  CHECK(refusal_of("03 02 08 00", any) ==
        "thing is malformed (BIT STRING with impossible unused bits at offset 0)");
  CHECK(refusal_of("03 01 01", any) ==
        "thing is malformed (BIT STRING with impossible unused bits at offset 0)");
  CHECK(refusal_of("03 02 04 f8", any) ==
        "thing is malformed (BIT STRING whose unused bits are not zero at offset 0)");
  const Bytes bytes = hex("03 02 04 f0");
  int unused = 0;
  CHECK(to_hex(der::Reader(bytes, "thing").bit_string(&unused)) == "f0");
  CHECK(unused == 4);
}

TEST_CASE("OBJECT IDENTIFIERs are read as X.690, 8.19 writes them", "[der]") {
  const std::pair<const char*, const char*> good[] = {
      {"06 03 55 04 03", "2.5.4.3"},
      {"06 01 00", "0.0"},
      {"06 01 27", "0.39"},
      {"06 01 28", "1.0"},
      {"06 01 7f", "2.47"},
      {"06 03 88 37 03", "2.999.3"},  // The example of X.690.
      {"06 0a 2b 06 01 04 01 82 37 0c 01 01", "1.3.6.1.4.1.311.12.1.1"},
      {"06 0a 2b ff ff ff ff ff ff ff ff 7f", "1.3.9223372036854775807"},
      {"06 0a 81 80 80 80 80 80 80 80 80 4f", "2.9223372036854775807"},
  };
  for (const auto& [der, text] : good) DYNAMIC_SECTION(text) {
      const Bytes bytes = hex(der);
      CHECK(der::Reader(bytes, "thing").oid().text() == text);
      CHECK(to_hex(der::oid(Oid(text))) == to_hex(bytes));
    }
  const Refused bad[] = {
      {"empty", "06 00", "empty OBJECT IDENTIFIER"},
      {"a first octet 0x80", "06 02 80 01", "OBJECT IDENTIFIER arc is not minimal"},
      {"a later arc that starts with 0x80", "06 03 55 80 03",
       "OBJECT IDENTIFIER arc is not minimal"},
      {"cut short in an arc", "06 02 55 84", "OBJECT IDENTIFIER is cut short"},
      {"an arc of 2^63", "06 0b 2b 81 80 80 80 80 80 80 80 80 00",
       "OBJECT IDENTIFIER arc is too large"},
      {"a second arc of 2^63", "06 0a 81 80 80 80 80 80 80 80 80 50",
       "OBJECT IDENTIFIER arc is too large"},
      {"an arc of 2^64 and more", "06 0c 2b 8f ff ff ff ff ff ff ff ff ff 7f",
       "OBJECT IDENTIFIER arc is too large"},
      {"65 arcs", "06 40" + std::string(128, '1'), "OBJECT IDENTIFIER has too many arcs"},
  };
  for (const Refused& row : bad) DYNAMIC_SECTION(row.name) {
      CHECK(refusal_of(row.der, [](der::Reader& reader) { reader.oid(); }) ==
            std::string("thing is malformed (") + row.message + " at offset 0)");
    }
  CHECK(refusal([] { der::oid_from_content(hex("80"), "thing"); }) ==
        "thing is malformed (OBJECT IDENTIFIER arc is not minimal)");
}

namespace {
std::string element_of(std::uint8_t tag, std::string_view text) {
  return to_hex(der::element(tag, view(text)));
}
}  // namespace

TEST_CASE("times are read as RFC 5280, 4.1.2.5 allows them", "[der]") {
  struct Row {
    std::uint8_t tag;
    const char* text;
    const char* iso;  ///< Null where it is refused.
  };
  const Row rows[] = {
      {der::utc_time_tag, "261121173605Z", "2026-11-21T17:36:05Z"},
      {der::utc_time_tag, "491231235959Z", "2049-12-31T23:59:59Z"},
      {der::utc_time_tag, "500101000000Z", "1950-01-01T00:00:00Z"},
      {der::utc_time_tag, "000229000000Z", "2000-02-29T00:00:00Z"},
      {der::utc_time_tag, "010229000000Z", nullptr},
      {der::utc_time_tag, "261301000000Z", nullptr},
      {der::utc_time_tag, "260001000000Z", nullptr},
      {der::utc_time_tag, "260100000000Z", nullptr},
      {der::utc_time_tag, "260431000000Z", nullptr},
      {der::utc_time_tag, "260101240000Z", nullptr},
      {der::utc_time_tag, "260101006000Z", nullptr},
      {der::utc_time_tag, "260101000060Z", nullptr},
      {der::utc_time_tag, "2611211736Z", nullptr},
      {der::utc_time_tag, "261121173605", nullptr},
      {der::utc_time_tag, "261121173605+0000", nullptr},
      {der::utc_time_tag, "26112117360 Z", nullptr},
      {der::utc_time_tag, "-61121173605Z", nullptr},
      {der::utc_time_tag, "", nullptr},
      {der::generalized_time_tag, "20501231235959Z", "2050-12-31T23:59:59Z"},
      {der::generalized_time_tag, "99991231235959Z", "9999-12-31T23:59:59Z"},
      {der::generalized_time_tag, "20261121173605Z", "2026-11-21T17:36:05Z"},
      {der::generalized_time_tag, "20261121173605.5Z", nullptr},
      {der::generalized_time_tag, "202611211736Z", nullptr},
      {der::generalized_time_tag, "20261121173605", nullptr},
      {der::generalized_time_tag, "21000229000000Z", nullptr},
      {der::octet_string_tag, "261121173605Z", nullptr},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.text) {
      const Bytes der = der::element(row.tag, view(row.text));
      der::Reader reader(der, "thing");
      if (row.iso)
        CHECK(to_iso(reader.time()) == row.iso);
      else
        CHECK_THROWS_AS(reader.time(), Error);
    }
  const auto time = [](der::Reader& reader) { reader.time(); };
  CHECK(refusal_of(element_of(der::utc_time_tag, "2611211736Z"), time) ==
        "thing is malformed (UTCTime is not YYMMDDHHMMSSZ at offset 0)");
  CHECK(refusal_of(element_of(der::generalized_time_tag, "x"), time) ==
        "thing is malformed (GeneralizedTime is not YYYYMMDDHHMMSSZ at offset 0)");
  CHECK(refusal_of(element_of(der::utc_time_tag, "260230000000Z"), time) ==
        "thing is malformed (a time that does not exist at offset 0)");
}

TEST_CASE("a timestamp's time may have a fraction, which is dropped", "[der]") {
  const auto read = [](const char* text) {
    const Bytes der = der::element(der::generalized_time_tag, view(text));
    return der::Reader(der, "thing").time_with_fraction();
  };
  CHECK(to_iso(read("20261121173605Z")) == "2026-11-21T17:36:05Z");
  CHECK(to_iso(read("20261121173605.5Z")) == "2026-11-21T17:36:05Z");
  CHECK(to_iso(read("20261121173605.034001Z")) == "2026-11-21T17:36:05Z");
  for (const char* bad : {"20261121173605.Z", "20261121173605.50Z", "20261121173605,5Z",
                          "20261121173605.5", "2026112117360x.5Z", "20261121173665.5Z"})
    CHECK_THROWS_AS(read(bad), Error);
}

TEST_CASE("strings of every type become UTF-8", "[der]") {
  struct Row {
    const char* name;
    std::string der;
    const char* text;  ///< Or the reason of the refusal.
    bool accepted;
  };
  const Row rows[] = {
      {"UTF8String", "0c 07 5a c3 bc 72 69 63 68", "Zürich", true},
      {"PrintableString", "13 02 41 40", "A@", true},
      {"NumericString", "12 01 31", "1", true},
      {"VisibleString", "1a 01 61", "a", true},
      {"IA5String", "16 03 61 40 62", "a@b", true},
      {"TeletexString, read as Latin-1", "14 02 fc 61", "üa", true},
      {"BMPString", "1e 04 20 ac 00 41", "€A", true},
      {"UniversalString", "1c 08 00 01 f6 00 00 00 00 41", "😀A", true},
      {"overlong UTF-8", "0c 02 c0 af", "UTF8String is not valid", false},
      {"a surrogate in UTF-8", "0c 03 ed a0 80", "UTF8String is not valid", false},
      {"UTF-8 cut short", "0c 02 e2 82", "UTF8String is not valid", false},
      {"an odd BMPString", "1e 03 00 41 00", "BMPString of odd length", false},
      {"a lone surrogate in a BMPString", "1e 02 d8 00", "BMPString is not valid", false},
      {"an odd UniversalString", "1c 03 00 00 41", "UniversalString of odd length", false},
      {"a UniversalString past Unicode", "1c 04 00 11 00 00", "UniversalString is not valid",
       false},
      {"a surrogate in a UniversalString", "1c 04 00 00 d8 00", "UniversalString is not valid",
       false},
      {"8 bits in an IA5String", "16 01 e4", "8-bit characters in a 7-bit string", false},
      {"8 bits in a PrintableString", "13 01 e4", "8-bit characters in a 7-bit string", false},
      {"an OCTET STRING", "04 01 41", "tag 0x04 instead of a string", false},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const Bytes der = hex(row.der);
      der::Reader reader(der, "thing");
      if (row.accepted) {
        CHECK(reader.string() == row.text);
        CHECK(der::string_of(der::Reader(der, "x").next(), "x") == row.text);
        continue;
      }
      CHECK(refusal([&] { reader.string(); }) ==
            std::string("thing is malformed (") + row.text + " at offset 0)");
      CHECK(refusal([&] { der::string_of(der::Reader(der, "x").next(), "name"); }) ==
            std::string("name is malformed (") + row.text + ")");
    }
}

TEST_CASE("only_element refuses what is not exactly one element", "[der]") {
  CHECK(to_hex(der::only_element(hex("30020500"), der::sequence_tag, "thing").content) == "0500");
  CHECK(refusal([] { der::only_element(hex("3000 00"), der::sequence_tag, "thing"); }) ==
        "thing is malformed (something left over at offset 2)");
  CHECK(refusal([] { der::only_element(hex("3100"), der::sequence_tag, "thing"); }) ==
        "thing is malformed (tag 0x31 instead of 0x30 at offset 0)");
}

TEST_CASE("ten megabytes of small elements are read without copies", "[der]") {
  const Bytes member =
      der::sequence({der::oid(Oid("1.3.6.1.4.1.311.12.1.2")), der::octet_string(Bytes(64, 0xab))});
  Bytes content;
  while (content.size() < 10'000'000) append(content, member);
  const Bytes list = der::element(der::sequence_tag, content);
  der::Reader outer(list, "list");
  der::Reader reader = outer.enter(der::sequence_tag);
  std::size_t count = 0, inside = 0;
  while (!reader.at_end()) {
    der::Reader inner = reader.enter(der::sequence_tag);
    inner.next(der::oid_tag);
    const BytesView hash = inner.octet_string();
    inner.end();
    inside += hash.data() > list.data() && hash.data() < list.data() + list.size();
    ++count;
  }
  CHECK(count == content.size() / member.size());
  CHECK(inside == count);
}
