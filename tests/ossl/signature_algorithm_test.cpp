#include <catch2/catch.hpp>

#include "base/error.h"
#include "hex.h"
#include "ossl/der.h"
#include "ossl/key.h"

using namespace sealwright;
using namespace sealwright::ossl;
using test::hex;

TEST_CASE("algorithm identifiers are written as their RFCs say and read back", "[key]") {
  struct Row {
    SignatureAlgorithm algorithm;
    const char* text;
    std::string der;
  };
  const std::string rsa = "300d06092a864886f70d0101";
  const Row rows[] = {
      {{Scheme::rsa_pkcs1, Digest::md5}, "md5WithRSAEncryption", rsa + "040500"},
      {{Scheme::rsa_pkcs1, Digest::sha1}, "sha1WithRSAEncryption", rsa + "050500"},
      {{Scheme::rsa_pkcs1, Digest::sha256}, "sha256WithRSAEncryption", rsa + "0b0500"},
      {{Scheme::rsa_pkcs1, Digest::sha384}, "sha384WithRSAEncryption", rsa + "0c0500"},
      {{Scheme::rsa_pkcs1, Digest::sha512}, "sha512WithRSAEncryption", rsa + "0d0500"},
      {{Scheme::ecdsa, Digest::sha1}, "ecdsa-with-SHA1", "300906072a8648ce3d0401"},
      {{Scheme::ecdsa, Digest::sha256}, "ecdsa-with-SHA256", "300a06082a8648ce3d040302"},
      {{Scheme::ecdsa, Digest::sha384}, "ecdsa-with-SHA384", "300a06082a8648ce3d040303"},
      {{Scheme::ecdsa, Digest::sha512}, "ecdsa-with-SHA512", "300a06082a8648ce3d040304"},
      {{Scheme::ed25519, Digest::sha512}, "Ed25519", "300506032b6570"},
      {{Scheme::rsa_pss, Digest::sha1}, "RSASSA-PSS with SHA1", "300d06092a864886f70d01010a3000"},
      // As openssl writes it.
      {{Scheme::rsa_pss, Digest::sha256},
       "RSASSA-PSS with SHA256",
       "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d"
       "010108300d06096086480165030402010500a203020120"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.text) {
      CHECK(to_text(row.algorithm) == row.text);
      CHECK(to_hex(algorithm_identifier(row.algorithm)) == row.der);
      CHECK(signature_algorithm(hex(row.der)) == row.algorithm);
    }
}

TEST_CASE("other spellings of known algorithms are read", "[key]") {
  const std::pair<const char*, SignatureAlgorithm> rows[] = {
      // No NULL: RFC 4055, 5 demands that it is accepted.
      {"300b06092a864886f70d01010b", {Scheme::rsa_pkcs1, Digest::sha256}},
      // What makecert's time called sha1RSA.
      {"300906052b0e03021d0500", {Scheme::rsa_pkcs1, Digest::sha1}},
      // Digests without NULL.
      {"303d06092a864886f70d01010a3030a00d300b0609608648016503040201a11a301806092a864886f70d010108"
       "300b0609608648016503040201a203020120",
       {Scheme::rsa_pss, Digest::sha256}},
      // The trailer field written though it is the default.
      {"301206092a864886f70d01010a3005a303020101", {Scheme::rsa_pss, Digest::sha1}},
  };
  for (const auto& [der, algorithm] : rows) CHECK(signature_algorithm(hex(der)) == algorithm);
}

TEST_CASE("algorithms this program does not know are nothing, not errors", "[key]") {
  const std::pair<const char*, const char*> rows[] = {
      {"md2WithRSA", "300d06092a864886f70d0101020500"},
      {"rsaEncryption", "300d06092a864886f70d0101010500"},
      {"an RSA signature with parameters", "300e06092a864886f70d01010b020100"},
      {"ECDSA with NULL", "300c06082a8648ce3d0403020500"},
      {"RSASSA-PSS without parameters", "300b06092a864886f70d01010a"},
      {"RSASSA-PSS with another salt length",
       "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d"
       "010108300d06096086480165030402010500a203020114"},
      {"RSASSA-PSS whose MGF has another digest",
       "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d"
       "010108300d06096086480165030402020500a203020120"},
      {"RSASSA-PSS with another trailer", "301206092a864886f70d01010a3005a303020102"},
  };
  for (const auto& [name, der] : rows) DYNAMIC_SECTION(name) {
      CHECK_FALSE(signature_algorithm(hex(der)));
    }
  CHECK_THROWS_WITH(signature_algorithm(hex("3000")),
                    "algorithm identifier is malformed (an element is missing at offset 2)");
  CHECK_THROWS_WITH(signature_algorithm(hex("300506032b657000")),
                    "algorithm identifier is malformed (something left over at offset 7)");
  CHECK_THROWS_WITH(algorithm_identifier({Scheme::ecdsa, Digest::md5}),
                    "there is no algorithm identifier for ecdsa-with-MD5");
}

TEST_CASE("in SignerInfos the digest may be named elsewhere", "[key]") {
  const Bytes rsa = hex("300d06092a864886f70d0101010500");
  const Bytes sha256_rsa = hex("300d06092a864886f70d01010b0500");
  const Bytes ec = hex("300906072a8648ce3d0201");
  const Bytes ed = hex("300506032b6570");
  const SignatureAlgorithm rsa_sha1{Scheme::rsa_pkcs1, Digest::sha1};
  CHECK(signature_algorithm(rsa, Digest::sha1) == rsa_sha1);
  CHECK(signature_algorithm(ec, Digest::sha256) ==
        SignatureAlgorithm{Scheme::ecdsa, Digest::sha256});
  CHECK(signature_algorithm(sha256_rsa, Digest::sha256) == SignatureAlgorithm{});
  CHECK_FALSE(signature_algorithm(sha256_rsa, Digest::sha1));
  CHECK(signature_algorithm(ed, Digest::sha256) ==
        SignatureAlgorithm{Scheme::ed25519, Digest::sha512});
}
