// Each rule against certificates that openssl made to break it.

#include <catch2/catch.hpp>

#include "lint/lint.h"
#include "made.h"
#include "policy/load.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
using made::pki;
using made::Recipe;

/// "RULE: message" of each finding above info, one a line.
std::string told(const Subject& subject) {
  std::string all;
  for (const auto& finding : check(subject))
    if (finding.severity != Severity::info) all += finding.rule + ": " + finding.message + "\n";
  return all;
}

Subject under(const x509::Certificate& certificate, const x509::Certificate& issuer) {
  auto subject = Subject::of(certificate);
  subject.issuer_certificate = &issuer;
  return subject;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}
}  // namespace

TEST_CASE("nothing is said about good certificates", "[lint]") {
  CHECK(told(Subject::of(pki().root())).empty());
  CHECK(told(under(pki().issuing(), pki().root())).empty());
  CHECK(told(under(pki().make({made::code_signing}), pki().issuing())).empty());
  CHECK(told(under(pki().make({made::timestamping}), pki().issuing())).empty());
  Recipe alone{made::code_signing};
  alone.issuer.clear();
  CHECK(told(Subject::of(pki().make(alone))).empty());
}

TEST_CASE("wrong extensions are found", "[lint]") {
  struct Row {
    const char* name;
    std::string extensions;
    std::string expected;
  };
  const auto& good = made::code_signing;
  const Row rows[] = {
      {"no key usage", replaced(good, "keyUsage=critical,digitalSignature\n", ""),
       "key-usage-present: it has no key usage\n"},
      {"key usage not critical", replaced(good, "critical,", ""),
       "key-usage-present: its key usage is not critical\n"},
      {"key usage without digitalSignature", replaced(good, "digitalSignature", "keyAgreement"),
       "key-usage-bits: its key usage lacks digitalSignature\n"},
      {"key usage with more",
       replaced(good, "digitalSignature", "digitalSignature,keyEncipherment"),
       "key-usage-alone: its key usage holds keyEncipherment beside digitalSignature\n"},
      {"an end-entity that signs certificates",
       replaced(good, "digitalSignature", "digitalSignature,keyCertSign"),
       "key-usage-bits: its key usage holds keyCertSign, but it is no authority\n"},
      {"no purpose", replaced(good, "extendedKeyUsage=codeSigning\n", ""),
       "eku-present: it has no extended key usage\n"},
      {"another purpose, and nothing that says it should be codeSigning",
       replaced(good, "codeSigning", "clientAuth"), ""},
      {"a TLS purpose beside", replaced(good, "codeSigning", "codeSigning,serverAuth"),
       "code-signing-eku-alone: its extended key usage holds serverAuth beside codeSigning\n"},
      {"any purpose beside", replaced(good, "codeSigning", "codeSigning,anyExtendedKeyUsage"),
       "eku-any: its extended key usage holds anyExtendedKeyUsage\n"},
      {"timestamping not critical",
       replaced(made::timestamping, "critical,timeStamping", "timeStamping"),
       "timestamping-eku: its extended key usage is not critical\n"},
      {"timestamping not alone",
       replaced(made::timestamping, "timeStamping", "timeStamping,emailProtection"),
       "timestamping-eku: timeStamping is not its only extended key usage\n"},
      {"no subject key identifier",
       replaced(good, "subjectKeyIdentifier=hash", "subjectKeyIdentifier=none"),
       "subject-key-identifier: it has no subject key identifier\n"},
      {"no authority key identifier",
       replaced(good, "authorityKeyIdentifier=keyid", "authorityKeyIdentifier=none"),
       "authority-key-identifier: it has no authority key identifier\n"},
      {"another authority key identifier",
       replaced(good, "authorityKeyIdentifier=keyid\n", "2.5.29.35=DER:3006800401020304\n"),
       "authority-key-identifier: its authority key identifier names another key than its "
       "issuer's\n"},
      {"a path length of an end-entity", good + "basicConstraints=critical,CA:FALSE,pathlen:0\n",
       "path-length: it has a path length, but is no authority\n"},
      {"an authority under path length 0",
       "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier="
       "hash\nauthorityKeyIdentifier=keyid\n",
       "path-length: its issuer may not issue authorities (path length 0)\n"},
      {"an authority not critically",
       "basicConstraints=CA:TRUE,pathlen:0\nkeyUsage=critical,cRLSign\nsubjectKeyIdentifier="
       "hash\nauthorityKeyIdentifier=keyid\n",
       "key-usage-bits: an authority's key usage lacks keyCertSign\n"
       "basic-constraints: an authority's basic constraints are not critical\n"
       "path-length: its issuer may not issue authorities (path length 0)\n"},
      {"a critical extension nobody knows", good + "1.2.3.4=critical,DER:0500\n",
       "extension-critical: critical extension 1.2.3.4 makes verifiers refuse the certificate\n"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(told(under(pki().make({row.extensions}), pki().issuing())) == row.expected);
    }
}

TEST_CASE("extensions that cannot be read are findings", "[lint]") {
  const auto certificate = pki().make({replaced(
      made::code_signing, "keyUsage=critical,digitalSignature", "2.5.29.15=critical,DER:0500")});
  const auto findings = told(under(certificate, pki().issuing()));
  CHECK(findings.starts_with("extension-malformed: keyUsage: "));
}

TEST_CASE("wrong keys and digests are found", "[lint]") {
  Recipe recipe{made::code_signing};
  SECTION("RSA of 1024 bits") {
    recipe.key = "rsa1024.key";
    CHECK(told(under(pki().make(recipe), pki().issuing())) ==
          "rsa-key-size: an RSA key of 1024 bits can be broken\n");
  }
  SECTION("RSA of 2048 bits") {
    recipe.key = "rsa2048.key";
    CHECK(
        told(under(pki().make(recipe), pki().issuing())) ==
        "rsa-key-size-recommended: an RSA key of 2048 bits is below what code signing asks for\n");
  }
  SECTION("Ed25519") {
    recipe.key = "ed25519.key";
    CHECK(told(under(pki().make(recipe), pki().issuing())) ==
          "key-algorithm: Windows does not verify signatures of a key of type Ed25519\n");
  }
  SECTION("SHA-1") {
    recipe.digest = "sha1";
    CHECK(told(under(pki().make(recipe), pki().issuing())) ==
          "signature-digest: it is signed with SHA-1, for which collisions are made\n");
  }
}

TEST_CASE("wrong serial numbers and names are found", "[lint]") {
  struct Row {
    const char* name;
    const char* serial;
    const char* subject;
    const char* expected;
  };
  const char* serial = "0x4123456789abcdef0123456789abcdef";
  const Row rows[] = {
      {"a short serial", "0x7fffffffffffffff", "/CN=a",
       "serial-entropy: the serial number has 63 bits: it cannot hold 64 random ones\n"},
      {"64 bits", "0x8000000000000000", "/CN=a", ""},
      {"zero", "0", "/CN=a", "serial-length: the serial number is zero\n"},
      {"20 octets", "0x7fffffffffffffffffffffffffffffffffffffff", "/CN=a", ""},
      {"21 octets", "0x8fffffffffffffffffffffffffffffffffffffff", "/CN=a",
       "serial-length: the serial number is longer than 20 octets\n"},
      {"no subject", serial, "/", "subject-name: the subject is empty\n"},
      {"a country in lower case", serial, "/C=de/CN=a",
       "country-code: country 'de' is not two capital letters\n"},
      {"a mark that turns text round", serial,
       "/CN=a\xe2\x80\xae"
       "exe",
       "name-characters: the subject holds characters that do not show: 'a\\u{202e}exe'\n"},
      {"a mark that does not show", serial,
       "/CN=Ac\xc2\xad"
       "me\xe2\x80\x8d",
       "name-characters: the subject holds characters that do not show: "
       "'Ac\\u{00ad}me\\u{200d}'\n"},
      {"spaces alone", serial, "/O=  \xc2\xa0/CN=a",
       "name-characters: the subject holds a value that is blank\n"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      Recipe recipe{made::code_signing};
      recipe.serial = row.serial;
      recipe.subject = row.subject;
      CHECK(told(under(pki().make(recipe), pki().issuing())) == row.expected);
    }
}

TEST_CASE("names that do not show are an error where they are issued, a warning where they are",
          "[lint]") {
  policy::PolicySet policies;
  const auto policy = policies.get("driver-signing");
  Recipe recipe{made::code_signing +
                "subjectAltName=URI:http://a.test/\xe2\x80\xae"
                "x\n"};
  recipe.subject = "/O=Acme/CN=\xe2\x80\x8b";
  const auto certificate = pki().make(recipe);
  for (const bool issuing : {false, true}) {
    auto subject = Subject::of(certificate);
    if (issuing) subject.policy = policy.get();
    std::vector<std::string> said;
    for (const auto& finding : check(subject))
      if (finding.rule == "name-characters")
        said.push_back(to_text(finding.severity) + ": " + finding.message);
    const std::string severity = issuing ? "error" : "warning";
    CHECK(said.at(0) == severity + ": the subject holds characters that do not show: '\\u{200b}'");
    if (said.size() > 1)
      CHECK(said[1] == severity +
                           ": an alternative name holds characters that do not show: "
                           "'http://a.test/\\u{202e}x'");
  }
}

TEST_CASE("what does not fit the issuer is found", "[lint]") {
  Recipe recipe{made::code_signing};
  SECTION("an end past the issuer's") {
    recipe.days = 2500;
    const auto findings = told(under(pki().make(recipe), pki().issuing()));
    CHECK(findings.starts_with("outlives-issuer: it ends on "));
  }
  SECTION("another issuer's name and key") {
    CHECK(told(under(pki().make(recipe), pki().root())) ==
          "issuer-name: the issuer is called 'CN=Issuing' here, but 'CN=Root' in its own "
          "certificate\n"
          "authority-key-identifier: its authority key identifier names another key than its "
          "issuer's\n"
          "signature-valid: its signature is not by the key of 'Root'\n");
  }
  SECTION("an issuer that is no authority") {
    const auto leaf = pki().make(recipe);
    auto subject = Subject::of(leaf);
    subject.issuer_certificate = &leaf;
    subject.issuer = leaf.subject();
    CHECK(told(subject).find("issuer-is-authority: its issuer is no authority\n") !=
          std::string::npos);
  }
  SECTION("a purpose that the issuer lacks") {
    const auto narrow =
        pki().make({"basicConstraints=critical,CA:TRUE\nkeyUsage=critical,"
                    "keyCertSign\nsubjectKeyIdentifier=hash\n"
                    "extendedKeyUsage=timeStamping\n"});
    auto subject = Subject::of(pki().make(recipe));
    subject.issuer_certificate = &narrow;
    CHECK(told(subject).find("eku-nesting: its issuer's extended key usage lacks codeSigning\n") !=
          std::string::npos);
  }
}

TEST_CASE("wrong dates are found", "[lint]") {
  auto subject = under(pki().make({made::code_signing}), pki().issuing());
  SECTION("an end before the beginning") {
    std::swap(subject.not_before, subject.not_after);
    CHECK(told(subject).starts_with("validity-order: it ends ("));
  }
  SECTION("an end that is past") {
    subject.now = subject.not_after;
    CHECK(told(subject) ==
          "validity-in-the-past: it has ended already, on " + to_date(subject.not_after) + "\n");
    subject.now = subject.not_after - std::chrono::seconds(1);
    CHECK(told(subject).empty());
  }
  SECTION("a beginning before the issuer's") {
    subject.not_before = pki().issuing().not_before() - std::chrono::hours(1);
    CHECK(told(subject).starts_with("begins-before-issuer: it begins ("));
  }
}

}  // namespace sealwright::lint
