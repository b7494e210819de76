// PVK files of openssl and of other people, read; broken ones refused.

#include "x509/pvk.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "support.h"
#include "x509/certificate.h"

using namespace sealwright;
using namespace sealwright::x509;
using ossl::Secret;

namespace {

/// `openssl rsa -outform PVK` of one key: plain, weak and strong, made once.
struct Made {
  Bytes plain, weak, strong;
  ossl::PublicKey public_key;
};

Bytes pvk_of(const test::Scratch& scratch, const std::string& key, const std::string& kind) {
  const std::string out = scratch / (kind + ".pvk");
  const auto ran =
      test::run({"openssl", "rsa", "-provider", "legacy", "-provider", "default", "-in", key,
                 "-outform", "PVK", "-pvk-" + kind, "-passout", "pass:secret", "-out", out});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return read_file(out, max_pvk_bytes);
}

ossl::PublicKey public_of(const std::string& key) {
  return ossl::PrivateKey::from_pem(read_file(key, max_pvk_bytes), nullptr).public_key();
}

const Made& made_files() {
  static const Made made = [] {
    test::Scratch scratch;
    const std::string key = scratch / "key.pem";
    REQUIRE(test::run({"openssl", "genrsa", "-out", key, "1024"}).exit_code == 0);
    return Made{pvk_of(scratch, key, "none"), pvk_of(scratch, key, "weak"),
                pvk_of(scratch, key, "strong"), public_of(key)};
  }();
  return made;
}

bool signs(const ossl::PrivateKey& key) {
  const auto algorithm = key.public_key().algorithm(ossl::Digest::sha256);
  return key.public_key().verify(algorithm, view("x"), key.sign(algorithm, view("x")));
}

Bytes changed(Bytes bytes, std::size_t at, std::uint8_t to) {
  bytes.at(at) = to;
  return bytes;
}

void check_refused(BytesView bytes, const std::string& message, const Secret* password = nullptr) {
  try {
    read_pvk(bytes, password);
    FAIL("was read");
  } catch (const Error& error) {
    CHECK((error.kind == Error::Kind::crypto) == (message == "wrong password"));
    CHECK((error.kind == Error::Kind::input) == (message != "wrong password"));
    CHECK(error.message == message);
  }
}

}  // namespace

TEST_CASE("plain, weak and strong files of openssl are read", "[x509][pvk][oracle]") {
  const Made& made = made_files();
  const Secret password("secret");
  struct Row {
    const char* name;
    const Bytes& file;
    const Secret* password;
    bool encrypted;
    const char* encryption;
  };
  const Row rows[] = {
      {"plain", made.plain, nullptr, false, "none"},
      {"plain, and a password that nobody needs", made.plain, &password, false, "none"},
      {"weak", made.weak, &password, true, "weak (40 bit)"},
      {"strong", made.strong, &password, true, "strong (128 bit)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(looks_like_pvk(row.file));
      CHECK(pvk_info(row.file).encrypted == row.encrypted);
      CHECK(pvk_info(row.file).type == PvkKeyType::exchange);
      CHECK(pvk_info(row.file).bits == 1024);
      CHECK(pvk_info(row.file).salt.size() == (row.encrypted ? 16 : 0));
      const auto [key, encryption] = open_pvk(row.file, row.password);
      CHECK(to_text(encryption) == row.encryption);
      CHECK(key.public_key() == made.public_key);
      CHECK(signs(key));
    }
}

TEST_CASE("keys of every size that openssl writes are read", "[x509][pvk][oracle]") {
  for (const std::string bits : {"512", "1016", "2048", "4096"}) DYNAMIC_SECTION(bits) {
      test::Scratch scratch;
      const std::string key = scratch / "key.pem";
      REQUIRE(test::run({"openssl", "genrsa", "-out", key, bits}).exit_code == 0);
      const auto read = read_pvk(pvk_of(scratch, key, "none"), nullptr);
      CHECK(read.public_key() == public_of(key));
      CHECK(signs(read));
    }
}

TEST_CASE("openssl's files are written octet by octet, its salt given", "[x509][pvk][oracle]") {
  const Made& made = made_files();
  const Secret password("secret");
  const auto key = read_pvk(made.plain, nullptr);
  const auto its_salt = [&](std::span<std::uint8_t> into) {
    const Bytes salt = pvk_info(made.strong).salt;
    REQUIRE(into.size() == salt.size());
    std::ranges::copy(salt, into.begin());
  };
  CHECK(equal(write_pvk(key, {}).view(), made.plain));
  CHECK(equal(write_pvk(key, {PvkKeyType::exchange, &password, its_salt}).view(), made.strong));
}

TEST_CASE("openssl opens what is written", "[x509][pvk][oracle]") {
  const Secret password("secret");
  for (const int bits : {1024, 2048, 3072}) {
    const auto key = ossl::PrivateKey::generate({ossl::KeyType::rsa, bits});
    for (const PvkKeyType type : {PvkKeyType::exchange, PvkKeyType::signature})
      for (const Secret* secret : {static_cast<const Secret*>(nullptr), &password}) {
        INFO(bits << (secret ? " strong" : " plain") << " type " << int(type));
        const Secret file = write_pvk(key, {type, secret, ossl::system_random()});
        CHECK(pvk_info(file.view()).type == type);
        CHECK(pvk_info(file.view()).bits == std::uint32_t(bits));
        CHECK(read_pvk(file.view(), secret).public_key() == key.public_key());
        const test::Scratch scratch;
        const auto path = scratch / "key.pvk";
        write_file(path, file.view());
        const auto ran = test::run({"openssl", "rsa", "-provider", "legacy", "-provider", "default",
                                    "-inform", "PVK", "-in", path, "-passin", "pass:secret",
                                    "-outform", "DER", "-traditional"});
        INFO(ran.err);
        const auto pem = test::run({"openssl", "rsa", "-inform", "DER"}, ran.out).out;
        CHECK(equal(ossl::PrivateKey::from_pem(view(pem), nullptr).to_pkcs8().view(),
                    key.to_pkcs8().view()));
      }
  }
}

TEST_CASE("mono's makecert writes files that are read and written alike", "[x509][pvk][oracle]") {
  if (!test::have_program("makecert")) {
    WARN("SKIPPED: mono's makecert is not installed");
    return;
  }
  const test::Scratch scratch;
  const auto pvk = scratch / "mono.pvk", cer = scratch / "mono.cer";
  REQUIRE(test::run({"makecert", "-r", "-n", "CN=Mono", "-sv", pvk, cer}).exit_code == 0);
  const Bytes theirs = read_file(pvk);
  const auto key = read_pvk(theirs, nullptr);
  CHECK(read_certificates(read_file(cer)).front().public_key() == key.public_key());
  CHECK(pvk_info(theirs).type == PvkKeyType::signature);
  CHECK(equal(write_pvk(key, {PvkKeyType::signature}).view(), theirs));
}

TEST_CASE("mono's makecert signs with the plain files that are written", "[x509][pvk][oracle]") {
  if (!test::have_program("makecert")) {
    WARN("SKIPPED: mono's makecert is not installed");
    return;
  }
  const auto key = ossl::PrivateKey::generate({ossl::KeyType::rsa, 2048});
  const Secret password("secret");
  struct Row {
    const char* name;
    PvkKeyType type;
    const Secret* password;
    bool taken;
  };
  const Row rows[] = {
      {"exchange", PvkKeyType::exchange, nullptr, true},
      {"signature", PvkKeyType::signature, nullptr, true},
      {"encrypted, whose password it cannot be told", PvkKeyType::exchange, &password, false},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const test::Scratch scratch;
      const std::string pvk = scratch / "ours.pvk", root = scratch / "root.cer";
      const std::string leaf = scratch / "leaf.cer";
      write_file(pvk, write_pvk(key, {row.type, row.password, ossl::system_random()}).view());
      const auto ran = test::run({"makecert", "-r", "-n", "CN=Root", "-sv", pvk, root});
      INFO(ran.out << ran.err);
      CHECK((ran.exit_code == 0) == row.taken);
      if (!row.taken) {
        CHECK_THAT(ran.out + ran.err, Catch::Contains("Invalid data and/or password"));
        continue;
      }
      REQUIRE(test::run({"makecert", "-n", "CN=Leaf", "-ic", root, "-iv", pvk, "-sv",
                         scratch / "leaf.pvk", leaf})
                  .exit_code == 0);
      const auto issuer = read_certificates(read_file(root)).front();
      CHECK(issuer.public_key() == key.public_key());
      CHECK(read_certificates(read_file(leaf)).front().signed_by(key.public_key()));
    }
}

TEST_CASE("keys that a PVK file has no room for are refused", "[x509][pvk]") {
  const auto message = [](const ossl::PrivateKey& key) -> std::string {
    try {
      write_pvk(key, {});
    } catch (const Error& error) {
      CHECK(error.kind == Error::Kind::input);
      return error.message;
    }
    return "written";
  };
  CHECK(message(ossl::PrivateKey::generate({ossl::KeyType::ec})) ==
        "a PVK file holds RSA keys only, and this one is ECDSA P-256");
  CHECK(message(ossl::PrivateKey::generate({ossl::KeyType::ed25519})) ==
        "a PVK file holds RSA keys only, and this one is Ed25519");
  const test::Scratch scratch;
  const auto made = [&](std::vector<std::string> argv) {
    const auto ran = test::run(argv);
    REQUIRE(ran.exit_code == 0);
    return ossl::PrivateKey::from_pem(view(ran.out), nullptr);
  };
  CHECK(message(made({"openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024",
                      "-pkeyopt", "rsa_keygen_pubexp:0x1000000000000000f"})) ==
        "a PVK file has no room for the numbers of this RSA key");
}

TEST_CASE("an encrypted file needs its password", "[x509][pvk]") {
  const Secret guess("guess"), none("");
  for (const Bytes& file : {made_files().weak, made_files().strong}) {
    check_refused(file, "needs a password");
    check_refused(file, "wrong password", &guess);
    check_refused(file, "wrong password", &none);
  }
}

TEST_CASE("what is no PVK file is refused with the reason", "[x509][pvk]") {
  const Bytes& plain = made_files().plain;
  const Bytes& strong = made_files().strong;
  Bytes longer = plain;
  longer.push_back(0);
  Bytes bare(plain.begin(), plain.begin() + 24);
  bare[20] = bare[21] = 0;
  struct Row {
    const char* name;
    Bytes file;
    const char* message;
  };
  const Row rows[] = {
      {"nothing", {}, "the PVK file is cut short"},
      {"too much", Bytes(max_pvk_bytes + 1),
       "the PVK file is too large (65537 bytes, at most 65536)"},
      {"another file", changed(plain, 0, 0), "the PVK file is malformed (another magic number)"},
      {"another type", changed(plain, 8, 3), "the PVK file is malformed (unknown key type 3)"},
      {"encryption 2", changed(strong, 12, 2), "the PVK file is malformed (unknown encryption 2)"},
      {"no salt", changed(plain, 12, 1), "the PVK file is malformed (encryption without a salt)"},
      {"a salt", changed(strong, 12, 0), "the PVK file is malformed (a salt without encryption)"},
      {"a long salt", changed(strong, 17, 5), "the PVK file is malformed (a salt of 1296 bytes)"},
      {"a key past the end", changed(plain, 23, 0xff), "the PVK file is cut short"},
      {"bytes after it", longer, "the PVK file is malformed (1 bytes after the key)"},
      {"no key", bare, "the PVK file is malformed (a key of too few bytes)"},
      {"a public key", changed(plain, 24, 6),
       "the PVK file is malformed (the key is no PRIVATEKEYBLOB of version 2)"},
      {"a strange algorithm", changed(plain, 29, 0x66),
       "the PVK file is malformed (unknown key algorithm 0x6600)"},
      {"DSA", changed(plain, 29, 0x22), "DSA keys are not read"},
      {"RSA1", changed(plain, 35, '1'), "the PVK file is malformed (the key is no RSA key)"},
      {"a huge size", changed(plain, 38, 1), "RSA keys of 66560 bits are not supported"},
      {"another size", changed(plain, 37, 8),
       "the PVK file is malformed (an RSA key of 2048 bits does not have 596 bytes)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      check_refused(row.file, row.message);
    }
}

TEST_CASE("a key whose numbers contradict each other is refused", "[x509][pvk]") {
  const Bytes& plain = made_files().plain;
  // e, then n, p, q, dP, dQ, qInv and d begin here.
  for (const std::size_t at : {40, 44, 172, 236, 300, 364, 428, 492}) {
    Bytes damaged = plain;
    damaged.at(at) ^= 2;
    INFO(at);
    check_refused(damaged,
                  "the PVK file is malformed (the numbers of the key contradict each other)");
  }
  for (const std::size_t at : {40, 172, 236}) {  // All zero, and one.
    Bytes damaged = plain;
    std::fill_n(damaged.begin() + std::ptrdiff_t(at), at == 40 ? 4 : 64, std::uint8_t{0});
    CHECK_THROWS_AS(read_pvk(damaged, nullptr), Error);
    damaged[at] = 1;
    CHECK_THROWS_AS(read_pvk(damaged, nullptr), Error);
  }
}

TEST_CASE("a file cut short anywhere is refused", "[x509][pvk]") {
  const Bytes& plain = made_files().plain;
  for (std::size_t length = 0; length < plain.size(); ++length) {
    INFO(length);
    check_refused(BytesView(plain).first(length), "the PVK file is cut short");
    CHECK_THROWS_AS(pvk_info(BytesView(plain).first(length)), Error);
  }
}

TEST_CASE("files of other people are read and fit their certificates", "[x509][pvk][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  struct Row {
    const char* file;
    PvkKeyType type;
    const char* certificate;
  };
  const Row rows[] = {
      {"dokany__DokanCA.pvk", PvkKeyType::signature, "dokany__DokanCA.cer"},
      {"jsign__privatekey.pvk", PvkKeyType::exchange,
       "jsign__jsign-test-certificate-full-chain.pem"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.file) {
      const auto bytes = read_file(*corpus / "keys" / row.file, max_pvk_bytes);
      CHECK_FALSE(pvk_info(bytes).encrypted);
      CHECK(pvk_info(bytes).type == row.type);
      const auto key = read_pvk(bytes, nullptr);
      CHECK(signs(key));
      const auto certificates =
          read_certificates(read_file(*corpus / "keys" / row.certificate, max_certificate_bytes));
      CHECK(certificates.front().public_key() == key.public_key());
    }
}
