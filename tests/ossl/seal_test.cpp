#include "ossl/seal.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "hex.h"

using namespace sealwright;
using namespace sealwright::ossl;
using test::hex;

namespace {

/// A source that gives these bytes, once.
Random fixed(Bytes bytes) {
  return [bytes = std::move(bytes)](std::span<std::uint8_t> into) {
    REQUIRE(into.size() == bytes.size());
    std::copy(bytes.begin(), bytes.end(), into.begin());
  };
}

std::string octets(int from, int to) {
  Bytes bytes;
  for (int i = from; i <= to; ++i) bytes.push_back(std::uint8_t(i));
  return to_hex(bytes);
}

}  // namespace

TEST_CASE("sealing is AES-256-GCM as its authors published it", "[seal]") {
  struct Row {  // McGrew and Viega, The Galois/Counter Mode of Operation, appendix B.
    const char* name;
    std::string key, nonce, plain, associated, cipher, tag;
  };
  const std::string zeros(64, '0');
  const std::string key16 = "feffe9928665731c6d6a8f9467308308";
  const Row rows[] = {
      {"test case 13", zeros, zeros.substr(0, 24), "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
      {"test case 14", zeros, zeros.substr(0, 24), zeros.substr(0, 32), "",
       "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
      {"test case 16", key16 + key16, "cafebabefacedbaddecaf888",
       "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
       "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
       "feedfacedeadbeeffeedfacedeadbeefabaddad2",
       "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
       "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
       "76fc6ece0f4e1768cddf8853bb2d551b"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const Secret key(hex(row.key));
      const Bytes sealed = seal(key, hex(row.plain), hex(row.associated), fixed(hex(row.nonce)));
      CHECK(to_hex(sealed) == row.nonce + row.cipher + row.tag);
      CHECK(to_hex(unseal(key, sealed, hex(row.associated)).view()) == row.plain);
    }
}

TEST_CASE("what was changed in any byte does not open", "[seal]") {
  const Secret key(Bytes(32, 0x11));
  const Bytes sealed = seal(key, view("a secret"), view("row 1"), system_random());
  CHECK(unseal(key, sealed, view("row 1")).text() == "a secret");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    Bytes changed = sealed;
    changed[at] ^= 0x01;
    CHECK_THROWS_WITH(unseal(key, changed, view("row 1")), "does not open");
  }
  for (std::size_t length = 0; length < sealed.size(); ++length)
    CHECK_THROWS_WITH(unseal(key, BytesView(sealed).first(length), view("row 1")), "does not open");
  Bytes longer = sealed;
  longer.push_back(0);
  CHECK_THROWS_WITH(unseal(key, longer, view("row 1")), "does not open");
  CHECK_THROWS_WITH(unseal(key, sealed, view("row 2")), "does not open");
  CHECK_THROWS_WITH(unseal(key, sealed, {}), "does not open");
  CHECK_THROWS_WITH(unseal(Secret(Bytes(32, 0x12)), sealed, view("row 1")), "does not open");
}

TEST_CASE("a wrong key is a crypto error, a key of the wrong size too", "[seal]") {
  try {
    unseal(Secret(Bytes(32)), Bytes(40), {});
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::crypto);
  }
  CHECK_THROWS_WITH(seal(Secret(Bytes(16)), {}, {}, system_random()),
                    "a sealing key has 32 bytes, not 16");
  CHECK_THROWS_WITH(unseal(Secret(), Bytes(40), {}), "a sealing key has 32 bytes, not 0");
}

TEST_CASE("every sealing has its own nonce", "[seal]") {
  const Secret key(Bytes(32, 0x11));
  CHECK(seal(key, view("x"), {}, system_random()) != seal(key, view("x"), {}, system_random()));
}

TEST_CASE("scrypt gives the values of RFC 7914", "[seal]") {
  // Section 12. The first 32 bytes do not depend on how many are asked for.
  CHECK(to_hex(scrypt(Secret("password"), view("NaCl"), {1024, 8, 16}).view()) ==
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
  CHECK(to_hex(scrypt(Secret("pleaseletmein"), view("SodiumChloride"), {16384, 8, 1}).view()) ==
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
}

TEST_CASE("scrypt works at its default cost and on empty input", "[seal]") {
  const Secret a = scrypt(Secret("x"), view("salt"), {});
  CHECK(a.size() == 32);
  CHECK(scrypt(Secret(), {}, {1024, 1, 1}).size() == 32);
  CHECK(to_hex(scrypt(Secret(), {}, {1024, 1, 1}).view()) !=
        to_hex(scrypt(Secret("x"), {}, {1024, 1, 1}).view()));
}

TEST_CASE("scrypt costs out of bounds are refused", "[seal]") {
  const ScryptCost rows[] = {
      {0, 8, 1},    {512, 8, 1},   {1025, 8, 1}, {1u << 23, 8, 1}, {std::uint64_t{1} << 63, 8, 1},
      {1024, 0, 1}, {1024, 33, 1}, {1024, 8, 0}, {1024, 8, 17},
  };
  for (const ScryptCost& cost : rows) CHECK_THROWS_AS(scrypt(Secret("x"), {}, cost), Error);
  CHECK_THROWS_WITH(scrypt(Secret("x"), {}, {1025, 8, 1}),
                    "scrypt cost n=1025 r=8 p=1 is not supported");
}

TEST_CASE("hkdf gives the values of RFC 5869", "[seal]") {
  struct Row {
    const char* name;
    std::string key, salt, info, expected;
  };
  const Row rows[] = {
      {"A.1", std::string("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), octets(0x00, 0x0c),
       octets(0xf0, 0xf9), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"},
      {"A.2", octets(0x00, 0x4f), octets(0x60, 0xaf), octets(0xb0, 0xff),
       "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"},
      {"A.3, no salt and no info", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
       "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(to_hex(hkdf(Secret(hex(row.key)), hex(row.salt), text(hex(row.info))).view()) ==
            row.expected);
    }
}
