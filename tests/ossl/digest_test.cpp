#include "ossl/digest.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <thread>

#include "base/error.h"
#include "hex.h"

using namespace sealwright;
using namespace sealwright::ossl;

namespace {
const Digest all[] = {Digest::md5, Digest::sha1, Digest::sha256, Digest::sha384, Digest::sha512};
}

TEST_CASE("digests give the published values", "[digest]") {
  // RFC 1321, A.5 and FIPS 180-2, appendices A to D: "abc".
  const std::pair<Digest, const char*> rows[] = {
      {Digest::md5, "900150983cd24fb0d6963f7d28e17f72"},
      {Digest::sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
      {Digest::sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {Digest::sha384,
       "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
       "8086072ba1e7cc2358baeca134c825a7"},
      {Digest::sha512,
       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
       "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
  };
  for (const auto& [digest, expected] : rows) DYNAMIC_SECTION(to_text(digest)) {
      CHECK(to_hex(hash(digest, view("abc"))) == expected);
      CHECK(size_of(digest) == std::string(expected).size() / 2);
      Hasher hasher(digest);
      hasher.update(view("a"));
      hasher.update({});
      hasher.update(view("bc"));
      CHECK(to_hex(hasher.finish()) == expected);
    }
}

TEST_CASE("openssl agrees on long input", "[digest][oracle]") {
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: openssl is not installed");
    return;
  }
  const std::string input(300'000, 'x');
  for (const Digest digest : all) {
    const std::string out =
        test::openssl({"dgst", "-r", fmt::format("-{}", to_text(digest))}, input);
    CHECK(out.substr(0, out.find(' ')) == to_hex(hash(digest, view(input))));
  }
}

TEST_CASE("a digest is used up by finish", "[digest]") {
  Hasher hasher(Digest::sha256);
  hasher.finish();
  CHECK_THROWS_WITH(hasher.finish(), "a digest is used after its end");
  CHECK_THROWS_WITH(hasher.update(view("x")), "a digest is used after its end");
  Hasher moved = std::move(Hasher(Digest::sha1));
  CHECK(to_hex(moved.finish()) == to_hex(hash(Digest::sha1, {})));
}

TEST_CASE("digests are found by any usual name", "[digest]") {
  CHECK(digest_by_name("sha256") == Digest::sha256);
  CHECK(digest_by_name("SHA-256") == Digest::sha256);
  CHECK(digest_by_name("Sha1") == Digest::sha1);
  CHECK(digest_by_name("MD5") == Digest::md5);
  CHECK(digest_by_name("sha-512") == Digest::sha512);
  for (const char* unknown : {"", "sha", "sha2", "sha-", "sha3-256", "sha256 ", "sha224"})
    CHECK_FALSE(digest_by_name(unknown));
  for (const Digest digest : all) {
    CHECK(digest_by_name(to_text(digest)) == digest);
    CHECK(digest_by_oid(oid_of(digest)) == digest);
  }
  CHECK(oid_of(Digest::sha256).text() == "2.16.840.1.101.3.4.2.1");
  CHECK_FALSE(digest_by_oid(Oid("1.2.3")));
}

TEST_CASE("digests may be made from several threads", "[digest]") {
  std::vector<std::thread> threads;
  std::vector<Bytes> results(8);
  for (std::size_t i = 0; i < results.size(); ++i)
    threads.emplace_back([&results, i] {
      for (int n = 0; n < 200; ++n) results[i] = hash(all[n % 5], view("abc"));
    });
  for (auto& thread : threads) thread.join();
  for (const Bytes& result : results) CHECK(result == hash(all[199 % 5], view("abc")));
}
