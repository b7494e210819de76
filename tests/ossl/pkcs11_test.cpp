#include "ossl/pkcs11.h"

#include <fmt/format.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "token_folder.h"

using namespace sealwright;
using namespace sealwright::ossl;
using test::TokenFolder;

namespace {

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was refused");
  return Error(Error::Kind::internal, "");
}

/// Tokens through SoftHSM's module, with the right PIN unless another is given.
struct Asked {
  explicit Asked(const std::string& module, std::string pin = TokenFolder::pin)
      : tokens({[this, pin](const std::string& label) {
                  ++times;
                  last_label = label;
                  return Secret(std::string_view(pin));
                },
                module}) {}
  int times = 0;
  std::string last_label;
  Tokens tokens;
};

/// Whether openssl finds the signature good.
bool openssl_agrees(const PublicKey& key, const SignatureAlgorithm& algorithm, BytesView message,
                    BytesView signature) {
  const test::Scratch folder;
  write_file(folder / "key.der", key.spki());
  write_file(folder / "message", message);
  write_file(folder / "signature", signature);
  std::vector<std::string> argv = {"openssl",
                                   "dgst",
                                   "-" + std::string(to_text(algorithm.digest)),
                                   "-keyform",
                                   "DER",
                                   "-verify",
                                   (folder / "key.der").string(),
                                   "-signature",
                                   (folder / "signature").string()};
  if (algorithm.scheme == Scheme::rsa_pss)
    for (const char* word :
         {"-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"})
      argv.emplace_back(word);
  argv.push_back((folder / "message").string());
  return test::run(argv).out == "Verified OK\n";
}

const Bytes message = copy(view("what is to be signed"));

}  // namespace

TEST_CASE("A PKCS#11 URI says which token and object it means", "[pkcs11]") {
  const auto uri = TokenUri::parse(
      "pkcs11:token=Build%20HSM;object=driver%2Dsigning;id=%01%ab?pin-source=file:/run/pin");
  CHECK(uri.object() == "driver-signing");
  CHECK(uri.id() == Bytes{0x01, 0xab});
  CHECK(uri.pin_file() == "/run/pin");
  CHECK(uri.for_object("a b", Bytes{0x02}).object() == "a b");
  CHECK(uri.for_object("a b", Bytes{0x02}).id() == Bytes{0x02});
  CHECK(uri.for_object("a b", Bytes{0x02}).pin_file() == "/run/pin");
  CHECK(uri.for_object("a b").id().empty());
  CHECK(uri.for_object("a b").text().find("token=Build%20HSM") != std::string::npos);
  CHECK(uri.object() == "driver-signing");
  CHECK(TokenUri::parse("pkcs11:").object().empty());
}

TEST_CASE("What is no PKCS#11 URI, or would show a PIN, is refused", "[pkcs11]") {
  struct Row {
    const char* name;
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"another scheme", "file:key.pem",
       "'file:key.pem' is no PKCS#11 URI: it does not begin with pkcs11:"},
      {"no value", "pkcs11:token",
       "'pkcs11:token' is no PKCS#11 URI: it does not consist of NAME=VALUE with ; between them"},
      {"half an escape", "pkcs11:token=a%2",
       "'pkcs11:token=a%2' is no PKCS#11 URI: an escape is not % and two hexadecimal digits"},
      {"no escape", "pkcs11:token=a%zz",
       "'pkcs11:token=a%zz' is no PKCS#11 URI: an escape is not % and two hexadecimal digits"},
      {"a NUL, where p11-kit takes a label to end", "pkcs11:token=%00zzz",
       "'pkcs11:token=%00zzz' is no PKCS#11 URI: its 'token' holds a NUL"},
      {"a NUL within", "pkcs11:token=a;object=a%00b",
       "'pkcs11:token=a;object=a%00b' is no PKCS#11 URI: its 'object' holds a NUL"},
      {"a NUL in a file name", "pkcs11:token=a?pin-source=/run/pin%00x",
       "'pkcs11:token=a?pin-source=/run/pin%00x' is no PKCS#11 URI: its 'pin-source' holds a NUL"},
      {"an empty label, which fits any", "pkcs11:token=;object=a",
       "'pkcs11:token=;object=a' is no PKCS#11 URI: its 'token' is empty"},
      {"a space", "pkcs11:token=Build HSM",
       "'pkcs11:token=Build HSM' is no PKCS#11 URI: it holds a space or a control character"},
      {"an attribute of nobody", "pkcs11:tokn=a",
       "'pkcs11:tokn=a' is no PKCS#11 URI: it has an attribute that is not known"},
      {"a certificate", "pkcs11:token=a;type=cert",
       "'pkcs11:token=a;type=cert' is no PKCS#11 URI: its type is not private"},
      {"a command that gives the PIN", "pkcs11:token=a?pin-source=%7Ccat",
       "'pkcs11:token=a?pin-source=%7Ccat' is no PKCS#11 URI: its pin-source is not the path of a "
       "file"},
      {"a PIN", "pkcs11:token=a?pin-value=1234",
       "a PKCS#11 URI may not hold the PIN: whoever reads the URI could use the token"},
      {"a PIN, spaced", "pkcs11:token=a?pin- value=1234",
       "a PKCS#11 URI may not hold the PIN: whoever reads the URI could use the token"},
      {"a PIN, misspelt", "pkcs11:token=a?Pin-Value=1234",
       "a PKCS#11 URI may not hold the PIN: whoever reads the URI could use the token"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const Error error = error_of([&] { TokenUri::parse(row.text); });
      CHECK(error.message == row.message);
      CHECK((error.message + error.hint).find("1234") == std::string::npos);
    }
  CHECK(TokenUri::parse("pkcs11:id=%00%01").id() == Bytes{0, 1});
  CHECK_THROWS_AS(TokenUri::parse("pkcs11:object=" + std::string(4096, 'a')), Error);
}

TEST_CASE("Keys made on a token sign, and openssl agrees", "[pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  struct Row {
    const char* label;
    KeySpec spec;
    std::vector<SignatureAlgorithm> algorithms;
  };
  const Row rows[] = {
      {"rsa",
       {KeyType::rsa, 2048},
       {{Scheme::rsa_pkcs1, Digest::sha256},
        {Scheme::rsa_pkcs1, Digest::sha1},
        {Scheme::rsa_pkcs1, Digest::sha384},
        {Scheme::rsa_pss, Digest::sha256},
        {Scheme::rsa_pss, Digest::sha512}}},
      {"p256",
       {KeyType::ec, 0, Curve::p256},
       {{Scheme::ecdsa, Digest::sha256},
        {Scheme::ecdsa, Digest::sha1},
        {Scheme::ecdsa, Digest::sha512}}},
      {"p384", {KeyType::ec, 0, Curve::p384}, {{Scheme::ecdsa, Digest::sha384}}},
      {"p521", {KeyType::ec, 0, Curve::p521}, {{Scheme::ecdsa, Digest::sha512}}},
  };
  Asked asked(module);
  for (const Row& row : rows) {
    INFO(row.label);
    const auto uri = TokenUri::parse(fmt::format("pkcs11:token=Build%20HSM;object={}", row.label));
    CHECK_FALSE(asked.tokens.exists(uri));
    const TokenKey made = asked.tokens.generate(uri, row.spec);
    CHECK(asked.tokens.exists(uri));
    CHECK(made.uri.object() == row.label);
    CHECK(made.uri.id().size() == 20);
    const auto found = asked.tokens.find(made.uri);
    CHECK(found.signer->public_key() == made.signer->public_key());
    for (const auto& algorithm : row.algorithms) {
      INFO(to_text(algorithm));
      const Bytes signature = found.signer->sign(algorithm, message);
      CHECK(openssl_agrees(made.signer->public_key(), algorithm, message, signature));
    }
    CHECK(error_of([&] { asked.tokens.generate(uri, row.spec); }).message ==
          fmt::format("token 'Build HSM' has a key '{}' already", row.label));
  }
  CHECK(asked.times == 1);
  CHECK(asked.last_label == "Build HSM");

  const std::string listed =
      folder.tool("Build HSM", {"--list-objects", "--type", "privkey", "--label", "rsa"}).out;
  CHECK(listed.find("Usage:      sign\n") != std::string::npos);
  CHECK(listed.find("sensitive, always sensitive, never extractable, local") != std::string::npos);
}

TEST_CASE("Keys that another program made on a token are found", "[pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  folder.tool("Build HSM", {"--keypairgen", "--key-type", "EC:prime256v1", "--label", "elsewhere",
                            "--id", "4711"});
  folder.tool("Build HSM",
              {"--keypairgen", "--key-type", "rsa:2048", "--label", "elsewhere", "--id", "0815"});
  Asked asked(module);
  const auto find = [&](const std::string& uri) { return asked.tokens.find(TokenUri::parse(uri)); };

  const auto key = find("pkcs11:id=%47%11");
  CHECK(key.uri.object() == "elsewhere");
  CHECK(key.signer->public_key().description() == "ECDSA P-256");
  const SignatureAlgorithm algorithm{Scheme::ecdsa, Digest::sha256};
  CHECK(openssl_agrees(key.signer->public_key(), algorithm, message,
                       key.signer->sign(algorithm, message)));
  CHECK_FALSE(asked.tokens.certificate(key.uri));

  const Error both = error_of([&] { find("pkcs11:object=elsewhere"); });
  CHECK(both.message.find("token 'Build HSM' has 2 private keys that are what "
                          "'pkcs11:object=elsewhere' says: 'elsewhere' (id ") == 0);
  const Error none = error_of([&] { find("pkcs11:object=nowhere"); });
  CHECK(none.message ==
        "token 'Build HSM' has no private key that is what 'pkcs11:object=nowhere' says");
  CHECK(none.hint.find("it has: 'elsewhere' (id ") == 0);
}

TEST_CASE("A key without public key beside it is known by its certificate", "[pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  const std::string key = folder.file("key.pem"), certificate = folder.file("certificate.der");
  REQUIRE(test::run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-384", "-nodes", "-keyout", key, "-subj", "/CN=Test",
                     "-outform", "DER", "-out", certificate})
              .exit_code == 0);
  REQUIRE(test::run({"softhsm2-util", "--import", key, "--token", "Build HSM", "--label", "brought",
                     "--id", "4711", "--pin", TokenFolder::pin})
              .exit_code == 0);
  folder.tool("Build HSM", {"--delete-object", "--type", "pubkey", "--id", "4711"});
  const auto uri = TokenUri::parse("pkcs11:object=brought");
  {
    Asked asked(module);
    const Error error = error_of([&] { asked.tokens.find(uri); });
    CHECK(error.message ==
          "token 'Build HSM' does not say what the public key of 'brought' is, or it is neither "
          "RSA nor on P-256, P-384 or P-521");
    CHECK(error.hint ==
          "write its certificate onto the token with the same id: pkcs11-tool --write-object FILE "
          "--type cert --id 4711");
  }
  folder.tool("Build HSM",
              {"--write-object", certificate, "--type", "cert", "--id", "4711", "--label", "any"});
  Asked asked(module);
  const SignatureAlgorithm algorithm{Scheme::ecdsa, Digest::sha384};
  const auto signer = asked.tokens.signer(uri);
  CHECK(openssl_agrees(signer->public_key(), algorithm, message, signer->sign(algorithm, message)));
  CHECK(asked.tokens.certificate(uri) == read_file(certificate));
}

TEST_CASE("A wrong PIN is tried once", "[pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  const auto uri = TokenUri::parse("pkcs11:token=Build%20HSM;object=key");
  Asked asked(module, "13579");
  for (int i = 0; i < 3; ++i) {
    const Error error = error_of([&] { asked.tokens.find(uri); });
    CHECK(error.kind == Error::Kind::crypto);
    CHECK(error.message == "token 'Build HSM' refuses the PIN");
    CHECK(error.hint ==
          "check it before the next try: after a few wrong PINs the token locks itself; this one "
          "was tried once");
    CHECK(error.causes == std::vector<std::string>{"C_Login: CKR_PIN_INCORRECT"});
  }
  CHECK(asked.times == 1);
}

TEST_CASE("A PIN is read from the file that the URI names, or never sent", "[pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  std::ofstream(folder.file("pin")) << TokenFolder::pin << "\n";
  const auto uri = TokenUri::parse("pkcs11:object=key?pin-source=file:" + folder.file("pin"));
  {
    Asked asked(module);
    CHECK(asked.tokens.generate(uri, {KeyType::ec}).uri.pin_file() == folder.file("pin"));
    CHECK(asked.times == 0);
  }
  Asked empty(module, "");
  CHECK(error_of([&] { empty.tokens.find(TokenUri::parse("pkcs11:object=key")); }).message ==
        "the PIN of token 'Build HSM' is empty");
  Tokens nobody({{}, module});
  CHECK(error_of([&] { nobody.find(TokenUri::parse("pkcs11:object=key")); }).message ==
        "token 'Build HSM' wants its PIN");
}

TEST_CASE("A URI must mean exactly one token", "[pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder folder;
  {
    Asked asked(module);
    const Error none = error_of([&] { asked.tokens.find(TokenUri::parse("pkcs11:token=HSM")); });
    CHECK(none.kind == Error::Kind::state);
    CHECK(none.message == "no token is what 'pkcs11:token=HSM' says");
    CHECK(none.hint ==
          "plug it in; without its module registered with p11-kit, give the module: "
          "PKCS11_MODULE_PATH=/usr/lib/…/MODULE.so");
  }
  const std::string first = folder.add("HSM");
  {
    Asked asked(module);
    const Error other = error_of([&] { asked.tokens.find(TokenUri::parse("pkcs11:token=HMS")); });
    CHECK(other.message == "no token is what 'pkcs11:token=HMS' says");
    CHECK(other.hint == "there are: 'HSM' (serial " + first + ")");
  }
  folder.add("HSM");
  Asked asked(module);
  const Error two = error_of([&] { asked.tokens.find(TokenUri::parse("pkcs11:token=HSM")); });
  CHECK(two.message.find("2 tokens are what 'pkcs11:token=HSM' says: 'HSM' (serial ") == 0);
  CHECK(two.hint == "add ;serial=… to the URI");
  const auto exact = TokenUri::parse("pkcs11:token=HSM;object=key;serial=" + first);
  CHECK(asked.tokens.generate(exact, {KeyType::ec}).uri.text().find("serial=" + first) !=
        std::string::npos);
}

TEST_CASE("A module that is not there is an error", "[pkcs11]") {
  Tokens tokens({{}, "/nowhere/module.so"});
  const Error error = error_of([&] { tokens.find(TokenUri::parse("pkcs11:token=HSM")); });
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message == "the PKCS#11 module '/nowhere/module.so' cannot be loaded");
  CHECK(error.hint == "give the path of the module that came with the token, for this processor");
}

TEST_CASE("A token is found through the modules that are registered, or the URI names",
          "[pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  {
    Asked asked("/nowhere/module.so");
    CHECK_FALSE(asked.tokens.exists(
        TokenUri::parse("pkcs11:token=Build%20HSM;object=key?module-path=" + module)));
  }
  Asked asked("");
  CHECK_FALSE(asked.tokens.exists(TokenUri::parse("pkcs11:token=Build%20HSM;object=key")));
  CHECK(asked.times == 1);
}

TEST_CASE("What a token cannot make is an error", "[pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  Asked asked(module);
  const auto uri = TokenUri::parse("pkcs11:object=key");
  CHECK(error_of([&] { asked.tokens.generate(uri, {KeyType::ed25519}); }).message ==
        "keys of this type are not made on tokens");
  CHECK(error_of([&] { asked.tokens.generate(TokenUri::parse("pkcs11:"), {}); }).message ==
        "'pkcs11:' does not say what the new key is to be called");
  const auto key = asked.tokens.generate(uri, {KeyType::ec});
  CHECK(error_of([&] {
          key.signer->sign({Scheme::rsa_pkcs1, Digest::sha256}, message);
        }).message ==
        "a key ECDSA P-256 on a token cannot make signatures sha256WithRSAEncryption");
}

namespace {

/// The module of odd_token.cpp above SoftHSM, for the lifetime of this object.
class OddToken {
 public:
  explicit OddToken(const std::string& below) {
    setenv("ODD_TOKEN_BELOW", below.c_str(), 1);
    setenv("ODD_PIN", TokenFolder::pin, 1);
  }
  ~OddToken() {
    for (const char* name : {"ODD_TOKEN", "ODD_TOKEN_BELOW", "ODD_PIN"}) unsetenv(name);
  }
  OddToken(const OddToken&) = delete;
  OddToken& operator=(const OddToken&) = delete;
  static void is(const char* what) { setenv("ODD_TOKEN", what, 1); }
  static constexpr const char* module = SEALWRIGHT_ODD_TOKEN;
};

}  // namespace

TEST_CASE("Tokens that behave oddly sign all the same", "[pkcs11]") {
  const std::string softhsm = test::softhsm();
  if (softhsm.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  const OddToken odd(softhsm);
  const auto rsa = TokenUri::parse("pkcs11:object=rsa"), ec = TokenUri::parse("pkcs11:object=ec");
  {
    Asked asked(softhsm);
    asked.tokens.generate(rsa, {KeyType::rsa, 2048});
    asked.tokens.generate(ec, {KeyType::ec});
  }
  for (const char* how : {"digests-itself", "asks-each-time", "bare-point", "keypad"}) {
    INFO(how);
    OddToken::is(how);
    Asked asked(OddToken::module);
    for (const SignatureAlgorithm& algorithm :
         {SignatureAlgorithm{Scheme::rsa_pkcs1, Digest::sha256},
          SignatureAlgorithm{Scheme::rsa_pss, Digest::sha384},
          SignatureAlgorithm{Scheme::ecdsa, Digest::sha256}}) {
      // SoftHSM has no CKM_ECDSA_SHA256 to fall back on.
      if (how == std::string("digests-itself") && algorithm.scheme == Scheme::ecdsa) continue;
      INFO(to_text(algorithm));
      const auto signer = asked.tokens.signer(algorithm.scheme == Scheme::ecdsa ? ec : rsa);
      for (int i = 0; i < 2; ++i)
        CHECK(openssl_agrees(signer->public_key(), algorithm, message,
                             signer->sign(algorithm, message)));
    }
    CHECK(asked.times == (std::string(how) == "keypad" ? 0 : 1));
  }
}

TEST_CASE("What goes wrong on a token is said in words", "[pkcs11]") {
  const std::string softhsm = test::softhsm();
  if (softhsm.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  const OddToken odd(softhsm);
  const auto uri = TokenUri::parse("pkcs11:object=key");
  {
    Asked asked(softhsm);
    asked.tokens.generate(uri, {KeyType::ec});
  }
  struct Row {
    const char* token;
    const char* pin;
    Error::Kind kind;
    const char* message;
    const char* hint;
  };
  const Row rows[] = {
      {"locked", TokenFolder::pin, Error::Kind::crypto,
       "token 'Build HSM' refuses the login: the PIN is locked after too many wrong tries",
       "unlock it with the security officer's PIN: pkcs11-tool --unlock-pin"},
      {"last-try", "1", Error::Kind::crypto, "token 'Build HSM' refuses the PIN",
       "check it before the next try: one more wrong PIN locks the token"},
      {"unplugged", TokenFolder::pin, Error::Kind::state,
       "token 'Build HSM' cannot sign with 'key': the token was removed",
       "plug it in and repeat the command"},
      {"bit-flip", TokenFolder::pin, Error::Kind::crypto,
       "token 'Build HSM' cannot sign with 'key': what it made does not fit the public key",
       "the public key or certificate beside the key, with the same id, is another's"},
      {"full", TokenFolder::pin, Error::Kind::state,
       "token 'Build HSM' cannot make a key RSA-2048: the token is full",
       "delete what is not needed from it"},
      {"speechless", TokenFolder::pin, Error::Kind::crypto,
       "token 'Build HSM' cannot make a key RSA-2048: its module returns 0x80000017", ""},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.token) {
      OddToken::is(row.token);
      Asked asked(OddToken::module, row.pin);
      const Error error = error_of([&] {
        asked.tokens.signer(uri)->sign({Scheme::ecdsa, Digest::sha256}, message);
        asked.tokens.generate(uri.for_object("other"), {KeyType::rsa, 2048});
      });
      CHECK(error.kind == row.kind);
      CHECK(error.message == row.message);
      CHECK(error.hint == row.hint);
      CHECK(asked.times == (std::string(row.token) == "locked" ? 0 : 1));
    }
}

TEST_CASE("Several threads may sign with one token", "[pkcs11]") {
  const std::string module = test::softhsm();
  if (module.empty()) return;
  const TokenFolder folder;
  folder.add("Build HSM");
  std::unique_ptr<Signer> signer;
  {
    Asked asked(module);
    signer = asked.tokens.generate(TokenUri::parse("pkcs11:object=key"), {KeyType::ec}).signer;
  }
  // The session outlives the object that opened it.
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      const SignatureAlgorithm algorithm{Scheme::ecdsa, Digest::sha256};
      for (int n = 0; n < 10; ++n)
        good += signer->public_key().verify(algorithm, message, signer->sign(algorithm, message));
    });
  for (auto& thread : threads) thread.join();
  CHECK(good == 40);
}
