#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "hex.h"
#include "ossl/key.h"

using namespace sealwright;
using namespace sealwright::ossl;

namespace {

struct Row {
  const char* name;
  KeySpec spec;
  SignatureAlgorithm algorithm;
};
const Row rows[] = {
    {"RSA, MD5", {KeyType::rsa, 1024}, {Scheme::rsa_pkcs1, Digest::md5}},
    {"RSA, SHA-1", {KeyType::rsa, 1024}, {Scheme::rsa_pkcs1, Digest::sha1}},
    {"RSA, SHA-256", {KeyType::rsa, 2048}, {Scheme::rsa_pkcs1, Digest::sha256}},
    {"RSA, SHA-512", {KeyType::rsa, 1024}, {Scheme::rsa_pkcs1, Digest::sha512}},
    {"RSA-PSS, SHA-1", {KeyType::rsa, 1024}, {Scheme::rsa_pss, Digest::sha1}},
    {"RSA-PSS, SHA-256", {KeyType::rsa, 1024}, {Scheme::rsa_pss, Digest::sha256}},
    {"RSA-PSS, SHA-384", {KeyType::rsa, 1024}, {Scheme::rsa_pss, Digest::sha384}},
    {"P-256, SHA-256", {KeyType::ec, 0, Curve::p256}, {Scheme::ecdsa, Digest::sha256}},
    {"P-256, SHA-1", {KeyType::ec, 0, Curve::p256}, {Scheme::ecdsa, Digest::sha1}},
    {"P-384, SHA-384", {KeyType::ec, 0, Curve::p384}, {Scheme::ecdsa, Digest::sha384}},
    {"P-521, SHA-512", {KeyType::ec, 0, Curve::p521}, {Scheme::ecdsa, Digest::sha512}},
    {"Ed25519", {KeyType::ed25519}, {Scheme::ed25519, Digest::sha512}},
};

std::vector<std::string> pss_options(const SignatureAlgorithm& algorithm) {
  if (algorithm.scheme != Scheme::rsa_pss) return {};
  return {"-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"};
}

/// The words of `openssl` that verify (with -pubin) or sign `message` in files of a folder.
std::vector<std::string> command(const Row& row, bool verify, const test::Scratch& folder) {
  std::vector<std::string> words;
  if (row.algorithm.scheme == Scheme::ed25519) {
    words = {"pkeyutl",
             verify ? "-verify" : "-sign",
             "-rawin",
             "-in",
             folder / "message",
             "-inkey",
             folder / (verify ? "public.pem" : "private.pem")};
    if (verify) words.push_back("-pubin");
    words.push_back(verify ? "-sigfile" : "-out");
    words.push_back(folder / "signature");
    return words;
  }
  words = {"dgst",
           fmt::format("-{}", to_text(row.algorithm.digest)),
           verify ? "-verify" : "-sign",
           folder / (verify ? "public.pem" : "private.pem"),
           verify ? "-signature" : "-out",
           folder / "signature"};
  for (const auto& word : pss_options(row.algorithm)) words.push_back(word);
  words.push_back(folder / "message");
  return words;
}

void write_keys(const test::Scratch& folder, const PrivateKey& key) {
  const WriteOptions over{Access::owner, Existing::replace};
  const std::string der(key.to_pkcs8().text());
  write_file(folder / "private.pem", view(test::openssl({"pkey", "-inform", "DER"}, der)), over);
  write_file(folder / "public.pem", view(test::openssl({"pkey", "-inform", "DER", "-pubout"}, der)),
             over);
}

}  // namespace

TEST_CASE("openssl and this program accept each other's signatures", "[key][oracle]") {
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: openssl is not installed");
    return;
  }
  const std::string message(1000, 'm');
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const test::Scratch folder;
      const PrivateKey key = PrivateKey::generate(row.spec);
      write_keys(folder, key);
      write_file(folder / "message", view(message));
      write_file(folder / "signature", key.sign(row.algorithm, view(message)));
      CHECK_THAT(
          test::openssl(command(row, true, folder)),
          Catch::Contains("Verified OK") || Catch::Contains("Signature Verified Successfully"));

      std::filesystem::remove(folder / "signature");
      test::openssl(command(row, false, folder));
      const Bytes theirs = read_file(folder / "signature");
      CHECK(key.public_key().verify(row.algorithm, view(message), theirs));
    }
}

TEST_CASE("a signature that was changed anywhere is not valid", "[key]") {
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const PrivateKey key = PrivateKey::generate(row.spec);
      const PublicKey public_key = PublicKey::from_spki(key.public_key().spki());
      const Bytes signature = key.sign(row.algorithm, view("message"));
      const auto valid = [&](BytesView message, BytesView changed) {
        return public_key.verify(row.algorithm, message, changed);
      };
      CHECK(valid(view("message"), signature));
      CHECK_FALSE(valid(view("massage"), signature));
      CHECK_FALSE(valid({}, signature));
      CHECK_FALSE(valid(view("message"), {}));
      for (std::size_t at = 0; at < signature.size(); at += 7) {
        Bytes changed = signature;
        changed[at] ^= 0x10;
        CHECK_FALSE(valid(view("message"), changed));
      }
      Bytes longer = signature;
      longer.push_back(0);
      CHECK_FALSE(valid(view("message"), longer));
      CHECK_FALSE(valid(view("message"), BytesView(signature).first(signature.size() - 1)));
      CHECK_FALSE(PrivateKey::generate(row.spec).public_key().verify(row.algorithm, view("message"),
                                                                     signature));
    }
}

TEST_CASE("an algorithm that is not the key's makes no signature and verifies none", "[key]") {
  const PrivateKey rsa = PrivateKey::generate({KeyType::rsa, 1024});
  const PrivateKey ec = PrivateKey::generate({KeyType::ec});
  const SignatureAlgorithm ecdsa{Scheme::ecdsa, Digest::sha256};
  CHECK_THROWS_WITH(rsa.sign(ecdsa, view("x")),
                    "a key RSA-1024 cannot make signatures ecdsa-with-SHA256");
  CHECK_THROWS_WITH(ec.sign({}, view("x")),
                    "a key ECDSA P-256 cannot make signatures sha256WithRSAEncryption");
  CHECK_FALSE(rsa.public_key().verify(ecdsa, view("x"), Bytes(70)));
  const Bytes pkcs1 = rsa.sign({}, view("x"));
  CHECK_FALSE(rsa.public_key().verify({Scheme::rsa_pss, Digest::sha256}, view("x"), pkcs1));
  CHECK_FALSE(rsa.public_key().verify({Scheme::rsa_pkcs1, Digest::sha512}, view("x"), pkcs1));
  // 1024 bits do not hold a SHA-512 PSS signature.
  CHECK_THROWS_WITH(rsa.sign({Scheme::rsa_pss, Digest::sha512}, view("x")),
                    "a signature cannot be made");
}

TEST_CASE("PSS signatures with another salt length are not valid", "[key][oracle]") {
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: openssl is not installed");
    return;
  }
  const test::Scratch folder;
  const PrivateKey key = PrivateKey::generate({KeyType::rsa, 1024});
  write_keys(folder, key);
  write_file(folder / "message", view("message"));
  test::openssl({"dgst", "-sha256", "-sign", folder / "private.pem", "-out", folder / "signature",
                 "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:20",
                 folder / "message"});
  const Bytes signature = read_file(folder / "signature");
  CHECK(signature.size() == 128);
  CHECK_FALSE(
      key.public_key().verify({Scheme::rsa_pss, Digest::sha256}, view("message"), signature));
}
