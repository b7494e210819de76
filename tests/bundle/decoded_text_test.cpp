#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/readers.h"

using namespace sealwright;

TEST_CASE("decoded_text goes by the mark, and without one by what can be", "[bundle]") {
  struct Row {
    const char* name;
    Bytes bytes;
    const char* text;
  };
  const Row rows[] = {
      {"nothing", {}, ""},
      {"ASCII", {'a', '\r', '\n'}, "a\r\n"},
      {"UTF-8 with a mark", {0xef, 0xbb, 0xbf, 0xc3, 0xa4}, "\xc3\xa4"},
      {"UTF-8", {0xc3, 0xa4}, "\xc3\xa4"},
      {"Windows-1252", {0xe4, 0x91}, "\xc3\xa4\xe2\x80\x98"},
      {"UTF-16LE", {0xff, 0xfe, 'a', 0, 0x18, 0x20}, "a\xe2\x80\x98"},
      {"UTF-16BE", {0xfe, 0xff, 0, 'a'}, "a"},
      {"a mark alone", {0xff, 0xfe}, ""},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(bundle::decoded_text(row.bytes) == row.text);
    }
}

TEST_CASE("decoded_text refuses what is no text", "[bundle]") {
  struct Row {
    const char* name;
    Bytes bytes;
    const char* message;
  };
  const Row rows[] = {
      {"half a character of UTF-16", {0xff, 0xfe, 'a'}, "UTF-16"},
      {"an unpaired surrogate", {0xff, 0xfe, 0x00, 0xd8}, "UTF-16"},
      {"a UTF-8 mark before something else", {0xef, 0xbb, 0xbf, 0xff}, "not UTF-8"},
      {"NUL", {'a', '\n', 0}, "line 2: a NUL character, which no text holds"},
      {"NUL in UTF-16", {0xfe, 0xff, 0, 0}, "line 1: a NUL character, which no text holds"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(bundle::decoded_text(row.bytes), Catch::Contains(row.message));
    }
}
