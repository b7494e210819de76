#include "x509/pkcs12.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "made.h"
#include "ossl/der.h"
#include "support.h"

using namespace sealwright;
using namespace sealwright::x509;
namespace der = ossl::der;

namespace {

ossl::Secret password(std::string_view text) { return ossl::Secret(text); }

PfxContent content_of(const made::Identity& identity) {
  PfxContent content;
  content.pkcs8 = identity.pkcs8.clone();
  content.certificate = identity.certificate;
  content.chain = {made::other().certificate};
  content.friendly_name = "Treiber-Signatur \xc3\xbc 2026";
  return content;
}

struct Profile {
  const char* name;
  PfxProfile profile;
};
const Profile profiles[] = {{"modern", PfxProfile::modern}, {"compatible", PfxProfile::compatible}};

std::string message_of(BytesView pfx, std::string_view secret, Error::Kind kind) {
  try {
    read_pfx(pfx, password(secret));
  } catch (const Error& error) {
    CHECK(error.kind == kind);
    return error.message;
  }
  return "read";
}

test::Ran openssl_pkcs12(const std::string& file, const std::string& secret,
                         const std::vector<std::string>& options) {
  std::vector<std::string> argv = {"openssl", "pkcs12", "-in", file, "-passin", "pass:" + secret};
  argv.insert(argv.end(), options.begin(), options.end());
  return test::run(argv);
}

}  // namespace

TEST_CASE("a PFX is read back as it was written", "[x509]") {
  for (const auto& [name, profile] : profiles)
    for (const made::Identity* identity : {&made::rsa(), &made::ec()})
      for (const char* secret : {"secret", "", "gr\xc3\xbc\xc3\x9f \xd0\xb9"}) {
        INFO(name << " '" << secret << "'");
        PfxContent content = content_of(*identity);
        content.friendly_name += " \xf0\x9f\x94\x91";  // Beyond the first plane of Unicode.
        const Bytes pfx = write_pfx(content, password(secret), {profile, 2048});
        const PfxContent read = read_pfx(pfx, password(secret));
        CHECK(equal(read.pkcs8.view(), content.pkcs8.view()));
        CHECK(read.certificate == content.certificate);
        CHECK(read.chain == content.chain);
        CHECK(read.friendly_name == content.friendly_name);
        CHECK(read.other_keys == 0);
      }
}

TEST_CASE("openssl opens both profiles, without its legacy provider", "[x509]") {
  struct Row {
    PfxProfile profile;
    std::vector<std::string> facts;
  };
  const Row rows[] = {
      {PfxProfile::modern,
       {"MAC: sha256, Iteration 4096",
        "PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 4096, PRF hmacWithSHA256",
        "Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 4096, PRF hmacWithSHA256"}},
      {PfxProfile::compatible,
       {"MAC: sha1, Iteration 4096",
        "PKCS7 Encrypted data: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 4096",
        "Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 4096"}},
  };
  const test::Scratch scratch;
  const PfxContent content = content_of(made::rsa());
  for (const Row& row : rows) {
    const std::string file =
        made::file(scratch / std::to_string(int(row.profile)),
                   write_pfx(content, password("s3cret \xc3\xbc"), {row.profile, 4096}));
    const auto ran = openssl_pkcs12(file, "s3cret \xc3\xbc", {"-info", "-nodes"});
    REQUIRE(ran.exit_code == 0);
    for (const std::string& fact : row.facts) CHECK_THAT(ran.err, Catch::Contains(fact));
    CHECK_THAT(ran.out, Catch::Contains(content.certificate->to_pem()));
    CHECK_THAT(ran.out, Catch::Contains(content.chain[0].to_pem()));
    const auto key = test::run({"openssl", "pkcs8", "-topk8", "-nocrypt", "-outform", "DER"},
                               openssl_pkcs12(file, "s3cret \xc3\xbc", {"-nocerts", "-nodes"}).out);
    CHECK(equal(view(key.out), content.pkcs8.view()));
  }
}

TEST_CASE("the key bag and its certificate have the certificate's thumbprint as local key id",
          "[x509]") {
  const test::Scratch scratch;
  const std::string file =
      made::file(scratch / "f.pfx", write_pfx(content_of(made::ec()), password("x"), {}));
  const auto ran = openssl_pkcs12(file, "x", {"-nodes"});
  std::string id;
  for (const std::uint8_t octet : made::ec().certificate.thumbprint().value)
    id += to_hex_upper({&octet, 1}) + ' ';
  const auto first = ran.out.find("localKeyID: " + id);
  REQUIRE(first != std::string::npos);
  CHECK(ran.out.find("localKeyID: " + id, first + 1) != std::string::npos);
}

TEST_CASE("a PFX says which Windows provider its key is for", "[x509]") {
  const test::Scratch scratch;
  for (const auto& [name, profile] : profiles) {
    INFO(name);
    const std::string file = made::file(
        scratch / name,
        write_pfx(content_of(made::rsa()), password("x"), {profile, 2048, enhanced_rsa_csp}));
    const std::string attribute = "Microsoft CSP Name: " + std::string(enhanced_rsa_csp);
    const auto keys = openssl_pkcs12(file, "x", {"-nodes", "-nocerts"});
    CHECK_THAT(keys.out, Catch::Contains(attribute));
    const auto certificates = openssl_pkcs12(file, "x", {"-nodes", "-nokeys"});
    CHECK_THAT(certificates.out, !Catch::Contains(attribute));
    CHECK(read_pfx(read_file(file), password("x")).csp == enhanced_rsa_csp);
    const std::string without = made::file(scratch / (name + std::string("-without")),
                                           write_pfx(content_of(made::rsa()), password("x"), {}));
    CHECK_THAT(openssl_pkcs12(without, "x", {"-nodes"}).out, !Catch::Contains("CSP Name"));
  }
}

TEST_CASE("an empty password and none are two files", "[x509]") {
  const auto openssl = [](const Bytes& pfx) {  // Tries both, too.
    const test::Scratch scratch;
    const std::string file = made::file(scratch / "f.pfx", pfx);
    return openssl_pkcs12(file, "", {"-nodes", "-info"});
  };
  for (const auto& [name, profile] : profiles)
    for (const PfxPassword which : {PfxPassword::empty, PfxPassword::none}) {
      INFO(name << " " << int(which));
      const Bytes pfx = write_pfx(content_of(made::rsa()), {}, {profile, 2048, "", which});
      CHECK(openssl(pfx).exit_code == 0);
      const PfxContent read = read_pfx(pfx, {});
      CHECK(read.certificate == made::rsa().certificate);
      CHECK(read.protection.password == which);
    }
}

TEST_CASE("how a PFX is protected is found out", "[x509]") {
  const test::Scratch scratch;
  const auto pem = [&](const char* name, const std::string& text) {
    return made::file(scratch / name, view(text));
  };
  const std::string certificate = pem("c.pem", made::rsa().certificate.to_pem());
  const std::string key =
      pem("k.pem", test::run({"openssl", "pkey", "-inform", "DER", "-in",
                              made::file(scratch / "k.der", made::rsa().pkcs8.view())})
                       .out);
  const std::string modern = "AES-256-CBC, PBKDF2-HMAC-SHA256, 2048 iterations";
  const std::string triple = "3DES, PKCS#12 KDF with SHA-1, 2048 iterations";
  const std::string rc2 = "RC2-40-CBC, PKCS#12 KDF with SHA-1, 2048 iterations";
  const std::string since_1709 =
      "Windows 10 1709, Server 2019 and later, and OpenSSL 3 without its legacy provider";
  const std::string all = "everything since Windows XP, and OpenSSL 3 without its legacy provider";
  struct Row {
    const char* name;
    std::vector<std::string> options;
    std::vector<std::string> parts;
    std::string mac, readers;
  };
  const std::vector<Row> rows = {
      {"modern", {}, {"certificates: " + modern, "key: " + modern}, "HMAC-SHA256", since_1709},
      {"compatible",
       {"-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"},
       {"certificates: " + triple, "key: " + triple},
       "HMAC-SHA1",
       all},
      {"3DES with a newer MAC",
       {"-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"},
       {"certificates: " + triple, "key: " + triple},
       "HMAC-SHA256",
       since_1709},
      {"RC2, as Windows wrote it",
       {"-legacy"},
       {"certificates: " + rc2, "key: " + triple},
       "HMAC-SHA1",
       "everything since Windows XP; OpenSSL 3 only with its legacy provider"},
      {"plain certificates",
       {"-certpbe", "NONE"},
       {"certificates: not encrypted", "key: " + modern},
       "HMAC-SHA256",
       since_1709},
      {"a plain key",
       {"-keypbe", "NONE"},
       {"certificates: " + modern, "key: not encrypted"},
       "HMAC-SHA256",
       since_1709},
      {"no MAC",
       {"-nomac", "-certpbe", "NONE"},
       {"certificates: not encrypted", "key: " + modern},
       "",
       "not known of any version of Windows"},
      {"a cipher of its own",
       {"-keypbe", "camellia-128-cbc"},
       {"certificates: " + modern, "key: CAMELLIA-128-CBC, PBKDF2-HMAC-SHA256, 2048 iterations"},
       "HMAC-SHA256",
       "not known of any version of Windows"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      std::vector<std::string> argv = {"openssl", "pkcs12", "-export",  "-in",   certificate,
                                       "-inkey",  key,      "-passout", "pass:x"};
      argv.insert(argv.end(), row.options.begin(), row.options.end());
      const auto made = test::run(argv);
      INFO(made.err);
      REQUIRE(made.exit_code == 0);
      const auto found = read_pfx(view(made.out), password("x")).protection;
      std::vector<std::string> parts;
      for (const PfxPart& part : found.parts) parts.push_back(to_text(part));
      CHECK(parts == row.parts);
      CHECK(found.mac == row.mac);
      CHECK(found.mac_iterations == (row.mac.empty() ? 0 : 2048));
      CHECK(found.password == PfxPassword::given);
      CHECK(readers(found, ossl::KeyType::rsa) == row.readers);
    }
}

TEST_CASE("each profile's label says who can read it", "[x509]") {
  using ossl::KeyType;
  CHECK(label(PfxProfile::modern, 2048, KeyType::rsa) ==
        "AES-256-CBC, PBKDF2-HMAC-SHA256, 2048 iterations, HMAC-SHA256 MAC: Windows 10 1709, "
        "Server 2019 and later");
  CHECK(label(PfxProfile::compatible, 100'000, KeyType::rsa) ==
        "3DES, SHA-1 MAC, 100000 iterations: everything since Windows XP, and OpenSSL 3 without "
        "its legacy provider");
  // CNG, which came with Windows Vista, is the first that holds keys for ECDSA.
  CHECK_THAT(label(PfxProfile::compatible, 1, KeyType::ec),
             Catch::Contains(": everything since Windows Vista, and OpenSSL 3"));
  CHECK_THAT(label(PfxProfile::modern, 1, KeyType::ec), Catch::Contains(": Windows 10 1709"));
  for (const auto profile : {PfxProfile::modern, PfxProfile::compatible})
    CHECK_THAT(label(profile, 1, KeyType::ed25519),
               Catch::EndsWith(" not known of any version of Windows"));
}

TEST_CASE("a wrong password is told from a damaged file", "[x509]") {
  for (const auto& [name, profile] : profiles) DYNAMIC_SECTION(name) {
      const Bytes pfx = write_pfx(content_of(made::ec()), password("right"), {profile, 1000});
      CHECK(message_of(pfx, "wrong", Error::Kind::crypto) == "wrong password");
      CHECK(message_of(pfx, "", Error::Kind::crypto) == "wrong password");

      Bytes changed = pfx;
      changed[changed.size() - 30] ^= 1;  // in the MAC or its salt
      CHECK(message_of(changed, "right", Error::Kind::input) ==
            "the PFX is damaged (its MAC does not match)");
      CHECK(message_of(changed, "wrong", Error::Kind::crypto) == "wrong password");

      changed = pfx;
      changed[200] ^= 1;  // in the certificates: the key still opens
      CHECK(message_of(changed, "right", Error::Kind::input) ==
            "the PFX is damaged (its MAC does not match)");

      const BytesView half(pfx.data(), pfx.size() / 2);
      CHECK(message_of(half, "right", Error::Kind::input) ==
            "not a PFX (PKCS#12) file, or cut short");
      changed = pfx;
      changed.push_back('x');
      CHECK(message_of(changed, "right", Error::Kind::input) ==
            "the PFX is damaged (there are bytes after it)");
    }
  CHECK(message_of({}, "", Error::Kind::input) == "not a PFX (PKCS#12) file, or cut short");
}

TEST_CASE("a file without MAC is read, and a wrong password is only a guess", "[x509]") {
  const test::Scratch scratch;
  const std::string certificate =
      made::file(scratch / "c.pem", view(made::ec().certificate.to_pem()));
  const std::string key = made::file(
      scratch / "k.pem", view(test::run({"openssl", "pkey", "-inform", "DER", "-in",
                                         made::file(scratch / "k.der", made::ec().pkcs8.view())})
                                  .out));
  const auto pfx = test::run({"openssl", "pkcs12", "-export", "-nomac", "-in", certificate,
                              "-inkey", key, "-passout", "pass:secret"});
  REQUIRE(pfx.exit_code == 0);
  CHECK(read_pfx(view(pfx.out), password("secret")).certificate == made::ec().certificate);
  try {
    read_pfx(view(pfx.out), password("other"));
    FAIL("read with another password");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::crypto);
    CHECK(error.message == "wrong password");
    CHECK(error.hint == "the file has no MAC: it may also be damaged");
  }
}

TEST_CASE("write_pfx refuses what would be of no use", "[x509]") {
  const auto refused = [](const PfxContent& content, const PfxOptions& options) -> std::string {
    try {
      write_pfx(content, password("x"), options);
    } catch (const Error& error) {
      return error.message;
    }
    return "written";
  };
  PfxContent content = content_of(made::ec());
  CHECK(refused(content, {PfxProfile::modern, 1, "", PfxPassword::none}) ==
        "a password for a PFX that has none");
  CHECK(refused(content, {PfxProfile::modern, 1, "\xff"}) ==
        "the password, the friendly name or the CSP name is not UTF-8");
  CHECK(refused(content, {PfxProfile::modern, 0}) == "iterations must be 1 to 1000000, not 0");
  CHECK(refused(content, {PfxProfile::modern, 1'000'001}) ==
        "iterations must be 1 to 1000000, not 1000001");
  content.certificate = made::other().certificate;
  CHECK(refused(content, {}) == "the key is not the certificate's");
  content.certificate.reset();
  CHECK(refused(content, {}) == "a PFX needs a key and its certificate");
  content = content_of(made::ec());
  content.friendly_name = "\xff";
  CHECK(refused(content, {}) == "the password, the friendly name or the CSP name is not UTF-8");
}

namespace {

const Oid data("1.2.840.113549.1.7.1"), encrypted_data("1.2.840.113549.1.7.6");

/// A PFX whose certificates are encrypted as `algorithm` says, with a MAC that asks for
/// `mac_iterations`, or none.
Bytes hostile(const Bytes& algorithm, std::int64_t mac_iterations = 0) {
  const Bytes ciphertext = der::element(der::context(0), Bytes(16));
  const Bytes content = der::sequence({der::oid(data), algorithm, ciphertext});
  const Bytes safe =
      der::sequence({der::oid(encrypted_data),
                     der::constructed(0xa0, {der::sequence({der::integer(0), content})})});
  const Bytes authenticated = der::sequence(
      {der::oid(data), der::constructed(0xa0, {der::octet_string(der::sequence({safe}))})});
  if (!mac_iterations) return der::sequence({der::integer(3), authenticated});
  const Bytes sha1 = der::sequence({der::oid(ossl::oid_of(ossl::Digest::sha1)), der::null()});
  const Bytes mac = der::sequence({der::sequence({sha1, der::octet_string(Bytes(20))}),
                                   der::octet_string(Bytes(8)), der::integer(mac_iterations)});
  return der::sequence({der::integer(3), authenticated, mac});
}

Bytes algorithm(const char* oid, const Bytes& parameters) {
  return der::sequence({der::oid(Oid(oid)), parameters});
}

Bytes pbes2(const Bytes& derivation, const char* cipher = "2.16.840.1.101.3.4.1.42") {
  return algorithm("1.2.840.113549.1.5.13",
                   der::sequence({derivation, algorithm(cipher, der::octet_string(Bytes(16)))}));
}

Bytes pbkdf2(std::int64_t iterations) {
  return algorithm("1.2.840.113549.1.5.12",
                   der::sequence({der::octet_string(Bytes(8)), der::integer(iterations)}));
}

}  // namespace

TEST_CASE("a hostile PFX costs no more than it may", "[x509]") {
  const Bytes salt = der::octet_string(Bytes(8));
  const char* triple_des = "1.2.840.113549.1.12.1.3";
  const Bytes cheap = algorithm(triple_des, der::sequence({salt, der::integer(1)}));
  const std::string too_much = "the PFX demands more than 5000000 rounds of key derivation";
  const Bytes huge = der::positive_integer(Bytes(40, 0xff));
  struct Row {
    const char* name;
    Bytes pfx;
    std::string message;
  };
  const Row rows[] = {
      {"rounds of the MAC", hostile(cheap, 5'000'001), too_much},
      {"rounds of the MAC, of 62 bits", hostile(cheap, INT64_MAX / 2), too_much},
      {"rounds of PKCS#12's own derivation",
       hostile(algorithm(triple_des, der::sequence({salt, der::integer(5'000'001)}))), too_much},
      {"a negative count", hostile(algorithm(triple_des, der::sequence({salt, der::integer(-1)}))),
       too_much},
      {"a count of 320 bits", hostile(algorithm(triple_des, der::sequence({salt, huge}))),
       too_much},
      {"rounds of PBKDF2", hostile(pbes2(pbkdf2(5'000'001))), too_much},
      {"scrypt with a huge p",
       hostile(pbes2(algorithm(
           "1.3.6.1.4.1.11591.4.11",
           der::sequence({salt, der::integer(2048), der::integer(1), der::integer(100'000)})))),
       too_much},
      {"scrypt whose cost overflows",
       hostile(pbes2(algorithm("1.3.6.1.4.1.11591.4.11",
                               der::sequence({salt, der::integer(INT64_MAX), der::integer(1024),
                                              der::integer(1024)})))),
       too_much},
      {"a cipher nobody knows", hostile(pbes2(pbkdf2(1), "1.2.3.4")),
       "the PFX uses the cipher 1.2.3.4, which is not supported"},
      {"a key derivation nobody knows", hostile(pbes2(algorithm("1.2.3.5", der::sequence({})))),
       "the PFX uses the key derivation 1.2.3.5, which is not supported"},
      {"an encryption nobody knows", hostile(algorithm("1.2.3.6", der::sequence({}))),
       "the PFX uses 1.2.3.6, which is not supported"},
      {"encryption without parameters", hostile(algorithm(triple_des, der::null())),
       "the PFX's encryption is malformed (no parameters)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(message_of(row.pfx, "x", Error::Kind::input) == row.message);
    }
}
