#include "x509/oids.h"

#include <catch2/catch.hpp>
#include <set>

#include "support.h"

using namespace sealwright;

TEST_CASE("purposes are known by name and by OID", "[x509]") {
  CHECK(x509::key_purpose("codeSigning") == x509::oids::code_signing);
  CHECK(x509::key_purpose("1.3.6.1.5.5.7.3.3") == x509::oids::code_signing);
  CHECK(x509::key_purpose("1.2.3.4") == Oid("1.2.3.4"));
  CHECK(!x509::key_purpose("codeSignin"));
  CHECK(!x509::key_purpose(""));
  CHECK(x509::key_purpose_name(x509::oids::lifetime_signing) == "lifetimeSigning");
  CHECK(x509::key_purpose_name(x509::oids::kernel_mode_code_signing) == "kernelModeCodeSigning");
  CHECK(x509::key_purpose_name(Oid("1.2.3.4")) == "1.2.3.4");
  CHECK(x509::key_purpose("whqlDriver") == x509::oids::whql_crypto);
}

TEST_CASE("no purpose is in the table twice, and each says what it is for", "[x509]") {
  std::set<std::string_view> oids, names;
  for (const auto& purpose : x509::key_purposes()) {
    INFO(purpose.name);
    CHECK(oids.insert(purpose.oid).second);
    CHECK(names.insert(purpose.name).second);
    CHECK(!purpose.meaning.empty());
    CHECK(Oid(purpose.oid).text() == purpose.oid);
  }
}

TEST_CASE("names of extensions, algorithms and attributes are found", "[x509]") {
  CHECK(x509::name_of(x509::oids::extended_key_usage) == "extKeyUsage");
  CHECK(x509::name_of(Oid("1.2.840.113549.1.1.11")) == "sha256WithRSAEncryption");
  CHECK(x509::name_of(Oid("1.3.6.1.4.1.311.2.1.12")) == "spcSpOpusInfo");
  CHECK(x509::name_of(Oid("2.5.4.3")) == "CN");
  CHECK(x509::name_of(x509::oids::time_stamping) == "timeStamping");
  CHECK(x509::name_of(Oid("1.2.3.4")) == "1.2.3.4");
}

TEST_CASE("openssl knows the standard purposes by the same numbers", "[x509][oracle]") {
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: no openssl");
    return;
  }
  for (const char* name : {"serverAuth", "clientAuth", "codeSigning", "emailProtection",
                           "timeStamping", "OCSPSigning", "anyExtendedKeyUsage"}) {
    const auto ran = test::run({"openssl", "asn1parse", "-genstr", std::string("OID:") + name,
                                "-noout", "-out", "/dev/stdout"});
    INFO(name << ran.err);
    const auto oid = x509::key_purpose(name);
    REQUIRE(oid);
    const auto ours = test::run(
        {"openssl", "asn1parse", "-genstr", "OID:" + oid->text(), "-noout", "-out", "/dev/stdout"});
    CHECK(!ran.out.empty());
    CHECK(ran.out == ours.out);
  }
}
