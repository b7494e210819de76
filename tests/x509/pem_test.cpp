#include "x509/pem.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"

using namespace sealwright;

namespace {
std::vector<x509::PemBlock> read(const std::string& text) { return x509::read_pem(view(text)); }
}  // namespace

TEST_CASE("PEM is written in lines of 64 and read back", "[x509]") {
  const Bytes der(100, 0x5a);
  const std::string pem = x509::to_pem("CERTIFICATE", der);
  CHECK(pem ==
        "-----BEGIN CERTIFICATE-----\n"
        "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa\n"
        "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa\n"
        "WlpaWg==\n"
        "-----END CERTIFICATE-----\n");
  const auto blocks = read(pem + "text between\n" + x509::to_pem("X", {}));
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].label == "CERTIFICATE");
  CHECK(blocks[0].der == der);
  CHECK(blocks[0].headers.empty());
  CHECK(blocks[1].label == "X");
  CHECK(blocks[1].der.empty());
}

TEST_CASE("PEM of other makers is read", "[x509]") {
  struct Row {
    std::string what, text;
  };
  const Row rows[] = {
      {"CR LF", "-----BEGIN X-----\r\nYWJj\r\n-----END X-----\r\n"},
      {"no last line end", "-----BEGIN X-----\nYWJj\n-----END X-----"},
      {"a byte order mark", "\xef\xbb\xbf-----BEGIN X-----\nYWJj\n-----END X-----\n"},
      {"blanks at line ends", "-----BEGIN X-----  \n YW \n\nJj\t\n-----END X----- \n"},
      {"text before it",
       "Bag Attributes: a\nsubject=CN = a\n-----BEGIN X-----\nYWJj\n-----END X-----\n"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      CHECK(x509::looks_like_pem(view(row.text)));
      const auto blocks = read(row.text);
      REQUIRE(blocks.size() == 1);
      CHECK(text(blocks[0].der) == "abc");
    }
}

TEST_CASE("RFC 1421 headers are kept apart", "[x509]") {
  const auto blocks = read(
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0011\n\n"
      "YWJj\n-----END RSA PRIVATE KEY-----\n");
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].headers == "Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0011\n");
  CHECK(text(blocks[0].der) == "abc");
}

TEST_CASE("broken PEM blocks are refused with label and line", "[x509]") {
  CHECK_THROWS_WITH(read("a\n-----BEGIN X-----\nYWJj\n"),
                    "the PEM block 'X' of line 2 does not end");
  CHECK_THROWS_WITH(read("-----BEGIN X-----\nYWJj\n-----BEGIN Y-----\n-----END Y-----\n"),
                    "the PEM block 'X' of line 1 does not end");
  CHECK_THROWS_WITH(read("-----BEGIN X-----\nYWJj\n-----END Y-----\n"),
                    "the PEM block 'X' of line 1 ends as 'Y'");
  CHECK_THROWS_WITH(read("-----BEGIN X-----\nY*Jj\n-----END X-----\n"),
                    "the PEM block 'X' of line 1 is not base64");
  CHECK(read("").empty());
  CHECK(read("-----BEGIN X----\n").empty());
}

TEST_CASE("binary data does not look like PEM", "[x509]") {
  CHECK_FALSE(x509::looks_like_pem(view(std::string_view("\0\n-----BEGIN X-----\n", 20))));
  CHECK_FALSE(x509::looks_like_pem(view("text -----BEGIN X-----\n")));
  CHECK_FALSE(x509::looks_like_pem({}));
}
