#include "diagnose/inspection.h"

#include <catch2/catch.hpp>

#include "signing/pki.h"
#include "x509/oids.h"

using namespace sealwright;
using bundle::FoundCertificate;
using bundle::Location;
using test::pki;
using Severity = bundle::Fault::Severity;

namespace {

struct Put {
  const char* store;
  x509::Certificate certificate;
  std::optional<std::vector<Oid>> purposes = {};
  Location location = Location::machine;
};

FoundCertificate found(const Put& put) {
  FoundCertificate made;
  made.location = put.location;
  made.store = put.store;
  made.thumbprint = put.certificate.thumbprint();
  made.certificate = put.certificate;
  if (put.purposes) {
    Bytes value = {0x30, 0x00};
    if (!put.purposes->empty())
      value = x509::extended_key_usage_extension(*put.purposes, false).value;
    made.properties.push_back({bundle::property_enhanced_key_usage, value});
  }
  return made;
}

diagnose::Inspection inspected(const std::vector<Put>& puts, Time now = test::noon) {
  bundle::Reading reading;
  bundle::Contents contents;
  contents.path = "x.reg";
  contents.format = "reg";
  for (const auto& put : puts) contents.certificates.push_back(found(put));
  reading.imports.push_back(std::move(contents));
  return diagnose::inspect("x.reg", std::move(reading), now);
}

/// "error: message" of each finding.
std::vector<std::string> findings(const diagnose::Inspection& inspection) {
  const char* names[] = {"note: ", "warning: ", "error: "};
  std::vector<std::string> all;
  for (const auto& finding : inspection.imports.at(0).findings)
    all.push_back(names[static_cast<int>(finding.severity)] + finding.message);
  return all;
}

/// What a root of driver signing is for. A function: OIDs of other files may not be there before
/// main.
std::vector<Oid> both() { return {x509::oids::code_signing, x509::oids::time_stamping}; }

}  // namespace

TEST_CASE("a certificate is judged by the store it goes into", "[diagnose]") {
  static const test::Holder self_signed = test::make_holder(
      "Self-signed", test::Purpose::code_signing, {ossl::KeyType::rsa, 2048, {}}, nullptr);
  struct Row {
    const char* name;
    Put put;
    std::vector<std::string> says;
  };
  const Row rows[] = {
      {"a root for code and timestamps", {"Root", pki().root.certificate, both()}, {}},
      {"a root for everything",
       {"Root", pki().root.certificate},
       {"note: it is trusted for all purposes, TLS too"}},
      {"a root for code alone",
       {"Root", pki().root.certificate, std::vector<Oid>{x509::oids::code_signing}},
       {"warning: its property 9 allows codeSigning without timeStamping: timestamps by "
        "authorities below it do not count"}},
      {"a root for nothing",
       {"Root", pki().root.certificate, std::vector<Oid>{}},
       {"error: its property 9 allows nothing, so it is trusted for nothing"}},
      {"an intermediate in Root",
       {"Root", pki().issuing.certificate, both()},
       {"error: it is not self-signed: in Root Windows trusts only what is"}},
      {"a self-signed signer in Root", {"root", self_signed.certificate, both()}, {}},
      {"a signer in TrustedPublisher", {"TrustedPublisher", pki().code.certificate}, {}},
      {"a CA in TrustedPublisher",
       {"TrustedPublisher", pki().issuing.certificate},
       {"error: it is a CA certificate: Windows looks for the signer's own certificate there, so "
        "it does nothing"}},
      {"a timestamp authority in TrustedPublisher",
       {"TrustedPublisher", pki().tsa.certificate},
       {"error: its extended key usage has no codeSigning, so it signs no code"}},
      {"a publisher of one user",
       {"TrustedPublisher", pki().code.certificate, {}, Location::user},
       {"warning: a driver installation does not look at the current user's stores"}},
      {"an intermediate in CA", {"CA", pki().issuing.certificate}, {}},
      {"a root in CA",
       {"CA", pki().root.certificate},
       {"warning: it is self-signed: in CA it is not trusted"}},
      {"a signer in CA",
       {"CA", pki().code.certificate},
       {"warning: it is no CA certificate: in CA it does nothing"}},
      {"NTAuth",
       {"NTAuth", pki().issuing.certificate, {}, Location::directory},
       {"warning: NTAuth makes the authority good for logons, in the whole forest"}},
      {"anything in Disallowed", {"Disallowed", pki().issuing.certificate}, {}},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      auto said = findings(inspected({row.put}));
      // What lint has against test certificates is lint's matter.
      std::erase_if(said, [](const std::string& line) { return line.ends_with(')'); });
      CHECK(said == row.says);
    }
}

TEST_CASE("what is trusted and distrusted at once is distrusted", "[diagnose]") {
  const auto said = findings(inspected(
      {{"Root", pki().root.certificate, both()}, {"Disallowed", pki().root.certificate}}));
  CHECK(said ==
        std::vector<std::string>{"error: the same import puts it into Disallowed, which wins"});
}

TEST_CASE("the time of day decides about validity, and publishers stay a while", "[diagnose]") {
  const Time later = *parse_time("2046-01-01"), earlier = *parse_time("2019-01-01");
  CHECK(findings(inspected({{"Root", pki().root.certificate, both()}}, later)) ==
        std::vector<std::string>{"warning: it ended on 2045-01-01"});
  CHECK(findings(inspected({{"CA", pki().issuing.certificate}}, earlier)) ==
        std::vector<std::string>{"warning: it is not valid before 2020-01-01"});
  const auto publisher = inspected({{"TrustedPublisher", pki().code.certificate}}, later);
  REQUIRE_FALSE(publisher.imports[0].findings.empty());
  CHECK(publisher.imports[0].findings[0].severity == Severity::note);
  CHECK_THAT(publisher.imports[0].findings[0].remedy, Catch::Contains("keep it"));
}

TEST_CASE("settings that weaken other software are named", "[diagnose]") {
  struct Row {
    const char* name;
    std::uint32_t value;
    std::size_t findings;
  };
  const Row rows[] = {
      {"State", 0x23c00, 0},           {"State", 0x23e00, 1},       {"State", 0x63c00, 1},
      {"State", 0x63e00, 2},           {"Flags", 0x20, 0},          {"Flags", 9, 2},
      {"AuthenticodeFlags", 0x100, 0}, {"AuthenticodeFlags", 2, 1}, {"DisableRootAutoUpdate", 1, 1},
      {"DisableRootAutoUpdate", 0, 0},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name << " " << row.value) {
      bundle::Reading reading;
      reading.imports.emplace_back().settings.push_back({"HKEY_X\\Y", row.name, row.value, {}});
      const auto inspection = diagnose::inspect("x", std::move(reading), test::noon);
      CHECK(inspection.imports[0].findings.size() == row.findings);
    }
}

TEST_CASE("an inspection is told as text and as JSON", "[diagnose]") {
  auto inspection = inspected({{"TrustedPublisher", pki().issuing.certificate}});
  inspection.imports[0].contents.faults.push_back(
      {Severity::warning, {"x.reg", "line 3"}, "it is odd\x1b[31m", "mend it"});
  const std::string hex = pki().issuing.certificate.thumbprint().hex();
  const std::string text = diagnose::to_text(inspection);
  CHECK_THAT(text, Catch::StartsWith("x.reg\n\nx.reg  (reg)\n  put   TrustedPublisher  " + hex +
                                     "  Test Issuing, until 2045-01-01\n"));
  CHECK_THAT(text, Catch::Contains("        error    it is a CA certificate"));
  CHECK_THAT(text, Catch::Contains("        warning  x.reg: line 3: it is odd\\x1b[31m\n"
                                   "        remedy   mend it\n"));
  CHECK_THAT(text, Catch::EndsWith("\n1 error, 1 warning\n"));
  const Json json = diagnose::to_json(inspection);
  CHECK(json.at("errors").integer() == 1);
  const auto& import = json.at("imports").items().at(0);
  CHECK(import.at("certificates").items().at(0).at("thumbprint").string() == hex);
  CHECK(import.at("faults").items().at(0).at("place").string() == "line 3");
}
