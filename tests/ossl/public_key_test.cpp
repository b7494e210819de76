#include <catch2/catch.hpp>
#include <thread>

#include "base/error.h"
#include "hex.h"
#include "ossl/der.h"
#include "ossl/key.h"

using namespace sealwright;
using namespace sealwright::ossl;
using test::hex;

namespace {

Bytes spki(const char* algorithm, const Bytes& parameters, const Bytes& key) {
  return der::sequence(
      {der::sequence({der::oid(Oid(algorithm)), parameters}), der::bit_string(key)});
}

Bytes rsa_spki(const Bytes& modulus, const Bytes& exponent) {
  return spki("1.2.840.113549.1.1.1", der::null(),
              der::sequence({der::positive_integer(modulus), der::positive_integer(exponent)}));
}

Bytes ec_spki(const char* curve, const Bytes& point) {
  return spki("1.2.840.10045.2.1", der::oid(Oid(curve)), point);
}

Bytes odd_number(std::size_t octets) {
  Bytes number(octets, 0xc5);
  return number;
}

const char* const p256 = "1.2.840.10045.3.1.7";

/// The base point of P-256 (SEC 2, 2.4.2), a public key as good as any.
const char* const p256_base =
    "04"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

}  // namespace

TEST_CASE("a public key describes itself", "[key]") {
  struct Row {
    Bytes spki;
    KeyType type;
    int bits;
    const char* description;
  };
  Bytes modulus = odd_number(256);
  modulus[0] = 0x01;
  const Row rows[] = {
      {rsa_spki(odd_number(384), {1, 0, 1}), KeyType::rsa, 3072, "RSA-3072"},
      {rsa_spki(modulus, {1, 0, 1}), KeyType::rsa, 2041, "RSA-2041"},
      {ec_spki(p256, hex(p256_base)), KeyType::ec, 256, "ECDSA P-256"},
      {hex("302a300506032b6570032100" + std::string(64, '1')), KeyType::ed25519, 256, "Ed25519"},
      {hex("3043300506032b6571033a00" + std::string(114, '1')), KeyType::other, 0, "1.3.101.113"},
      {ec_spki("1.3.132.0.10", hex(p256_base)), KeyType::other, 0, "1.2.840.10045.2.1"},
      {ec_spki(p256, hex("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")),
       KeyType::other, 0, "1.2.840.10045.2.1"},
      {spki("1.2.840.10045.2.1", der::sequence({der::integer(1)}), hex(p256_base)), KeyType::other,
       0, "1.2.840.10045.2.1"},
      {spki("1.2.840.113549.1.1.10", der::null(), hex("3000")), KeyType::other, 0,
       "1.2.840.113549.1.1.10"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.description) {
      const PublicKey key = PublicKey::from_spki(row.spki);
      CHECK(key.type() == row.type);
      CHECK(key.bits() == row.bits);
      CHECK(key.description() == row.description);
      CHECK(key.spki() == row.spki);
      CHECK(key.curve().has_value() == (row.type == KeyType::ec));
      CHECK(key == PublicKey::from_spki(row.spki));
      CHECK_FALSE(key == PublicKey());
      const SignatureAlgorithm algorithm{};
      CHECK_FALSE(key.verify(algorithm, view("message"), Bytes(256)));
    }
  CHECK(PublicKey().type() == KeyType::other);
  CHECK_THROWS_WITH(PublicKey::from_spki(rows[4].spki).algorithm(Digest::sha256),
                    "keys of algorithm '1.3.101.113' are not supported");
}

TEST_CASE("from_spki refuses what is not exactly one public key", "[key]") {
  struct Row {
    const char* name;
    Bytes der;
    const char* message;
  };
  const Bytes good = ec_spki(p256, hex(p256_base));
  Bytes longer = good;
  longer.push_back(0);
  const Row rows[] = {
      {"nothing", {}, "public key is malformed (an element is missing at offset 0)"},
      {"something after it", longer, "public key is malformed (something left over at offset 91)"},
      {"no algorithm", hex("3005 03 03 00 00 00"),
       "public key is malformed (tag 0x03 instead of 0x30 at offset 2)"},
      {"an RSA key that is no SEQUENCE", spki("1.2.840.113549.1.1.1", der::null(), hex("0500")),
       "RSA public key is malformed (tag 0x05 instead of 0x30 at offset 0)"},
      {"a negative modulus",
       spki("1.2.840.113549.1.1.1", der::null(),
            der::sequence({der::element(2, odd_number(64)), der::integer(3)})),
       "public key is malformed (negative number)"},
      {"a modulus of 511 bits", rsa_spki(Bytes(64, 0x7f), {3}),
       "RSA keys of 511 bits are not supported"},
      {"a modulus of 0", rsa_spki({}, {3}), "RSA keys of 0 bits are not supported"},
      {"a modulus of 16392 bits", rsa_spki(Bytes(2049, 0xff), {3}),
       "RSA keys of 16392 bits are not supported"},
      {"a point cut short", ec_spki(p256, hex("04aabb")),
       "public key is malformed (EC point of the wrong length)"},
      {"an Ed25519 key cut short", spki("1.3.101.112", {}, hex("aabb")),
       "public key is malformed (Ed25519 key of the wrong length)"},
      {"something after the curve",
       spki("1.2.840.10045.2.1", hex(to_hex(der::oid(Oid(p256))) + to_hex(der::null())),
            hex(p256_base)),
       "public key is malformed (something left over at offset 23)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(PublicKey::from_spki(row.der), row.message);
    }
  CHECK(PublicKey::from_spki(rsa_spki(Bytes(2048, 0xff), {3})).bits() == 16384);
  CHECK(PublicKey::from_spki(rsa_spki(Bytes(64, 0xff), {3})).bits() == 512);
}

TEST_CASE("hostile keys verify nothing, and soon", "[key]") {
  struct Row {
    const char* name;
    Bytes spki;
    Scheme scheme;
  };
  Bytes off_curve = hex(p256_base);
  off_curve.back() ^= 1;
  const Bytes modulus(2048, 0xff);
  const Row rows[] = {
      {"a point off its curve", ec_spki(p256, off_curve), Scheme::ecdsa},
      {"an exponent as long as the modulus", rsa_spki(modulus, modulus), Scheme::rsa_pkcs1},
      {"an exponent of 65 bits", rsa_spki(modulus, hex("010000000000000001")), Scheme::rsa_pkcs1},
      {"an exponent of 64 bits", rsa_spki(modulus, hex("ffffffffffffffff")), Scheme::rsa_pkcs1},
      {"an even exponent", rsa_spki(modulus, {2}), Scheme::rsa_pkcs1},
      {"the exponent 1", rsa_spki(modulus, {1}), Scheme::rsa_pkcs1},
      {"the exponent 0", rsa_spki(modulus, {}), Scheme::rsa_pkcs1},
      {"an even modulus", rsa_spki(Bytes(2048, 0xfe), {3}), Scheme::rsa_pkcs1},
      {"a modulus too small for PSS", rsa_spki(Bytes(64, 0xff), {3}), Scheme::rsa_pss},
      {"an Ed25519 point that is none", hex("302a300506032b6570032100" + std::string(64, 'f')),
       Scheme::ed25519},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const PublicKey key = PublicKey::from_spki(row.spki);
      Bytes signature(row.scheme == Scheme::ed25519 ? 64 : 2048, 0x00);
      signature.back() = 1;
      for (const Digest digest : {Digest::sha1, Digest::sha512}) {
        CHECK_FALSE(key.verify({row.scheme, digest}, view("message"), signature));
        CHECK_FALSE(key.verify({row.scheme, digest}, view("message"), {}));
      }
    }
}

TEST_CASE("the exponent 1 does not make every signature right", "[key]") {
  // With e = 1 the padded digest itself would be its signature.
  const Bytes modulus = odd_number(128);
  Bytes signature(128, 0xff);
  const Bytes info = der::sequence({der::sequence({der::oid(oid_of(Digest::sha256)), der::null()}),
                                    der::octet_string(hash(Digest::sha256, view("message")))});
  signature[0] = 0x00;
  signature[1] = 0x01;
  signature[128 - info.size() - 1] = 0x00;
  std::copy(info.begin(), info.end(), signature.end() - std::ptrdiff_t(info.size()));
  CHECK_FALSE(PublicKey::from_spki(rsa_spki(modulus, {1})).verify({}, view("message"), signature));
}

TEST_CASE("key ids and key identifiers are the digests that RFCs and openssl say",
          "[key][oracle]") {
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: openssl is not installed");
    return;
  }
  const PrivateKey key = PrivateKey::generate({KeyType::ec, 0, Curve::p384});
  const std::string der(key.public_key().spki().begin(), key.public_key().spki().end());
  const std::string out = test::openssl({"dgst", "-r", "-sha256"}, der);
  CHECK(out.substr(0, 64) == key.public_key().id().hex());

  // openssl's own subjectKeyIdentifier is method (1).
  const test::Scratch scratch;
  write_file(scratch / "key.der", key.to_pkcs8().view());
  const std::string certificate = test::openssl(
      {"req", "-x509", "-new", "-key", scratch / "key.der", "-keyform", "DER", "-subj", "/CN=x"});
  const std::string ski =
      test::openssl({"x509", "-noout", "-ext", "subjectKeyIdentifier"}, certificate);
  std::string wanted;
  for (const char c : to_hex_upper(key.public_key().key_identifier())) {
    wanted += c;
    if (wanted.size() % 3 == 2 && wanted.size() < 59) wanted += ':';
  }
  CHECK_THAT(ski, Catch::Contains(wanted));
}

TEST_CASE("a public key may be used from several threads", "[key]") {
  const PrivateKey key = PrivateKey::generate({KeyType::ec});
  const SignatureAlgorithm algorithm = key.public_key().algorithm(Digest::sha256);
  const Bytes signature = key.sign(algorithm, view("message"));
  const PublicKey shared = PublicKey::from_spki(key.public_key().spki());
  std::vector<std::thread> threads;
  std::vector<int> valid(4);
  for (std::size_t i = 0; i < valid.size(); ++i)
    threads.emplace_back([&, i] {
      const PublicKey own = shared;
      for (int n = 0; n < 20; ++n) valid[i] += own.verify(algorithm, view("message"), signature);
    });
  for (auto& thread : threads) thread.join();
  CHECK(valid == std::vector<int>(4, 20));
}
