#include "base/encoding.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "support.h"

using namespace sealwright;
using namespace std::string_literals;

namespace {

Bytes bytes_of(std::size_t count) {
  Bytes bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 37 + 11));
  return bytes;
}

}  // namespace

TEST_CASE("hex is read in either case and nothing else with it", "[encoding]") {
  CHECK(to_hex(Bytes{0, 0x1f, 0xa0, 0xff}) == "001fa0ff");
  CHECK(to_hex_upper(Bytes{0, 0x1f, 0xa0, 0xff}) == "001FA0FF");
  CHECK(from_hex("001fA0Ff") == Bytes{0, 0x1f, 0xa0, 0xff});
  CHECK(from_hex("") == Bytes{});
  for (const char* bad : {"0", "0g", "g0", "00 11", "0x11", "00:11", "-1", "+1", "00\n", "０0"})
    CHECK_FALSE(from_hex(bad));
  CHECK_FALSE(from_hex("00\0\0"s));
}

TEST_CASE("base64 keeps to RFC 4648", "[encoding]") {
  // Section 10 of the RFC.
  const std::pair<const char*, const char*> rows[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, coded] : rows) {
    CHECK(to_base64(view(plain)) == coded);
    CHECK(from_base64(coded) == copy(view(plain)));
  }
  CHECK(to_base64(Bytes{0xfb, 0xff, 0xfe}) == "+//+");
  CHECK(from_base64(" Zm\r\n9v\tYg =\f=\v") == copy(view("foob")));
}

TEST_CASE("base64 with anything wrong in it gives nothing", "[encoding]") {
  for (const char* bad :
       {"Z", "Zg", "Zg=", "Zg===", "Zm8", "Zm8==", "Zm9v=", "Zm9v==", "=",
        "==", "====", "Zg==Zg==", "Zg=a", "Zm9-", "Zm9_", "Zm9v!", "Zh==", "Zm9=", "Zm\xc3\xa9"}) {
    CAPTURE(bad);
    CHECK_FALSE(from_base64(bad));
  }
  CHECK_FALSE(from_base64("Zm9v\0"s));
}

TEST_CASE("base64 agrees with the base64 program", "[encoding]") {
  if (!test::have_program("base64")) {
    WARN("SKIPPED: no base64 program");
    return;
  }
  for (const std::size_t count : {1, 2, 3, 57, 300, 4001}) {
    const auto bytes = bytes_of(count);
    const auto theirs = test::run({"base64", "-w", "64"}, text(bytes)).out;
    CHECK(from_base64(theirs) == bytes);
    CHECK(test::run({"base64", "-d"}, to_base64(bytes)).out == text(bytes));
  }
}

TEST_CASE("is_utf8 accepts every scalar value in its shortest form only", "[encoding]") {
  for (const auto& good : {""s, "a"s, "\0"s, "\x7f"s, "\u0080"s, "\u07ff"s, "\u0800"s, "\ud7ff"s,
                           "\ue000"s, "\uffff"s, "\U00010000"s, "\U0010ffff"s, "aé€😀"s})
    CHECK(is_utf8(good));
  for (const auto& bad : {"\x80"s,
                          "\xbf"s,
                          "\xc0\x80"s,
                          "\xc1\xbf"s,
                          "\xc2"s,
                          "\xc2\x41"s,
                          "\xe0\x80\x80"s,
                          "\xe0\x9f\xbf"s,
                          "\xe2\x82"s,
                          "\xed\xa0\x80"s,
                          "\xed\xbf\xbf"s,
                          "\xf0\x80\x80\x80"s,
                          "\xf0\x8f\xbf\xbf"s,
                          "\xf0\x9f\x98"s,
                          "\xf4\x90\x80\x80"s,
                          "\xf5\x80\x80\x80"s,
                          "\xf8\x88\x80\x80\x80"s,
                          "\xfe"s,
                          "\xff"s,
                          "ok\xffok"s,
                          "\xe2\x82\x41"s})
    CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("append_utf8 and next_code_point undo each other for every scalar value", "[encoding]") {
  std::size_t wrong = 0;
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    std::string utf8;
    append_utf8(utf8, c);
    std::size_t at = 0;
    if (next_code_point(utf8, at) != c || at != utf8.size()) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("UTF-16 is written in both orders, with surrogate pairs", "[encoding]") {
  CHECK(utf16le("aé€😀") == Bytes{0x61, 0, 0xe9, 0, 0xac, 0x20, 0x3d, 0xd8, 0x00, 0xde});
  CHECK(utf16be("aé€😀") == Bytes{0, 0x61, 0, 0xe9, 0x20, 0xac, 0xd8, 0x3d, 0xde, 0x00});
  CHECK(utf16le("\0"s) == Bytes{0, 0});
  CHECK(utf16le("").empty());
  const auto edges = "\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufeff\uffff\U00010000\U0010ffff"s;
  CHECK(from_utf16le(utf16le(edges)) == edges);
  CHECK(from_utf16be(utf16be(edges)) == edges);
  CHECK_THROWS_WITH(utf16le("ab\xff"), "not UTF-8 text at byte 2: '\\xff'");
  CHECK_THROWS_WITH(utf16be("\xed\xa0\x80"), "not UTF-8 text at byte 0: '\\xed\\xa0\\x80'");
}

TEST_CASE("UTF-16 agrees with iconv", "[encoding]") {
  if (!test::have_program("iconv")) {
    WARN("SKIPPED: no iconv program");
    return;
  }
  const std::string sample = "Ünïcode – “naïve” 日本語 \U0001f512 \U0010fffd\r\n";
  CHECK(test::run({"iconv", "-f", "UTF-8", "-t", "UTF-16LE"}, sample).out == text(utf16le(sample)));
  CHECK(test::run({"iconv", "-f", "UTF-8", "-t", "UTF-16BE"}, sample).out == text(utf16be(sample)));
  std::string all_defined;
  for (int byte = 1; byte < 256; ++byte)
    if (byte != 0x81 && byte != 0x8d && byte != 0x8f && byte != 0x90 && byte != 0x9d)
      all_defined += static_cast<char>(byte);
  CHECK(test::run({"iconv", "-f", "WINDOWS-1252", "-t", "UTF-8"}, all_defined).out ==
        from_windows1252(all_defined));
}

TEST_CASE("UTF-16 that no text can be is refused", "[encoding]") {
  struct Row {
    Bytes bytes;
    const char* message;
  };
  const Row rows[] = {
      {{0x61}, "not UTF-16 text: an odd number of bytes"},
      {{0x61, 0, 0x61}, "not UTF-16 text: an odd number of bytes"},
      {{0x61, 0, 0x3d, 0xd8}, "not UTF-16 text: an unpaired surrogate at byte 2"},
      {{0x3d, 0xd8, 0x61, 0}, "not UTF-16 text: an unpaired surrogate at byte 0"},
      {{0x00, 0xde}, "not UTF-16 text: an unpaired surrogate at byte 0"},
      {{0x00, 0xde, 0x3d, 0xd8}, "not UTF-16 text: an unpaired surrogate at byte 0"},
      {{0x3d, 0xd8, 0x3d, 0xd8, 0, 0xde}, "not UTF-16 text: an unpaired surrogate at byte 0"},
  };
  for (const Row& row : rows) CHECK_THROWS_WITH(from_utf16le(row.bytes), row.message);
}

TEST_CASE("Windows-1252 bytes without a character stand for themselves", "[encoding]") {
  CHECK(from_windows1252("a\x80\x81\x9f\xe9\xff") == "a€\u0081Ÿéÿ");
  CHECK(is_utf8(from_windows1252("\x81\x8d\x8f\x90\x9d")));
}

TEST_CASE("letter case is ASCII's alone", "[encoding]") {
  CHECK(ascii_lower("AbZ[@É") == "abz[@É");
  CHECK(ascii_upper("aBz{`é") == "ABZ{`é");
  CHECK(equal_ignoring_case("Driver.SYS", "dRIVER.sys"));
  CHECK_FALSE(equal_ignoring_case("É", "é"));
  CHECK_FALSE(equal_ignoring_case("[", "{"));
  CHECK_FALSE(equal_ignoring_case("a", "ab"));
}

TEST_CASE("printable leaves nothing that steers a terminal", "[encoding]") {
  const std::pair<std::string, const char*> rows[] = {
      {"plain 'text' é 日本 😀", "plain 'text' é 日本 😀"},
      {"\x1b[2J\r\n\t", "\\x1b[2J\\x0d\\x0a\\x09"},
      {"\0\x7f"s, "\\x00\\x7f"},
      {"\u009b31m\u0080", "\\u{009b}31m\\u{0080}"},
      {"evil\u202egpj.exe\u2066", "evil\\u{202e}gpj.exe\\u{2066}"},
      {"\u200e\u200f\u061c\u2028\ufeff\u200b\u2060",
       "\\u{200e}\\u{200f}\\u{061c}\\u{2028}\\u{feff}\\u{200b}\\u{2060}"},
      {"\U000e0041", "\\u{e0041}"},
      {"a\xff\xe2\x82z\xed\xa0\x80", "a\\xff\\xe2\\x82z\\xed\\xa0\\x80"},
  };
  for (const auto& [from, shown] : rows) CHECK(printable(from) == shown);
}

TEST_CASE("printable stops between characters and says so", "[encoding]") {
  CHECK(printable("abcdef", 6) == "abcdef");
  CHECK(printable("abcdef", 5) == "abcde…");
  CHECK(printable("ab€", 4) == "ab…");
  CHECK(printable("ab\x01", 5) == "ab…");
  CHECK(printable("", 0) == "");
  CHECK(printable("a", 0) == "…");
  CHECK(printable(std::string(201, 'x')) == std::string(200, 'x') + "…");
}
