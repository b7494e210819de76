#include "ossl/failure.h"

#include <openssl/err.h>

#include <catch2/catch.hpp>

#include "hex.h"
#include "ossl/key.h"
#include "ossl/legacy.h"
#include "ossl/random.h"

using namespace sealwright;
using namespace sealwright::ossl;

TEST_CASE("a failure carries OpenSSL's reasons, outermost first, and empties the queue",
          "[failure]") {
  ERR_raise_data(ERR_LIB_USER, ERR_R_INTERNAL_ERROR, "the inner reason");
  ERR_raise_data(ERR_LIB_USER, ERR_R_MALLOC_FAILURE, "the outer reason");
  const Error error = failure(Error::Kind::crypto, "nothing works", "try again");
  CHECK(error.kind == Error::Kind::crypto);
  CHECK(error.message == "nothing works");
  CHECK(error.hint == "try again");
  REQUIRE(error.causes.size() == 2);
  CHECK_THAT(error.causes[0], Catch::EndsWith("the outer reason"));
  CHECK_THAT(error.causes[1], Catch::EndsWith("the inner reason"));
  CHECK(ERR_peek_error() == 0);
  CHECK(failure(Error::Kind::io, "x").causes.empty());
}

TEST_CASE("legacy algorithms are there as long as the guard lives", "[legacy]") {
  const auto rc4 = [] { return Ptr<EVP_CIPHER>(EVP_CIPHER_fetch(nullptr, "RC4", nullptr)); };
  CHECK_FALSE(rc4());
  {
    const LegacyAlgorithms legacy;
    CHECK(rc4());
    CHECK(hash(Digest::sha256, {}).size() == 32);
    {
      const LegacyAlgorithms nested;
      CHECK(rc4());
    }
    CHECK(rc4());
  }
  CHECK_FALSE(rc4());
  ERR_clear_error();
  // The default provider is still there, for what is fetched anew.
  CHECK(Ptr<EVP_CIPHER>(EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr)));
  CHECK(PrivateKey::generate({KeyType::ed25519}).public_key().bits() == 256);
}

TEST_CASE("random bytes come from the given source", "[random]") {
  const Random counter = [](std::span<std::uint8_t> into) {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = std::uint8_t(i);
  };
  CHECK(to_hex(random_bytes(counter, 4)) == "00010203");
  const Bytes a = random_bytes(system_random(), 32), b = random_bytes(system_random(), 32);
  CHECK(a.size() == 32);
  CHECK(a != b);
  CHECK(random_bytes(system_random(), 0).empty());
}
