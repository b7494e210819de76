#include <catch2/catch.hpp>
#include <fstream>

#include "base/error.h"
#include "hex.h"
#include "ossl/der.h"
#include "ossl/key.h"
#include "ossl/legacy.h"
#include "ossl/signer.h"

using namespace sealwright;
using namespace sealwright::ossl;

static_assert(!std::is_copy_constructible_v<PrivateKey>);

namespace {

struct Kind {
  const char* description;
  KeySpec spec;
};
const Kind kinds[] = {
    {"RSA-2048", {KeyType::rsa, 2048}},
    {"ECDSA P-256", {KeyType::ec, 0, Curve::p256}},
    {"ECDSA P-384", {KeyType::ec, 0, Curve::p384}},
    {"ECDSA P-521", {KeyType::ec, 0, Curve::p521}},
    {"Ed25519", {KeyType::ed25519}},
};

std::string message_of(const std::string& pem, const Secret* password) {
  try {
    PrivateKey::from_pem(view(pem), password);
  } catch (const Error& error) {
    CHECK(error.kind ==
          (error.message == "wrong password" ? Error::Kind::crypto : Error::Kind::input));
    return error.message;
  }
  return "accepted";
}

/// What makes keys of each kind, in the words of `openssl genpkey`.
const std::vector<std::string> generators[] = {
    {"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"},
    {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
    {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"},
    {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"},
    {"-algorithm", "ED25519"},
};

std::string generated_by_openssl(std::vector<std::string> generator) {
  generator.insert(generator.begin(), "genpkey");
  return test::openssl(generator);
}

bool without_openssl() {
  if (test::have_program("openssl")) return false;
  WARN("SKIPPED: openssl is not installed");
  return true;
}

}  // namespace

TEST_CASE("keys of every kind are generated, written and read back", "[key]") {
  for (const Kind& kind : kinds) DYNAMIC_SECTION(kind.description) {
      const PrivateKey key = PrivateKey::generate(kind.spec);
      CHECK(key.public_key().description() == kind.description);
      CHECK_FALSE(PrivateKey::generate(kind.spec).public_key() == key.public_key());
      const Secret pkcs8 = key.to_pkcs8();
      const PrivateKey again = PrivateKey::from_pkcs8(pkcs8.view());
      CHECK(again.public_key() == key.public_key());
      CHECK(equal(again.to_pkcs8().view(), pkcs8.view()));
      const SignatureAlgorithm algorithm = key.public_key().algorithm(Digest::sha256);
      CHECK(key.public_key().verify(algorithm, view("x"), again.sign(algorithm, view("x"))));
    }
}

TEST_CASE("openssl reads our keys and writes them the same way", "[key][oracle]") {
  if (without_openssl()) return;
  for (const Kind& kind : kinds) DYNAMIC_SECTION(kind.description) {
      const PrivateKey key = PrivateKey::generate(kind.spec);
      const std::string der(key.to_pkcs8().text());
      CHECK(test::openssl({"pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-outform", "DER"},
                          der) == der);
      CHECK(test::openssl({"pkey", "-inform", "DER", "-pubout", "-outform", "DER"}, der) ==
            text(key.public_key().spki()));
      CHECK_THAT(test::openssl({"pkey", "-inform", "DER", "-check", "-noout"}, der),
                 Catch::Contains("Key is valid"));
    }
}

TEST_CASE("keys that openssl made are read in every PEM form", "[key][oracle]") {
  if (without_openssl()) return;
  for (const auto& generator : generators) DYNAMIC_SECTION(generator.back()) {
      const std::string pem = generated_by_openssl(generator);
      const PrivateKey key = PrivateKey::from_pem(view(pem), nullptr);
      CHECK(text(key.public_key().spki()) ==
            test::openssl({"pkey", "-pubout", "-outform", "DER"}, pem));
      const Secret password("correct horse");
      const std::vector<std::string> encrypting[] = {
          {"pkcs8", "-topk8", "-passout", "pass:correct horse"},
          {"pkcs8", "-topk8", "-v2", "aes256", "-v2prf", "hmacWithSHA1", "-passout",
           "pass:correct horse"},
          {"pkcs8", "-topk8", "-scrypt", "-passout", "pass:correct horse"},
          {"pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-passout", "pass:correct horse"},
          {"pkey", "-traditional", "-aes128", "-passout", "pass:correct horse"},
      };
      for (const auto& arguments : encrypting) {
        if (arguments[1] == "-traditional" && generator.back() == "ED25519") continue;
        const std::string encrypted = test::openssl(arguments, pem);
        REQUIRE_THAT(encrypted, Catch::Contains("ENCRYPTED"));
        CHECK(PrivateKey::from_pem(view(encrypted), &password).public_key() == key.public_key());
        CHECK(message_of(encrypted, nullptr) == "needs a password");
        const Secret wrong("incorrect horse"), empty, huge(std::string(5000, 'x'));
        CHECK(message_of(encrypted, &wrong) == "wrong password");
        CHECK(message_of(encrypted, &empty) == "wrong password");
        CHECK(message_of(encrypted, &huge) == "wrong password");
      }
      if (generator.back() == "ED25519") continue;  // It has no traditional form.
      const std::string traditional = test::openssl({"pkey", "-traditional"}, pem);
      CHECK(PrivateKey::from_pem(view(traditional), nullptr).public_key() == key.public_key());
    }
}

TEST_CASE("a key encrypted with DES is read, and DES is gone afterwards", "[key][legacy]") {
  if (without_openssl()) return;
  const std::string pem = generated_by_openssl({"-algorithm", "ED25519"});
  const std::string encrypted =
      test::openssl({"pkcs8", "-topk8", "-v1", "PBE-MD5-DES", "-provider", "legacy", "-provider",
                     "default", "-passout", "pass:x"},
                    pem);
  const Secret password("x"), wrong("y");
  CHECK(PrivateKey::from_pem(view(encrypted), &password).public_key() ==
        PrivateKey::from_pem(view(pem), nullptr).public_key());
  CHECK(message_of(encrypted, &wrong) == "wrong password");
  CHECK(message_of(encrypted, nullptr) == "needs a password");
  CHECK_FALSE(Ptr<EVP_CIPHER>(EVP_CIPHER_fetch(nullptr, "DES-CBC", nullptr)));
}

TEST_CASE("an EC key may come with parameters before it and in compressed form", "[key][oracle]") {
  if (without_openssl()) return;
  const std::string pem = test::openssl({"ecparam", "-genkey", "-name", "prime256v1"});
  REQUIRE_THAT(pem, Catch::Contains("EC PARAMETERS"));
  const PrivateKey key = PrivateKey::from_pem(view(pem), nullptr);
  const std::string compressed = test::openssl({"ec", "-conv_form", "compressed"}, pem);
  const PrivateKey same = PrivateKey::from_pem(view(compressed), nullptr);
  CHECK(same.public_key() == key.public_key());
  CHECK(same.public_key().type() == KeyType::ec);
}

TEST_CASE("encrypted PEM is PBES2 with 600,000 iterations, and openssl opens it", "[key][oracle]") {
  if (without_openssl()) return;
  const Secret password("pass phrase");
  const PrivateKey key = PrivateKey::generate({KeyType::ec});
  const std::string pem = text(key.to_encrypted_pem(password));
  CHECK(PrivateKey::from_pem(view(pem), &password).public_key() == key.public_key());
  CHECK(message_of(pem, nullptr) == "needs a password");
  const std::string opened =
      test::openssl({"pkey", "-passin", "pass:pass phrase", "-outform", "DER"}, pem);
  const PrivateKey again = PrivateKey::from_pkcs8(view(
      test::openssl({"pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-outform", "DER"}, opened)));
  CHECK(again.public_key() == key.public_key());
  const std::string structure = test::openssl({"asn1parse"}, pem);
  for (const char* part : {"PBES2", "PBKDF2", "aes-256-cbc", "hmacWithSHA256", ":0927C0"})
    CHECK_THAT(structure, Catch::Contains(part));
  CHECK(key.to_encrypted_pem(password) != key.to_encrypted_pem(password));
}

TEST_CASE("from_pem says what is wrong", "[key][oracle]") {
  if (without_openssl()) return;
  const std::string key = generated_by_openssl({"-algorithm", "ED25519"});
  const std::string public_key = test::openssl({"pkey", "-pubout"}, key);
  const std::string none = "no private key in PEM form found";
  CHECK(message_of("", nullptr) == none);
  CHECK(message_of("hello", nullptr) == none);
  CHECK(message_of(public_key, nullptr) == none);
  CHECK(message_of(key.substr(0, 60), nullptr) == none);
  CHECK(message_of(public_key + key, nullptr) == "accepted");
  CHECK(message_of(std::string((1 << 20) + 1, ' '), nullptr) == "private key is longer than 1 MiB");
  CHECK(message_of(generated_by_openssl({"-algorithm", "ED448"}), nullptr) ==
        "keys of type 'ED448' are not supported");
  CHECK(message_of(generated_by_openssl({"-algorithm", "RSA-PSS"}), nullptr) ==
        "keys of type 'RSA-PSS' are not supported");
  CHECK(message_of(
            generated_by_openssl({"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"}),
            nullptr) == "EC keys on this curve are not supported");
  CHECK(message_of(generated_by_openssl({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                                         "-pkeyopt", "rsa_keygen_primes:3"}),
                   nullptr) == "RSA keys of more than two primes are not supported");
}

TEST_CASE("an encrypted key that asks for minutes of work is refused", "[key]") {
  const auto pem = [](const Bytes& der) {
    return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + to_base64(der) +
           "\n-----END ENCRYPTED PRIVATE KEY-----\n";
  };
  const auto counted = [](std::int64_t count) {
    return der::sequence({der::octet_string(Bytes(8)), der::integer(count)});
  };
  const auto pbes1 = [&](std::int64_t count) {
    return der::sequence({der::sequence({der::oid(Oid("1.2.840.113549.1.5.3")), counted(count)}),
                          der::octet_string(Bytes(16))});
  };
  const auto pbes2 = [&](std::int64_t count) {
    const Bytes kdf = der::sequence({der::oid(Oid("1.2.840.113549.1.5.12")), counted(count)});
    const Bytes cipher =
        der::sequence({der::oid(Oid("2.16.840.1.101.3.4.1.42")), der::octet_string(Bytes(16))});
    return der::sequence(
        {der::sequence({der::oid(Oid("1.2.840.113549.1.5.13")), der::sequence({kdf, cipher})}),
         der::octet_string(Bytes(16))});
  };
  const Secret password("x");
  CHECK(message_of(pem(pbes1(2147483647)), &password) ==
        "encrypted private key asks for 2147483647 iterations");
  CHECK(message_of("text before\n" + pem(pbes2(10'000'001)), &password) ==
        "encrypted private key asks for 10000001 iterations");
  CHECK(message_of(pem(pbes2(1000)), &password) == "wrong password");
  CHECK(message_of(pem({0x30, 0x00}), &password) ==
        "encrypted private key is malformed (an element is missing at offset 2)");
  CHECK(message_of("-----BEGIN ENCRYPTED PRIVATE KEY-----\n!\n", &password) ==
        "encrypted private key is not base64");
}

TEST_CASE("from_pkcs8 takes forms that this program does not write", "[key]") {
  const PrivateKey key = PrivateKey::generate({KeyType::ec});
  const Secret pkcs8 = key.to_pkcs8();
  // ECPrivateKey without its public key.
  der::Reader outer(pkcs8.view(), "key");
  der::Reader info = outer.enter(der::sequence_tag);
  info.next();
  const der::Element algorithm = info.next();
  der::Reader inner(info.octet_string(), "key");
  der::Reader fields = inner.enter(der::sequence_tag);
  const der::Element version = fields.next(), scalar = fields.next();
  const Bytes bare =
      der::sequence({der::integer(0), algorithm.whole,
                     der::octet_string(der::sequence({version.whole, scalar.whole}))});
  CHECK(PrivateKey::from_pkcs8(bare).public_key() == key.public_key());
  // With attributes (RFC 5208, 5).
  const Bytes with_attributes =
      der::sequence({der::integer(0), algorithm.whole,
                     der::octet_string(der::sequence({version.whole, scalar.whole})),
                     der::constructed(der::context_constructed(0), std::vector<Bytes>{})});
  CHECK(PrivateKey::from_pkcs8(with_attributes).public_key() == key.public_key());
}

TEST_CASE("a private key with a changed octet is refused or is another key", "[key]") {
  for (const Kind& kind : kinds) DYNAMIC_SECTION(kind.description) {
      const Secret pkcs8 = PrivateKey::generate(kind.spec).to_pkcs8();
      for (std::size_t at = 0; at<pkcs8.size(); at += pkcs8.size()> 500 ? 5 : 1) {
        Bytes changed = copy(pkcs8.view());
        changed[at] ^= 0x21;
        try {
          const PrivateKey other = PrivateKey::from_pkcs8(changed);
          other.sign(other.public_key().algorithm(Digest::sha256), view("x"));
        } catch (const Error& error) {
          CHECK((error.kind == Error::Kind::input || error.kind == Error::Kind::crypto));
        }
      }
    }
}

TEST_CASE("from_pkcs8 refuses what is not exactly one private key", "[key]") {
  const Secret good = PrivateKey::generate({KeyType::ed25519}).to_pkcs8();
  Bytes longer = copy(good.view());
  longer.push_back(0);
  const std::string not_pkcs8 = "private key is not a PKCS#8 PrivateKeyInfo";
  CHECK_THROWS_WITH(PrivateKey::from_pkcs8({}), not_pkcs8);
  CHECK_THROWS_WITH(PrivateKey::from_pkcs8(view("hello")), not_pkcs8);
  CHECK_THROWS_WITH(PrivateKey::from_pkcs8(longer), not_pkcs8);
  CHECK_THROWS_WITH(PrivateKey::from_pkcs8(Bytes((1 << 14) + 1)),
                    "private key is longer than 16 KiB");
  CHECK_THROWS_WITH(PrivateKey::from_pkcs8(good.view().first(20)), not_pkcs8);
  CHECK_THROWS_WITH(PrivateKey::from_pkcs8(test::hex("300b020100300506032a03040400")),
                    Catch::Contains("private key is malformed or of an unknown type") ||
                        Catch::Contains("private key is not a PKCS#8"));
}

TEST_CASE("generate refuses sizes out of bounds", "[key]") {
  CHECK_THROWS_WITH(PrivateKey::generate({KeyType::rsa, 1023}),
                    "RSA keys of 1023 bits cannot be generated");
  CHECK_THROWS_WITH(PrivateKey::generate({KeyType::rsa, 16385}),
                    "RSA keys of 16385 bits cannot be generated");
  CHECK_THROWS_WITH(PrivateKey::generate({KeyType::other}),
                    "keys of this type cannot be generated");
}

TEST_CASE("a signer signs with its key", "[key]") {
  KeySigner signer(PrivateKey::generate({KeyType::ec}));
  Signer& seam = signer;
  const SignatureAlgorithm algorithm = seam.public_key().algorithm(Digest::sha256);
  CHECK(seam.public_key().verify(algorithm, view("x"), seam.sign(algorithm, view("x"))));
}
