#include "base/bytes.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace sealwright;

TEST_CASE("each kind of error has its own exit code", "[base]") {
  using Kind = Error::Kind;
  const std::pair<Kind, int> rows[] = {
      {Kind::usage, 2},  {Kind::input, 3}, {Kind::policy, 4},    {Kind::state, 5},
      {Kind::crypto, 6}, {Kind::io, 7},    {Kind::internal, 70},
  };
  for (const auto& [kind, code] : rows) CHECK(exit_code(kind) == code);
}

TEST_CASE("with_prefix puts the file before the message and keeps the rest", "[base]") {
  Error error(Error::Kind::policy, "unknown key", "did you mean 'key'?");
  error.excerpt = "    1 | kye";
  error.causes = {"a cause"};
  const auto prefixed = with_prefix(error, "site.yaml:1:5");
  CHECK(prefixed.what() == std::string("site.yaml:1:5: unknown key"));
  CHECK(prefixed.kind == Error::Kind::policy);
  CHECK(prefixed.hint == "did you mean 'key'?");
  CHECK(prefixed.excerpt == "    1 | kye");
  CHECK(prefixed.causes == std::vector<std::string>{"a cause"});
}

TEST_CASE("numbers are written and read with the lowest byte first", "[base]") {
  Bytes bytes;
  put_u16le(bytes, 0x1234);
  put_u32le(bytes, 0xfedcba98);
  put_u64le(bytes, 0xfedcba9876543210);
  CHECK(bytes ==
        Bytes{0x34, 0x12, 0x98, 0xba, 0xdc, 0xfe, 0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe});
  CHECK(u16le(bytes) == 0x1234);
  CHECK(u32le(BytesView(bytes).subspan(2)) == 0xfedcba98);
  CHECK(u64le(BytesView(bytes).subspan(6)) == 0xfedcba9876543210);
}

TEST_CASE("append copes with a part of the bytes it grows", "[base]") {
  Bytes bytes{1, 2, 3};
  bytes.shrink_to_fit();
  append(bytes, BytesView(bytes).subspan(1));
  append(bytes, {});
  CHECK(bytes == Bytes{1, 2, 3, 2, 3});
  CHECK(text(view("a\0b")) == "a");
  CHECK(equal(bytes, copy(bytes)));
  CHECK_FALSE(equal(bytes, BytesView(bytes).first(4)));
}

TEST_CASE("ByteReader reads what is there and nothing past it", "[base]") {
  const Bytes bytes{1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9};
  ByteReader reader(bytes, "the header");
  CHECK(reader.u8() == 1);
  CHECK(reader.u16() == 2);
  CHECK(reader.u32() == 3);
  CHECK(reader.u64() == 4);
  CHECK(reader.position() == 15);
  CHECK(reader.left() == 1);
  const auto cut_short = [](const Error& error) {
    return error.kind == Error::Kind::input && error.message == "the header is cut short";
  };
  CHECK_THROWS_MATCHES(reader.u16(), Error, Catch::Predicate<Error>(cut_short));
  CHECK_THROWS_MATCHES(reader.take(SIZE_MAX), Error, Catch::Predicate<Error>(cut_short));
  CHECK_THROWS_MATCHES(reader.seek(17), Error, Catch::Predicate<Error>(cut_short));
  CHECK(reader.left() == 1);
  CHECK(reader.take(1)[0] == 9);
  CHECK(reader.at_end());
  CHECK(reader.take(0).empty());
  reader.seek(16);
  reader.seek(0);
  CHECK(reader.take(16).size() == 16);
}
