// index.txt as OpenSSL writes it, and everything that it never writes.

#include "ca/import_index.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/import_config.h"

using namespace sealwright;
using namespace sealwright::ca;

namespace {

std::vector<IndexEntry> read(const std::string& text) {
  return read_index(view(text), "index.txt");
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::input);
    return error.message;
  }
  return "read";
}

const std::string valid = "V\t290223211412Z\t\t5277\tunknown\t/CN=vpn\n";

}  // namespace

TEST_CASE("a valid, an expired and a revoked certificate are told apart", "[ca][import]") {
  const auto entries =
      read("# a comment\n" + valid + "E\t20501231235959Z\t\t01\tunknown\t/C=DE/CN=old\r\n" +
           "R\t490101000000Z\t261121211415Z,keyCompromise\t00FF\tunknown\t/CN=\\xC3\\xBC\\x\n");
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].type == IndexEntry::Type::valid);
  CHECK(entries[0].line == 2);
  CHECK(to_iso(entries[0].ends) == "2029-02-23T21:14:12Z");
  CHECK(entries[0].serial.hex() == "5277");
  CHECK_FALSE(entries[0].revocation);
  CHECK(entries[1].type == IndexEntry::Type::expired);
  CHECK(to_iso(entries[1].ends) == "2050-12-31T23:59:59Z");
  CHECK(entries[2].type == IndexEntry::Type::revoked);
  CHECK(entries[2].serial == Serial{{0xff}});
  CHECK(entries[2].subject == "/CN=\xc3\xbc\\x");
}

TEST_CASE("revocations are read with their reasons", "[ca][import]") {
  struct Row {
    std::string field, revoked, reason, invalidity;
  };
  const Row rows[] = {
      {"261121211415Z", "2026-11-21T21:14:15Z", "", ""},
      {"991121211415Z", "1999-11-21T21:14:15Z", "", ""},
      {"20261121211415Z,superseded", "2026-11-21T21:14:15Z", "superseded", ""},
      {"261121211415Z,CACompromise", "2026-11-21T21:14:15Z", "cACompromise", ""},
      {"261121211415Z,unspecified", "2026-11-21T21:14:15Z", "", ""},
      {"261121211415Z,removeFromCRL", "2026-11-21T21:14:15Z", "", ""},
      {"261121211415Z,holdInstruction,holdInstructionReject", "2026-11-21T21:14:15Z",
       "certificateHold", ""},
      {"261121211415Z,keyTime,20260901000000Z", "2026-11-21T21:14:15Z", "keyCompromise",
       "2026-09-01T00:00:00Z"},
      {"261121211415Z,CAkeyTime,20260901000000Z", "2026-11-21T21:14:15Z", "cACompromise",
       "2026-09-01T00:00:00Z"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.field) {
      const auto entries = read("R\t290101000000Z\t" + row.field + "\t01\tunknown\t/CN=a\n");
      REQUIRE(entries.at(0).revocation);
      const auto& revocation = *entries[0].revocation;
      CHECK(to_iso(revocation.revoked) == row.revoked);
      CHECK(revocation.reason == row.reason);
      CHECK((revocation.invalidity ? to_iso(*revocation.invalidity) : "") == row.invalidity);
    }
}

TEST_CASE("an index that OpenSSL did not write is refused with its line", "[ca][import]") {
  struct Row {
    std::string what, text, message;
  };
  const Row rows[] = {
      {"no tabs", valid + "V 290223211412Z 5278\n",
       "index.txt:2: a line has 6 fields with tabs between them, not 1"},
      {"a field too many", "V\t290223211412Z\t\t01\tunknown\t/CN=a\tb\n",
       "index.txt:1: a line has 6 fields with tabs between them, not 7"},
      {"an empty line", valid + "\n",
       "index.txt:2: a line has 6 fields with tabs between them, not 1"},
      {"an unknown type", "S\t290223211412Z\t\t01\tunknown\t/CN=a\n",
       "index.txt:1: unknown type 'S'"},
      {"a date that does not exist", "V\t290231211412Z\t\t01\tunknown\t/CN=a\n",
       "index.txt:1: '290231211412Z' is not the end of a certificate"},
      {"a date without Z", "V\t290223211412\t\t01\tunknown\t/CN=a\n",
       "index.txt:1: '290223211412' is not the end of a certificate"},
      {"no serial number", "V\t290223211412Z\t\t\tunknown\t/CN=a\n",
       "index.txt:1: '' is not a serial number in hex"},
      {"an odd serial number", "V\t290223211412Z\t\t123\tunknown\t/CN=a\n",
       "index.txt:1: '123' is not a serial number in hex"},
      {"valid and revoked", "V\t290223211412Z\t261121211415Z\t01\tunknown\t/CN=a\n",
       "index.txt:1: there is a revocation, but the type is not R"},
      {"revoked at no time", "R\t290223211412Z\t\t01\tunknown\t/CN=a\n",
       "index.txt:1: '' is not the date of a revocation"},
      {"an unknown reason", "R\t290223211412Z\t261121211415Z,stolen\t01\tunknown\t/CN=a\n",
       "index.txt:1: unknown reason 'stolen'"},
      {"a reason with more behind it",
       "R\t290223211412Z\t261121211415Z,superseded,x\t01\tunknown\t/CN=a\n",
       "index.txt:1: the reason 'superseded' has something behind it"},
      {"keyTime without a time", "R\t290223211412Z\t261121211415Z,keyTime\t01\tunknown\t/CN=a\n",
       "index.txt:1: the reason 'keyTime' has nothing behind it"},
      {"no subject", "V\t290223211412Z\t\t01\tunknown\tCN=a\n",
       "index.txt:1: 'CN=a' is not a subject"},
      {"control characters", "V\t290223211412Z\t\t01\tunknown\t/CN=\x1b[1m\n",
       "index.txt:1: the subject has control characters"},
      {"a serial number twice", valid + valid,
       "index.txt:2: serial number 5277 stands in line 1 already"},
      {"the same with a zero before it", valid + "V\t290223211412Z\t\t005277\tunknown\t/CN=vpn\n",
       "index.txt:2: serial number 5277 stands in line 1 already"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.what) CHECK(refusal(row.text) == row.message);
}

TEST_CASE("an empty index has no entries", "[ca][import]") { CHECK(read("").empty()); }

TEST_CASE("a number file holds one hex number", "[ca][import]") {
  CHECK(read_number_file(view("1005\n"), "serial") == Bytes{0x10, 0x05});
  CHECK(read_number_file(view("00"), "serial") == Bytes{0});
  CHECK(read_number_file(view("A\r\n"), "serial") == Bytes{0x0a});
  CHECK_THROWS_WITH(read_number_file(view("12\n13\n"), "crlnumber"),
                    "crlnumber: '12\\x0a13' is not a number in hex");
  CHECK_THROWS_WITH(read_number_file(view(""), "serial"), "serial: '' is not a number in hex");
}

TEST_CASE("openssl.cnf says where the files are", "[ca][import]") {
  const auto config = read_openssl_config(view("HOME = /srv\n"
                                               "[ ca ]\n"
                                               "default_ca = mine # ours\n"
                                               "[ mine ]\n"
                                               "dir = ./demo\\\n"
                                               "CA\n"
                                               "database = $dir/index.txt\n"
                                               "serial = ${dir}/serial\n"
                                               "crlnumber = \"$dir/crl number\"\n"
                                               "new_certs_dir = '$dir'/new\n"
                                               "certificate = $other::dir/ca.pem\n"
                                               "private_key = $HOME/key$ENV::NOTHING\n"
                                               "[ other ]\n"
                                               "dir = there\n"),
                                          "openssl.cnf");
  CHECK(config.section == "mine");
  CHECK(config.database == "./demoCA/index.txt");
  CHECK(config.serial == "./demoCA/serial");
  CHECK(config.crlnumber == "./demoCA/crl number");
  CHECK(config.new_certs_dir == "$dir/new");
  CHECK(config.certificate == "/ca.pem");  // [other] comes later
  CHECK(config.private_key == "/srv/key");
  CHECK(config.crl.empty());
}

TEST_CASE("an openssl.cnf without a CA, or malformed, is refused with its line", "[ca][import]") {
  struct Row {
    std::string text, message;
  };
  const Row rows[] = {
      {"[req]\nbits = 2048\n", "openssl.cnf: [ca] default_ca leads to no section"},
      {"[ca]\ndefault_ca = gone\n", "openssl.cnf: [ca] default_ca leads to no section"},
      {"[ca]\n\n[open\n", "openssl.cnf:3: a section lacks its ']'"},
      {"[ca]\nnonsense\n", "openssl.cnf:2: neither [section] nor name = value"},
      {"[ca]\nx = ${open\n", "openssl.cnf:2: a '$' reference is not closed"},
  };
  for (const auto& row : rows)
    CHECK_THROWS_WITH(read_openssl_config(view(row.text), "openssl.cnf"), row.message);
}
