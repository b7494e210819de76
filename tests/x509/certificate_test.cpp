#include "x509/certificate.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "issuing.h"
#include "ossl/random.h"
#include "x509/pem.h"

using namespace sealwright;
using namespace sealwright::x509;
namespace fs = std::filesystem;

namespace {

/// openssl prints a negative serial as "-" and the magnitude.
std::string serial_as_openssl(const Serial& serial) {
  if (!serial.negative) return serial.hex();
  Bytes magnitude = serial.value;
  unsigned carry = 1;
  for (auto octet = magnitude.rbegin(); octet != magnitude.rend(); ++octet) {
    carry += std::uint8_t(~*octet);
    *octet = std::uint8_t(carry);
    carry >>= 8;
  }
  return "-" + to_hex_upper(magnitude);
}

/// Short names that openssl spells otherwise.
std::string name_as_openssl(std::string text) {
  text = std::regex_replace(text, std::regex("(^|,|\\+)E="), "$1emailAddress=");
  text = std::regex_replace(text, std::regex("(^|,|\\+)T="), "$1title=");
  text = std::regex_replace(text, std::regex("(^|,|\\+)STREET="), "$1street=");
  return text;
}

/// Everything that both sides show, in openssl's form.
std::string as_openssl(const Certificate& certificate) {
  const auto date = [](Time time) {
    auto text = to_iso(time);
    text[10] = ' ';
    return text;
  };
  std::string fingerprint;
  for (const auto octet : certificate.thumbprint().value)
    fingerprint += (fingerprint.empty() ? "" : ":") + to_hex_upper({&octet, 1});
  return "serial=" + serial_as_openssl(certificate.serial()) +
         "\nissuer=" + name_as_openssl(certificate.issuer().text()) +
         "\nsubject=" + name_as_openssl(certificate.subject().text()) +
         "\nnotBefore=" + date(certificate.not_before()) +
         "\nnotAfter=" + date(certificate.not_after()) + "\nSHA1 Fingerprint=" + fingerprint + "\n";
}

std::string openssl_says(const Certificate& certificate) {
  auto said = made::openssl_x509(
      certificate, {"-serial", "-issuer", "-subject", "-startdate", "-enddate", "-fingerprint",
                    "-sha1", "-nameopt", "RFC2253,-esc_msb", "-dateopt", "iso_8601"});
  return std::regex_replace(said, std::regex("sha1 Fingerprint"), "SHA1 Fingerprint");
}

std::string config(const std::string& extensions) {
  return "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=ext\nstring_mask=MASK\nutf8="
         "yes\n"
         "[dn]\nC=DE\nO=Bücher & Söhne\nOU=Ärger\n2.OU=plain\nCN=a, \"b\" + "
         "c\nemailAddress=a@b.example\n"
         "[ext]\n" +
         extensions;
}

/// A self-signed certificate by openssl.
Certificate by_openssl(const std::string& mask, std::vector<std::string> arguments,
                       const std::string& extensions = "basicConstraints=CA:TRUE\n") {
  const test::Scratch scratch;
  auto text = config(extensions);
  text.replace(text.find("MASK"), 4, mask);
  made::text_file(scratch / "c.cnf", text);
  std::vector<std::string> argv = {"openssl",
                                   "req",
                                   "-x509",
                                   "-newkey",
                                   "ec",
                                   "-pkeyopt",
                                   "ec_paramgen_curve:P-256",
                                   "-nodes",
                                   "-keyout",
                                   "/dev/null",
                                   "-config",
                                   (scratch / "c.cnf").string(),
                                   "-outform",
                                   "DER",
                                   "-out",
                                   (scratch / "c.der").string()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const auto ran = test::run(argv);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return Certificate::from_der(read_file(scratch / "c.der"));
}

/// Whatever in a file is the DER of a certificate: a SEQUENCE with a length of two octets that
/// starts with another, the version or a serial in it, and openssl agrees that it is one.
std::vector<Certificate> certificates_within(const Bytes& file) {
  std::vector<Certificate> found;
  for (std::size_t at = 0; at + 12 < file.size(); ++at) {
    const auto starts = [&](std::size_t i) {
      return file[at + i] == 0x30 && file[at + i + 1] == 0x82;
    };
    if (!starts(0) || !starts(4) || !(file[at + 8] == 0xa0 && file[at + 9] == 3)) continue;
    const std::size_t size = 4 + std::size_t(file[at + 2] << 8 | file[at + 3]);
    if (size > file.size() - at) continue;
    found.push_back(Certificate::from_der(BytesView(file).subspan(at, size)));
    at += size - 1;
  }
  return found;
}

bool no_openssl() {
  if (test::have_program("openssl")) return false;
  WARN("SKIPPED: no openssl");
  return true;
}

/// DER of a certificate that is well-formed, for tests that break it.
const Bytes& sound() {
  static const made::Issued issued =
      made::issue({"CN=sound", nullptr, {basic_constraints_extension({true, {}}, true)}});
  return issued.certificate.der();
}

}  // namespace

TEST_CASE("certificates made by openssl read as openssl reads them", "[x509][oracle]") {
  if (no_openssl()) return;
  struct Row {
    const char *what, *mask;
    std::vector<std::string> arguments;
  };
  const Row rows[] = {
      {"UTF8String", "utf8only", {"-days", "3"}},
      {"TeletexString or BMPString", "default", {"-days", "3"}},
      {"UniversalString and friends", "MASK:0x2002", {"-days", "3"}},
      {"a negative serial", "utf8only", {"-set_serial", "-5"}},
      {"a negative serial of many octets",
       "utf8only",
       {"-set_serial", "-0x7a00000000000000000000001100"}},
      {"serial -128", "utf8only", {"-set_serial", "-128"}},
      {"serial 255", "utf8only", {"-set_serial", "255"}},
      {"serial zero", "utf8only", {"-set_serial", "0"}},
      {"a serial of 30 octets", "utf8only", {"-set_serial", "0xff" + std::string(58, '7')}},
      {"an end after 2049", "utf8only", {"-days", "20000"}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      const Certificate certificate = by_openssl(row.mask, row.arguments);
      CHECK(as_openssl(certificate) == openssl_says(certificate));
      CHECK(certificate.self_signed());
      CHECK(certificate.is_ca());
      const Bytes serial = encode(certificate.serial());
      CHECK(std::search(certificate.tbs().begin(), certificate.tbs().end(), serial.begin(),
                        serial.end()) != certificate.tbs().end());
    }
}

TEST_CASE("serials that differ only by sign are not equal", "[x509]") {
  const auto read = [](Bytes der) {
    ossl::der::Reader reader(der, "serial");
    return read_serial(reader);
  };
  const Serial minus_one = read({2, 1, 0xff}), plus_255 = read({2, 2, 0, 0xff});
  CHECK(minus_one.hex() == "FF");
  CHECK(plus_255.hex() == "FF");
  CHECK(minus_one != plus_255);
  for (const Bytes& der : {Bytes{2, 1, 0xff}, Bytes{2, 2, 0, 0xff}, Bytes{2, 1, 0},
                           Bytes{2, 1, 0x7f}, Bytes{2, 2, 0xff, 0x7f}, Bytes{2, 3, 0x80, 0, 0}})
    CHECK(encode(read(der)) == der);
}

TEST_CASE("old version 1 certificates are read", "[x509][oracle]") {
  if (no_openssl()) return;
  const test::Scratch scratch;
  const auto request = test::run({"openssl", "req", "-newkey", "rsa:1024", "-nodes", "-keyout",
                                  (scratch / "key").string(), "-subj", "/CN=old/O=Acme", "-out",
                                  (scratch / "csr").string()});
  REQUIRE(request.exit_code == 0);
  const auto issued = test::run({"openssl", "x509", "-req", "-in", (scratch / "csr").string(),
                                 "-signkey", (scratch / "key").string(), "-sha1", "-outform", "DER",
                                 "-out", (scratch / "der").string()});
  REQUIRE(issued.exit_code == 0);
  const auto certificate = Certificate::from_der(read_file(scratch / "der"));
  CHECK(certificate.version() == 1);
  CHECK(certificate.extensions().empty());
  CHECK(!certificate.key_usage());
  CHECK(!certificate.is_ca());
  CHECK(certificate.public_key().description() == "RSA-1024");
  CHECK(certificate.self_signed());
  CHECK(as_openssl(certificate) == openssl_says(certificate));
}

TEST_CASE("what is not exactly one certificate is refused", "[x509]") {
  const auto changed = [](std::size_t at, std::uint8_t to) {
    Bytes der = sound();
    der[at] = to;
    return der;
  };
  Bytes longer = sound(), shorter = sound();
  longer.push_back(0);
  shorter.pop_back();
  struct Row {
    const char* what;
    Bytes der;
    const char* message;
  };
  const Row rows[] = {
      {"nothing", {}, "the certificate is malformed (an element is missing at offset 0)"},
      {"a SEQUENCE cut short",
       {0x30, 0x03, 0x02, 0x01},
       "the certificate is malformed (length past the end at offset 0)"},
      {"PEM", copy(view("-----BEGIN CERTIFICATE-----")),
       "the certificate is malformed (tag 0x2d instead of 0x30 at offset 0)"},
      {"a byte after it", longer, "the certificate is malformed (something left over at offset"},
      {"a byte less", shorter, "the certificate is malformed (length past the end at offset 0)"},
      {"version 4", changed(12, 3), "the certificate is malformed (unknown version 3)"},
      {"too large", Bytes(max_certificate_bytes + 1, 0x30),
       "the certificate is too large (262145 bytes, at most 262144)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      CHECK_THROWS_WITH(Certificate::from_der(row.der), Catch::StartsWith(row.message));
      CHECK_THROWS_AS(Certificate::from_der(row.der), Error);
    }
}

TEST_CASE("no certificate cut short anywhere is read", "[x509]") {
  for (std::size_t size = 0; size < sound().size(); ++size)
    CHECK_THROWS_AS(Certificate::from_der(BytesView(sound()).first(size)), Error);
}

TEST_CASE("an extension may stand once", "[x509]") {
  const auto twice = basic_constraints_extension({}, true);
  CHECK_THROWS_WITH(made::issue({"CN=a", nullptr, {twice, twice}}),
                    "the certificate is malformed (extension basicConstraints appears twice)");
}

TEST_CASE("a default that is written out is read", "[x509]") {
  // RFC 8410, section 10.2: keyUsage with critical FALSE, basicConstraints with cA FALSE; the key is
  // for X25519.
  const auto certificates = read_certificates(view(R"(-----BEGIN CERTIFICATE-----
MIIBLDCB36ADAgECAghWAUdKKo3DMDAFBgMrZXAwGTEXMBUGA1UEAwwOSUVURiBUZX
N0IERlbW8wHhcNMTYwODAxMTIxOTI0WhcNNDAxMjMxMjM1OTU5WjAZMRcwFQYDVQQD
DA5JRVRGIFRlc3QgRGVtbzAqMAUGAytlbgMhAIUg8AmJMKdUdIt93LQ+91oNvzoNJj
ga9OukqY6qm05qo0UwQzAPBgNVHRMBAf8EBTADAQEAMA4GA1UdDwEBAAQEAwIDCDAg
BgNVHQ4BAQAEFgQUmx9e7e0EM4Xk97xiPFl1uQvIuzswBQYDK2VwA0EAryMB/t3J5v
/BzKc9dNZIpDmAgs3babFOTQbs+BolzlDUwsPrdGxO3YNGhW7Ibz3OGhhlxXrCe1Cg
w1AH9efZBw==
-----END CERTIFICATE-----
)"));
  REQUIRE(certificates.size() == 1);
  const auto& certificate = certificates[0];
  CHECK(certificate.subject().text() == "CN=IETF Test Demo");
  REQUIRE(certificate.extension(Oid("2.5.29.15")));
  CHECK_FALSE(certificate.extension(Oid("2.5.29.15"))->critical);
  CHECK(certificate.key_usage() == key_agreement);
  CHECK_FALSE(certificate.is_ca());
  CHECK(certificate.public_key().type() == ossl::KeyType::other);
  CHECK(certificate.public_key().description() == "1.3.101.110");
}

TEST_CASE("a signature counts only with the algorithm it covers", "[x509]") {
  const auto issued = made::issue({"CN=a"});
  const auto& certificate = issued.certificate;
  CHECK(certificate.self_signed());
  CHECK_FALSE(certificate.signed_by(made::new_key()->public_key()));
  // The outer algorithm says SHA-384, the inner one SHA-256.
  const auto sha384 = certificate.public_key().algorithm(ossl::Digest::sha384);
  const auto other =
      assemble(certificate.tbs(), sha384, issued.key->sign(sha384, certificate.tbs()));
  CHECK(issued.key->public_key().verify(sha384, other.tbs(), other.signature()));
  CHECK_FALSE(other.self_signed());
}

TEST_CASE("malformed extensions are noticed when they are asked for", "[x509]") {
  const auto certificate =
      made::issue(
          {"CN=a", nullptr, {{Oid("2.5.29.15"), true, {1, 2, 3}}}, "2026-01-01", "2027-01-01"})
          .certificate;
  CHECK_THROWS_WITH(certificate.key_usage(),
                    Catch::StartsWith("the extension keyUsage is malformed ("));
  CHECK(certificate.extensions().size() == 3);
  CHECK(certificate.subject_key_identifier() == certificate.authority_key_identifier());
}

TEST_CASE("files of certificates are read whatever their coding", "[x509][oracle]") {
  if (no_openssl()) return;
  const test::Scratch scratch;
  const auto a = made::issue({"CN=a"}).certificate, b = made::issue({"CN=b"}).certificate;
  const std::string pem = "text\n" + a.to_pem() + "more text\n" + b.to_pem();
  made::text_file(scratch / "ab.pem", pem);
  const auto p7 = [&](const char* form) {
    const auto ran =
        test::run({"openssl", "crl2pkcs7", "-nocrl", "-certfile", (scratch / "ab.pem").string(),
                   "-outform", form, "-out", (scratch / "p7").string()});
    REQUIRE(ran.exit_code == 0);
    return read_file(scratch / "p7");
  };
  const std::vector<Certificate> both = {a, b};
  CHECK(read_certificates(view(pem)) == both);
  CHECK(read_certificates(p7("DER")) == both);
  CHECK(read_certificates(p7("PEM")) == both);
  CHECK(read_certificates(a.der()) == std::vector<Certificate>{a});
  const auto rewritten = test::run({"openssl", "x509"}, a.to_pem());
  CHECK(rewritten.out == a.to_pem());
}

TEST_CASE("files without a certificate are refused", "[x509]") {
  const std::string key = x509::to_pem("PRIVATE KEY", Bytes(3));
  CHECK_THROWS_WITH(read_certificates(view(key)), "no certificate found");
  CHECK_THROWS_WITH(read_certificates(view("hello")),
                    "the certificate is malformed (tag 0x68 instead of 0x30 at offset 0)");
  CHECK_THROWS_WITH(read_certificates(view(x509::to_pem("CERTIFICATE", Bytes(3)))),
                    Catch::StartsWith("the certificate is malformed ("));
}

TEST_CASE("every certificate file of the corpus reads as openssl reads it",
          "[x509][corpus][oracle]") {
  const auto corpus = test::corpus();
  if (!corpus || no_openssl()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  // These hold no certificate at all.
  const std::set<std::string> without = {"gnutls__rfc4490.p7b", "pyca_enveloped.pem",
                                         "runtime-assets__empty.p7b"};
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(*corpus / "keys")) {
    const auto extension = entry.path().extension();
    if (!std::set<fs::path>{".cer", ".crt", ".pem", ".der", ".p7b", ".spc"}.contains(extension))
      continue;
    INFO(entry.path());
    ++files;
    if (without.contains(entry.path().filename())) {
      CHECK_THROWS_AS(read_certificates(read_file(entry.path())), Error);
      continue;
    }
    for (const Certificate& certificate : read_certificates(read_file(entry.path())))
      CHECK(as_openssl(certificate) == openssl_says(certificate));
  }
  CHECK(files > 20);
}

TEST_CASE("certificates inside signed files and registries read as openssl reads them",
          "[x509][corpus][oracle]") {
  const auto corpus = test::corpus();
  if (!corpus || no_openssl()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  std::set<Thumbprint> seen;
  for (const auto& entry : fs::recursive_directory_iterator(*corpus)) {
    if (!entry.is_regular_file()) continue;
    INFO(entry.path());
    for (const Certificate& certificate : certificates_within(read_file(entry.path()))) {
      if (!seen.insert(certificate.thumbprint()).second) continue;
      CHECK(as_openssl(certificate) == openssl_says(certificate));
      CHECK(Name::parse(certificate.subject().text()).text() == certificate.subject().text());
      for (const Extension& extension : certificate.extensions()) CHECK(!extension.value.empty());
      CHECK_NOTHROW(certificate.key_usage());
      CHECK_NOTHROW(certificate.extended_key_usage());
      CHECK_NOTHROW(certificate.basic_constraints());
      CHECK_NOTHROW(certificate.subject_key_identifier());
      CHECK_NOTHROW(certificate.authority_key_identifier());
    }
  }
  CHECK(seen.size() > 150);
}
