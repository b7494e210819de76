// What files hold, asked of files that openssl made.

#include "x509/content.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "support.h"
#include "x509/certificate.h"
#include "x509/pem.h"

using namespace sealwright;
using namespace sealwright::x509;

namespace {

/// A key, and whatever else openssl makes of it.
class Made {
 public:
  Made() {
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out root.pem -subj /CN=root");
    openssl("ecparam -name prime256v1 -genkey -noout -out ec.pem");
    write_file(scratch_ / "index", {});
    write_file(scratch_ / "ca.cnf", view("[ca]\ndefault_ca=c\n[c]\ndatabase=" + path("index") +
                                         "\ndefault_md=sha256\ndefault_crl_days=30\n"));
    openssl("ca -gencrl -config ca.cnf -cert root.pem -keyfile key.pem -out list.pem");
  }

  /// The file that openssl writes with these words; those with a "." are files of the scratch
  /// folder.
  Bytes operator()(const std::string& words) {
    openssl(words + " -out made.out");
    auto made = read_file(scratch_ / "made.out");
    std::filesystem::remove(scratch_ / "made.out");
    return made;
  }

 private:
  std::string path(const std::string& name) const { return (scratch_ / name).string(); }

  void openssl(const std::string& words) {
    std::vector<std::string> argv{"openssl"};
    for (std::size_t at = 0, end; at < words.size(); at = end + 1) {
      end = std::min(words.find(' ', at), words.size());
      const auto word = words.substr(at, end - at);
      argv.push_back(word.find('.') == std::string::npos ? word : path(word));
    }
    const auto ran = test::run(argv);
    INFO(words << "\n" << ran.err);
    REQUIRE(ran.exit_code == 0);
  }

  test::Scratch scratch_;
};

}  // namespace

TEST_CASE("what openssl writes is known by its first elements, and by its label", "[x509]") {
  if (test::run({"openssl", "version"}).exit_code != 0) {
    WARN("SKIPPED: no openssl program");
    return;
  }
  struct Row {
    const char* words;  ///< Followed by "-outform DER" and "-outform PEM".
    const char* label;
    Content content;
  };
  const Row rows[] = {
      {"x509 -in root.pem", "CERTIFICATE", Content::certificate},
      {"crl -in list.pem", "X509 CRL", Content::crl},
      {"req -new -key key.pem -subj /CN=x", "CERTIFICATE REQUEST", Content::request},
      {"crl2pkcs7 -nocrl -certfile root.pem", "PKCS7", Content::pkcs7},
      {"pkcs8 -topk8 -nocrypt -in key.pem", "PRIVATE KEY", Content::private_key},
      {"pkcs8 -topk8 -in key.pem -passout pass:x", "ENCRYPTED PRIVATE KEY", Content::private_key},
      {"rsa -traditional -in key.pem", "RSA PRIVATE KEY", Content::private_key},
      {"ec -in ec.pem", "EC PRIVATE KEY", Content::private_key},
      {"rsa -in key.pem -pubout", "", Content::other},
      {"rsa -in key.pem -RSAPublicKey_out", "", Content::other},
  };
  Made made;
  for (const auto& [words, label, content] : rows) {
    INFO(words);
    CHECK(label_of_der(made(words + std::string(" -outform DER"))) == label);
    CHECK(content_of_label(label) == content);
    const auto block = read_pem(made(words + std::string(" -outform PEM"))).front();
    CHECK(content_of_label(block.label) == content);
    CHECK(label_of_der(block.der) == label);
  }
  const auto pfx = made("pkcs12 -export -in root.pem -inkey key.pem -passout pass:x");
  CHECK(label_of_der(pfx) == "PKCS12");
  CHECK(content_of_label("PKCS12") == Content::pfx);
  CHECK(label_of_der(made("ts -query -data root.pem -sha256")).empty());
}

TEST_CASE("a certificate with OpenSSL's trust behind it is read without", "[x509]") {
  if (test::run({"openssl", "version"}).exit_code != 0) {
    WARN("SKIPPED: no openssl program");
    return;
  }
  Made made;
  const auto plain = made("x509 -in root.pem -outform DER");
  const auto pem = made("x509 -in root.pem -trustout -addtrust codeSigning -setalias mine");
  const auto block = read_pem(pem).front();
  CHECK(content_of_label(block.label) == Content::trusted_certificate);
  CHECK(block.der.size() > plain.size());
  CHECK(read_trusted_certificate(block.der).der() == plain);
  // It may as well say "-addreject": nobody who asks for certificates to trust gets it.
  CHECK_THROWS_WITH(read_certificates(pem), "no certificate found");
}

TEST_CASE("what is cut short is still called what it began as", "[x509]") {
  if (test::run({"openssl", "version"}).exit_code != 0) {
    WARN("SKIPPED: no openssl program");
    return;
  }
  Made made;
  const auto certificate = made("x509 -in root.pem -outform DER");
  for (std::size_t size = 10; size < certificate.size(); ++size) {
    CAPTURE(size);
    const auto label = label_of_der(BytesView(certificate).first(size));
    CHECK((label == "CERTIFICATE" || label.empty()));
  }
  for (const std::size_t size : {std::size_t{40}, certificate.size() / 2, certificate.size() - 1})
    CHECK(label_of_der(BytesView(certificate).first(size)) == "CERTIFICATE");
  const auto pfx = made("pkcs12 -export -in root.pem -inkey key.pem -passout pass:x");
  for (const std::size_t size : {std::size_t{12}, pfx.size() / 2})
    CHECK(label_of_der(BytesView(pfx).first(size)) == "PKCS12");
}

TEST_CASE("what is nothing of all this has no label", "[x509]") {
  const std::vector<Bytes> rows = {
      {},
      {0x30},
      {0x30, 0x80},
      {0x30, 0x00},
      {0x04, 0x02, 0x30, 0x00},
      {0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01, 0x03},
      {0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x01, 0x03},
      {0x30, 0x05, 0x06, 0x03, 0x55, 0x04, 0x03},        // an OBJECT IDENTIFIER, none of PKCS#7's
      {0x30, 0x04, 0x30, 0x00, 0x30, 0x00},              // as a reply of a timestamp server
      {0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01},  // two numbers: an ECDSA signature
      // a request to a timestamp server: its AlgorithmIdentifier is one level further down
      {0x30, 0x09, 0x02, 0x01, 0x01, 0x30, 0x04, 0x30, 0x02, 0x06, 0x00},
      {0x30, 0x06, 0x30, 0x00, 0x30, 0x00, 0x04, 0x00},  // no signature behind
  };
  for (const auto& row : rows) {
    CAPTURE(row);
    CHECK(label_of_der(row).empty());
  }
  CHECK(content_of_label("") == Content::other);
  CHECK(content_of_label("PUBLIC KEY") == Content::other);
}
