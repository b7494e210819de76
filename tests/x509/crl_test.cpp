// Revocation lists: those of openssl and certtool read, ours judged by them and by NSS.

#include "x509/crl.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "issuing.h"
#include "x509/extension_list.h"
#include "x509/oids.h"

using namespace sealwright;
using namespace sealwright::x509;
namespace der = ossl::der;

namespace {

Time at(const char* text) { return *parse_time(text); }

const made::Issued& authority() {
  static const auto issued =
      made::issue({.subject = "CN=Issuing,O=Acme", .extensions = made::authority()});
  return issued;
}

CrlToBeSigned said() {
  const auto& key = authority().key->public_key();
  CrlToBeSigned t;
  t.algorithm = key.algorithm(ossl::Digest::sha256);
  t.issuer = authority().certificate.subject();
  t.this_update = at("2026-03-01");
  t.next_update = at("2035-03-01");
  t.number = 260;
  t.authority_key_identifier = key.key_identifier();
  t.entries = {
      {{{0x7a, 0x01}}, at("2026-02-01"), RevocationReason::key_compromise, at("2026-01-15")},
      {{{0x03}}, at("2026-02-02"), {}, {}},
      {{{0x99}}, at("2026-02-03T04:05:06Z"), RevocationReason::superseded, {}},
      {{{0xff}, true}, at("2051-01-01"), {}, {}},
  };
  return t;
}

Crl signed_list(const CrlToBeSigned& t) {
  const Bytes tbs = encode(t);
  return assemble_crl(tbs, t.algorithm, authority().key->sign(t.algorithm, tbs));
}

/// What a list consists of, to be broken one part at a time. The signature is not one.
struct Pieces {
  Bytes version = der::integer(1);
  Bytes algorithm = ossl::algorithm_identifier({ossl::Scheme::ecdsa, ossl::Digest::sha256});
  Bytes times = der::utc_time(at("2026-01-01"));
  Bytes entries = {};
  Bytes extensions = {};
  Bytes after = {};

  Bytes list() const {
    return der::sequence({der::sequence({version, algorithm, Name::parse("CN=x").der(), times,
                                         entries, extensions, after}),
                          algorithm, der::bit_string(Bytes(8))});
  }
};

Bytes reason(std::uint8_t number) { return der::element(der::enumerated_tag, Bytes{number}); }

Bytes entry(std::uint8_t serial, const std::vector<Extension>& extensions = {}) {
  return der::sequence(
      {der::positive_integer(Bytes{serial}), der::utc_time(at("2026-01-01")), encode(extensions)});
}

Bytes with_entries(const std::vector<Bytes>& entries) {
  Pieces pieces;
  pieces.entries = der::sequence(entries);
  return pieces.list();
}

Bytes with_extensions(const std::vector<Extension>& extensions) {
  Pieces pieces;
  pieces.extensions = der::constructed(der::context_constructed(0), {encode(extensions)});
  return pieces.list();
}

const Oid strange("1.3.6.1.4.1.99999.9");

std::string openssl(std::vector<std::string> arguments, const std::string& input = {}) {
  arguments.insert(arguments.begin(), "openssl");
  const auto ran = test::run(arguments, input);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return ran.out + ran.err;
}

}  // namespace

TEST_CASE("a list we write says what it was told, sorted by serial", "[x509][crl]") {
  const auto list = signed_list(said());
  CHECK(list.issuer().text() == "CN=Issuing,O=Acme");
  CHECK(list.this_update() == at("2026-03-01"));
  CHECK(list.next_update() == at("2035-03-01"));
  CHECK(list.number() == Bytes{0x01, 0x04});
  CHECK(list.authority_key_identifier() == authority().key->public_key().key_identifier());
  CHECK(list.critical_unknown().empty());
  CHECK_FALSE(list.delta());
  const auto wanted = said().entries;
  CHECK(list.entries() ==
        std::vector<RevokedCertificate>{wanted[3], wanted[1], wanted[2], wanted[0]});
  CHECK(*list.find({{0x7a, 0x01}}) == wanted[0]);
  CHECK(*list.find({{0xff}, true}) == wanted[3]);
  CHECK(list.find({{0xff}}) == nullptr);
  CHECK(list.find({{0x04}}) == nullptr);
  CHECK(list.find({}) == nullptr);
  CHECK(list.signed_by(authority().key->public_key()));
  CHECK_FALSE(list.signed_by(made::new_key()->public_key()));
}

TEST_CASE("read_crls reads DER and every block of PEM", "[x509][crl]") {
  const auto list = signed_list(said());
  CHECK(read_crls(list.der()) == std::vector<Crl>{list});
  const std::string two = list.to_pem() + authority().certificate.to_pem() + list.to_pem();
  CHECK(read_crls(view(two)) == std::vector<Crl>{list, list});
  CHECK_THROWS_WITH(read_crls(view(authority().certificate.to_pem())), "no revocation list found");
}

TEST_CASE("a list that nobody may sign is refused", "[x509][crl]") {
  struct Row {
    const char* message;
    void (*change)(CrlToBeSigned&);
  };
  const Row rows[] = {
      {"a revocation list without an issuer", [](CrlToBeSigned& t) { t.issuer = {}; }},
      {"a revocation list without an authority key identifier",
       [](CrlToBeSigned& t) { t.authority_key_identifier = {}; }},
      {"a revocation list with a negative number", [](CrlToBeSigned& t) { t.number = -1; }},
      {"a revocation list that ends before it begins",
       [](CrlToBeSigned& t) { t.next_update = t.this_update - std::chrono::seconds(1); }},
      {"a revocation list with an empty serial number",
       [](CrlToBeSigned& t) { t.entries[0].serial = {}; }},
      {"a revocation list with serial 03 twice",
       [](CrlToBeSigned& t) { t.entries.push_back(t.entries[1]); }},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.message) {
      CrlToBeSigned t = said();
      row.change(t);
      CHECK_THROWS_WITH(encode(t), row.message);
    }
}

TEST_CASE("from_der refuses what is not exactly one list", "[x509][crl]") {
  const auto broken = [](auto change) {
    Pieces pieces;
    change(pieces);
    return pieces.list();
  };
  const Extension number{oids::crl_number, false, der::integer(1)};
  struct Row {
    const char* name;
    Bytes der;
    const char* message;
  };
  const Row rows[] = {
      {"nothing", {}, "the revocation list is malformed (an element is missing at offset 0)"},
      {"version 1 written out", broken([](Pieces& p) { p.version = der::integer(0); }),
       "the revocation list is malformed (unknown version 0)"},
      {"version 1 with extensions", broken([&](Pieces& p) {
         p.version = {};
         p.extensions =
             der::constructed(der::context_constructed(0), {encode(std::vector{number})});
       }),
       "the revocation list is malformed (something left over at offset 45)"},
      {"no time", broken([](Pieces& p) { p.times = {}; }),
       "the revocation list is malformed (an element is missing at offset 33)"},
      {"something after the extensions", broken([](Pieces& p) { p.after = der::null(); }),
       "the revocation list is malformed (something left over at offset 48)"},
      {"an extension twice", with_extensions({number, number}),
       "the revocation list is malformed (extension cRLNumber appears twice)"},
      {"an entry without a time", with_entries({der::sequence({der::integer(1)})}),
       "the revocation list is malformed (an element is missing at offset 55)"},
      {"two reasons",
       with_entries({entry(
           1, {{oids::reason_code, false, reason(1)}, {oids::reason_code, false, reason(6)}})}),
       "the revocation list is malformed (extension reasonCode appears twice)"},
      {"a reason that is no ENUMERATED",
       with_entries({entry(1, {{oids::reason_code, false, der::integer(1)}})}),
       "the extension reasonCode is malformed (tag 0x02 instead of 0x0a at offset 0)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      try {
        Crl::from_der(row.der);
        FAIL("was read");
      } catch (const Error& error) {
        CHECK(error.kind == Error::Kind::input);
        CHECK(error.message == row.message);
      }
    }
  CHECK_THROWS_WITH(Crl::from_der(Bytes(max_crl_bytes + 1)),
                    "the revocation list is too large (67108865 bytes, at most 67108864)");
}

TEST_CASE("a list cut short anywhere is refused", "[x509][crl]") {
  const auto whole = signed_list(said()).der();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK_THROWS_AS(Crl::from_der(BytesView(whole).first(length)), Error);
  }
}

TEST_CASE("every changed bit of a list is refused, or breaks its signature", "[x509][crl]") {
  const auto whole = signed_list(said()).der();
  for (std::size_t place = 0; place < whole.size(); ++place) {
    Bytes changed = whole;
    changed[place] ^= std::uint8_t(1u << place % 8);
    INFO(place);
    bool valid = false;
    try {
      valid = Crl::from_der(changed).signed_by(authority().key->public_key());
    } catch (const Error& error) {
      CHECK(error.kind == Error::Kind::input);
    }
    CHECK_FALSE(valid);
  }
}

TEST_CASE("lists of other authorities' habits are read", "[x509][crl]") {
  SECTION("version 1, without an end") {
    Pieces pieces;
    pieces.version = {};
    const auto list = Crl::from_der(pieces.list());
    CHECK(list.next_update() == std::nullopt);
    CHECK(list.entries().empty());
    CHECK(list.number() == std::nullopt);
    CHECK(list.authority_key_identifier() == std::nullopt);
  }
  SECTION("an empty list written out") { CHECK(Crl::from_der(with_entries({})).entries().empty()); }
  SECTION("a reason that does not exist, and one that need not be written") {
    const auto list =
        Crl::from_der(with_entries({entry(1, {{oids::reason_code, false, reason(7)}}),
                                    entry(2, {{oids::reason_code, false, reason(0)}}),
                                    entry(3, {{oids::reason_code, true, reason(10)}})}));
    CHECK(list.find({{1}})->reason == std::nullopt);
    CHECK(list.find({{2}})->reason == std::nullopt);
    CHECK(list.find({{3}})->reason == RevocationReason::aa_compromise);
    CHECK(list.critical_unknown().empty());
  }
  SECTION("a serial that is there twice: the first entry is found") {
    const auto list = Crl::from_der(
        with_entries({entry(9), entry(5, {{oids::reason_code, false, reason(1)}}), entry(5)}));
    CHECK(list.find({{5}}) == &list.entries()[1]);
  }
}

TEST_CASE("critical extensions that are not understood can be seen", "[x509][crl]") {
  const Bytes any = der::sequence(std::vector<Bytes>{});
  CHECK(Crl::from_der(with_extensions({{strange, false, any}})).critical_unknown().empty());
  CHECK(Crl::from_der(with_extensions({{oids::issuing_distribution_point, true, any},
                                       {oids::crl_number, true, der::integer(1)}}))
            .critical_unknown() == std::vector<Oid>{oids::issuing_distribution_point});
  const auto delta =
      Crl::from_der(with_extensions({{oids::delta_crl_indicator, true, der::integer(1)}}));
  CHECK(delta.delta());
  CHECK(delta.critical_unknown() == std::vector<Oid>{oids::delta_crl_indicator});
  const auto indirect = Crl::from_der(with_entries(
      {entry(1, {{strange, true, any}}), entry(2, {{oids::certificate_issuer, true, any}}),
       entry(3, {{strange, true, any}, {oids::certificate_issuer, false, any}})}));
  CHECK(indirect.critical_unknown() == std::vector<Oid>{strange, oids::certificate_issuer});
}

TEST_CASE("a malformed number is told when it is asked for", "[x509][crl]") {
  const auto negative =
      Crl::from_der(with_extensions({{oids::crl_number, false, der::integer(-1)}}));
  CHECK_THROWS_WITH(negative.number(), "the extension cRLNumber is malformed (negative number)");
  const auto none = Crl::from_der(with_extensions({{oids::crl_number, false, {}}}));
  CHECK_THROWS_WITH(none.number(),
                    "the extension cRLNumber is malformed (an element is missing at offset 0)");
}

TEST_CASE("reasons have names", "[x509][crl]") {
  for (const auto& name : revocation_reason_names())
    CHECK(to_text(*revocation_reason(name)) == name);
  CHECK(revocation_reason_names().size() == 10);
  CHECK(revocation_reason("key-compromise") == RevocationReason::key_compromise);
  CHECK(revocation_reason("KEYCOMPROMISE") == RevocationReason::key_compromise);
  CHECK(revocation_reason("ca-compromise") == RevocationReason::ca_compromise);
  CHECK(revocation_reason("cessation-of-operation") == RevocationReason::cessation_of_operation);
  CHECK(revocation_reason("lost") == std::nullopt);
  CHECK(revocation_reason("") == std::nullopt);
}

TEST_CASE("a list of 200,000 entries is read at once and searched without end", "[x509][crl]") {
  CrlToBeSigned t = said();
  t.entries.clear();
  constexpr std::uint32_t count = 200'000;
  for (std::uint32_t i = 0; i < count; ++i) {
    // Not in order, and of equal last octets in one half.
    const std::uint32_t mixed = i * 2654435761u;
    Bytes serial{0x01};
    for (int shift = 24; shift >= 0; shift -= 8) serial.push_back(std::uint8_t(mixed >> shift));
    if (i % 2) serial.insert(serial.end(), 8, 0x77);
    t.entries.push_back({{serial}, at("2026-01-01"), {}, {}});
  }
  const auto list = signed_list(t);
  CHECK(list.entries().size() == count);
  bool all = true;
  for (const auto& wanted : t.entries) {
    const auto* found = list.find(wanted.serial);
    all = all && found && found->serial == wanted.serial;
  }
  CHECK(all);
  CHECK(list.find({{0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77}}) == nullptr);
}

TEST_CASE("openssl and certtool accept our lists", "[x509][crl][oracle]") {
  test::Scratch scratch;
  const auto list = signed_list(said());
  const auto ca = made::text_file(scratch / "ca.pem", authority().certificate.to_pem());
  const auto text = openssl({"crl", "-CAfile", ca, "-noout", "-text"}, list.to_pem());
  for (const char* expected :
       {"verify OK", "Version 2 (0x1)", "X509v3 CRL Number: \n                260",
        "X509v3 Authority Key Identifier", "Serial Number: 7A01", "Key Compromise",
        "Invalidity Date: \n                Jan 15 00:00:00 2026 GMT", "Superseded",
        "Revocation Date: Jan  1 00:00:00 2051 GMT", "Serial Number: -01"})
    CHECK_THAT(text, Catch::Contains(expected));
  if (!test::have_program("certtool")) {
    WARN("SKIPPED: no certtool");
    return;
  }
  const auto shown = test::run({"certtool", "--crl-info"}, list.to_pem());
  CHECK(shown.exit_code == 0);
  CHECK_THAT(shown.out, Catch::Contains("Revoked certificates (4)"));
  const auto file = made::text_file(scratch / "list.pem", list.to_pem());
  const auto verified =
      test::run({"certtool", "--verify-crl", "--load-ca-certificate", ca, "--infile", file});
  INFO(verified.out + verified.err);
  CHECK(verified.exit_code == 0);
}

TEST_CASE("NSS takes our lists in", "[x509][crl][oracle]") {
  if (!test::have_program("crlutil") || !test::have_program("certutil")) {
    WARN("SKIPPED: no crlutil");
    return;
  }
  test::Scratch scratch;
  const std::string database = "sql:" + scratch.path().string();
  const auto ca = made::text_file(scratch / "ca.pem", authority().certificate.to_pem());
  // Its lists hold no negative serials.
  CrlToBeSigned t = said();
  t.entries.pop_back();
  const auto list = made::text_file(scratch / "list.crl", text(signed_list(t).der()));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"certutil", "-N", "-d", database, "--empty-password"},
        {"certutil", "-A", "-d", database, "-n", "ca", "-t", "C,C,C", "-a", "-i", ca},
        {"crlutil", "-I", "-d", database, "-i", list}}) {
    const auto ran = test::run(words);
    INFO(ran.out + ran.err);
    REQUIRE(ran.exit_code == 0);
  }
  const auto shown = test::run({"crlutil", "-L", "-d", database, "-n", "ca"});
  CHECK_THAT(shown.out, Catch::Contains("Serial Number: 31233 (0x7a01)"));
}

TEST_CASE("lists of openssl and certtool are read", "[x509][crl][oracle]") {
  test::Scratch scratch;
  const auto& folder = scratch.path();
  made::text_file(scratch / "ca.cnf",
                  "[ca]\ndefault_ca = it\n[it]\ndatabase = " + (folder / "index.txt").string() +
                      "\ncrlnumber = " + (folder / "number").string() +
                      "\ndefault_md = sha256\ndefault_crl_days = 30\ncrl_extensions = x\n"
                      "[x]\nauthorityKeyIdentifier = keyid\n");
  made::text_file(scratch / "number", "1F\n");
  made::text_file(scratch / "index.txt",
                  "R\t360101000000Z\t260102030405Z,keyTime,20251231235959Z\t0A01\tunknown\t/CN=a\n"
                  "R\t360101000000Z\t260102030406Z,CACompromise\tFF\tunknown\t/CN=b\n"
                  "R\t360101000000Z\t260102030407Z\t02\tunknown\t/CN=c\n"
                  "V\t360101000000Z\t\t03\tunknown\t/CN=d\n");
  const auto key = (folder / "key.pem").string(), ca = (folder / "ca.pem").string();
  openssl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", ca, "-subj",
           "/CN=Of openssl"});
  openssl({"ca", "-gencrl", "-config", (folder / "ca.cnf").string(), "-cert", ca, "-keyfile", key,
           "-out", (folder / "list.pem").string()});
  const auto issuer = read_certificates(read_file(ca, max_certificate_bytes)).front();
  const auto lists = read_crls(read_file(folder / "list.pem", max_crl_bytes));
  REQUIRE(lists.size() == 1);
  const Crl& list = lists.front();
  CHECK(list.issuer() == issuer.subject());
  CHECK(list.signed_by(issuer.public_key()));
  CHECK(list.number() == Bytes{0x1f});
  CHECK(list.authority_key_identifier() == issuer.subject_key_identifier());
  CHECK(list.entries().size() == 3);
  CHECK(*list.find({{0x0a, 0x01}}) == RevokedCertificate{{{0x0a, 0x01}},
                                                         at("2026-01-02T03:04:05Z"),
                                                         RevocationReason::key_compromise,
                                                         at("2025-12-31T23:59:59Z")});
  CHECK(list.find({{0xff}})->reason == RevocationReason::ca_compromise);
  CHECK(list.find({{0x02}})->reason == std::nullopt);
  CHECK(list.find({{0x03}}) == nullptr);
  if (!test::have_program("certtool")) {
    WARN("SKIPPED: no certtool");
    return;
  }
  const auto wanted =
      made::text_file(scratch / "template", "crl_number = 5\ncrl_next_update = 9\n");
  const auto ran =
      test::run({"certtool", "--generate-crl", "--load-ca-privkey", key, "--load-ca-certificate",
                 ca, "--load-certificate", ca, "--template", wanted});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const auto other = read_crls(view(ran.out)).front();
  CHECK(other.signed_by(issuer.public_key()));
  CHECK(other.find(issuer.serial()) != nullptr);
}
