#include "x509/extension.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "issuing.h"
#include "x509/oids.h"

using namespace sealwright;
using namespace sealwright::x509;
using Kind = GeneralName::Kind;

namespace {

bool operator_equal(const GeneralName& a, const GeneralName& b) {
  return a.kind == b.kind && a.value == b.value;
}
void check_same(const std::vector<GeneralName>& a, const std::vector<GeneralName>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    INFO(a[i].value << " and " << b[i].value);
    CHECK(operator_equal(a[i], b[i]));
  }
}
Bytes hex(const char* digits) { return *from_hex(digits); }

}  // namespace

TEST_CASE("extensions are written in DER", "[x509]") {
  struct Row {
    const char* what;
    Extension extension;
    const char *value_hex, *oid;
    bool critical;
  };
  const Row rows[] = {
      {"digitalSignature", key_usage_extension(digital_signature, true), "03020780", "2.5.29.15",
       true},
      {"keyCertSign, cRLSign", key_usage_extension(key_cert_sign | crl_sign, true), "03020106",
       "2.5.29.15", true},
      {"decipherOnly", key_usage_extension(decipher_only, false), "0303070080", "2.5.29.15", false},
      {"codeSigning", extended_key_usage_extension({oids::code_signing}, false),
       "300a06082b06010505070303", "2.5.29.37", false},
      {"no CA", basic_constraints_extension({}, true), "3000", "2.5.29.19", true},
      {"a CA", basic_constraints_extension({true, {}}, true), "30030101ff", "2.5.29.19", true},
      {"a CA of path length 0", basic_constraints_extension({true, 0}, true), "30060101ff020100",
       "2.5.29.19", true},
      {"a key identifier", subject_key_identifier_extension(hex("0102")), "04020102", "2.5.29.14",
       false},
      {"an issuer's key identifier", authority_key_identifier_extension(hex("0102")),
       "300480020102", "2.5.29.35", false},
      {"two places of one CRL", crl_distribution_points_extension({"http://a", "http://b"}),
       "301a3018a016a01486"
       "08687474703a2f2f61"
       "8608687474703a2f2f62",
       "2.5.29.31", false},
      {"an issuer's place", authority_information_access_extension({"http://a"}, {}),
       "3016301406082b060105050730028608687474703a2f2f61", "1.3.6.1.5.5.7.1.1", false},
      {"a policy", certificate_policies_extension({{Oid("1.2.3"), ""}}), "3006300406022a03",
       "2.5.29.32", false},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      CHECK(to_hex(row.extension.value) == row.value_hex);
      CHECK(row.extension.oid.text() == row.oid);
      CHECK(row.extension.critical == row.critical);
    }
}

TEST_CASE("what is written is read back", "[x509]") {
  CHECK(read_key_usage(key_usage_extension(0x1ff, true).value) == 0x1ff);
  const std::vector<Oid> purposes = {oids::code_signing, oids::lifetime_signing};
  CHECK(read_extended_key_usage(extended_key_usage_extension(purposes, false).value) == purposes);
  const auto constraints =
      read_basic_constraints(basic_constraints_extension({true, 3}, true).value);
  CHECK(constraints.ca);
  CHECK(constraints.path_length == 3);
  CHECK(read_subject_key_identifier(subject_key_identifier_extension(hex("0102")).value) ==
        hex("0102"));
  CHECK(read_authority_key_identifier(authority_key_identifier_extension(hex("0102")).value) ==
        hex("0102"));
  const std::vector<std::string> urls = {"http://a/1.crl", "ldap://b/c?d"};
  CHECK(read_crl_distribution_points(crl_distribution_points_extension(urls).value) == urls);
  const auto access = read_authority_information_access(
      authority_information_access_extension(urls, {"http://o"}).value);
  CHECK(access.issuers == urls);
  CHECK(access.ocsp == std::vector<std::string>{"http://o"});
  const std::vector<GeneralName> names = {
      {Kind::email, "a@b.example"}, {Kind::dns, "b.example"},  {Kind::uri, "http://c/"},
      {Kind::ip, "192.0.2.7"},      {Kind::ip, "2001:db8::7"}, {Kind::directory, "CN=a,O=b"}};
  check_same(read_general_names(subject_alternative_name_extension(names, false).value), names);
  const NameConstraints names_constraints = {{{Kind::dns, "b.example"}, {Kind::ip, "192.0.2.0/24"}},
                                             {{Kind::ip, "2001:db8::/33"},
                                              {Kind::dns, ""},
                                              {Kind::directory, "O=b"},
                                              {Kind::ip, "0.0.0.0/0"}}};
  const auto extension = name_constraints_extension(names_constraints);
  CHECK(extension.critical);
  check_same(read_name_constraints(extension.value).permitted, names_constraints.permitted);
  check_same(read_name_constraints(extension.value).excluded, names_constraints.excluded);
  const auto policies = read_certificate_policies(
      certificate_policies_extension({{Oid("1.2.3"), "http://cps"}, {Oid("2.5.29.32.0"), ""}})
          .value);
  REQUIRE(policies.size() == 2);
  CHECK(policies[0].oid == Oid("1.2.3"));
  CHECK(policies[0].cps == "http://cps");
  CHECK(policies[1].cps.empty());
}

TEST_CASE("values of other makers are read", "[x509]") {
  CHECK(read_key_usage(hex("03020086")) ==
        (digital_signature | key_cert_sign | crl_sign));  // trailing zero bits kept
  CHECK(read_key_usage(hex("0303000600")) == (key_cert_sign | crl_sign));
  CHECK_FALSE(read_basic_constraints(hex("3003010100")).ca);  // cA FALSE written out
  CHECK(read_basic_constraints(hex("3003020105")).path_length == 5);
  CHECK(!read_authority_key_identifier(hex("3003820107")));
  CHECK(read_authority_key_identifier(hex("30128001aaa10a8208612e6578616d706c820107")) ==
        hex("aa"));
  CHECK(read_general_names(hex("3013a00b06032a0304a0040c0261628204612e6d65")).size() ==
        1);  // otherName is left out
}

TEST_CASE("malformed values are refused with the name of the extension", "[x509]") {
  CHECK_THROWS_WITH(read_key_usage(hex("0500")),
                    "the extension keyUsage is malformed (tag 0x05 instead of 0x03 at offset 0)");
  CHECK_THROWS_WITH(read_key_usage(hex("0302078000")),
                    Catch::StartsWith("the extension keyUsage is malformed ("));
  CHECK_THROWS_WITH(read_extended_key_usage(hex("3000")),
                    "the extension extKeyUsage is malformed (an element is missing at offset 2)");
  CHECK_THROWS_WITH(read_basic_constraints(hex("30030201ff")),
                    "the extension basicConstraints is malformed (impossible path length)");
  CHECK_THROWS_WITH(read_basic_constraints(hex("30060101ff020100ff")),
                    Catch::StartsWith("the extension basicConstraints is malformed ("));
  CHECK_THROWS_AS(read_subject_key_identifier(hex("0402aa")), Error);
  CHECK_THROWS_WITH(read_general_names(hex("3005870301020a")),
                    "an IP address is malformed (3 octets)");
  CHECK_THROWS_AS(read_crl_distribution_points(hex("3003a00100")), Error);
}

TEST_CASE("names that their kind cannot hold are refused", "[x509]") {
  const auto name = [](Kind kind, const char* value) {
    return [=] { subject_alternative_name_extension({{kind, value}}, false); };
  };
  const auto constraint = [](Kind kind, const char* value) {
    return [=] { name_constraints_extension({{{kind, value}}, {}}); };
  };
  CHECK_THROWS_WITH(name(Kind::dns, "bücher.example")(), "'bücher.example' is not a DNS name");
  CHECK_THROWS_WITH(name(Kind::dns, "")(), "'' is not a DNS name");
  CHECK_THROWS_WITH(name(Kind::uri, "http://a\nb")(), "'http://a\\x0ab' is not a URI");
  CHECK_THROWS_WITH(name(Kind::email, "ä@b")(), "'ä@b' is not a mail address");
  CHECK_THROWS_WITH(name(Kind::ip, "192.0.2.256")(), "'192.0.2.256' is not an IP address");
  CHECK_THROWS_WITH(name(Kind::ip, "192.0.2.0/24")(), "'192.0.2.0/24' is not an IP address");
  CHECK_THROWS_WITH(constraint(Kind::ip, "192.0.2.1")(), "'192.0.2.1' is not a network");
  CHECK_THROWS_WITH(constraint(Kind::ip, "192.0.2.1/24")(), "'192.0.2.1/24' is not a network");
  CHECK_THROWS_WITH(constraint(Kind::ip, "192.0.2.0/33")(), "'192.0.2.0/33' is not a network");
}

TEST_CASE("extensions that would say nothing are not written", "[x509]") {
  CHECK_THROWS_AS(key_usage_extension(0, true), Error);
  CHECK_THROWS_AS(key_usage_extension(1u << 9, true), Error);
  CHECK_THROWS_AS(extended_key_usage_extension({}, true), Error);
  CHECK_THROWS_AS(basic_constraints_extension({false, 0}, true), Error);
  CHECK_THROWS_AS(crl_distribution_points_extension({}), Error);
  CHECK_THROWS_AS(authority_information_access_extension({}, {}), Error);
  CHECK_THROWS_AS(subject_alternative_name_extension({}, false), Error);
  CHECK_THROWS_AS(name_constraints_extension({}), Error);
  CHECK_THROWS_AS(certificate_policies_extension({}), Error);
}

TEST_CASE("key usages have the names of RFC 5280", "[x509]") {
  CHECK(key_usage_bit("digitalSignature") == digital_signature);
  CHECK(key_usage_bit("nonRepudiation") == content_commitment);
  CHECK(key_usage_bit("cRLSign") == crl_sign);
  CHECK(!key_usage_bit("codeSigning"));
  CHECK(key_usage_names(digital_signature | key_cert_sign) ==
        std::vector<std::string>{"digitalSignature", "keyCertSign"});
}
