// For each rule two certificates of tests/data/lint, which openssl made: RULE--pass.pem obeys it,
// RULE--fail.pem breaks it. Lines above the PEM block say what else lint is to know.

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "base/error.h"
#include "base/file.h"
#include "lint/lint.h"
#include "support.h"

namespace sealwright::lint {
namespace {
namespace fs = std::filesystem;

const Time judging_day = *parse_time("2026-06-01");

std::map<std::string, std::string> context_of(const std::string& text) {
  std::map<std::string, std::string> words;
  for (std::size_t at = 0; at < text.size() && text[at] != '-';) {
    const auto end = text.find('\n', at), colon = text.find(": ", at);
    REQUIRE(colon < end);
    words[text.substr(at, colon - at)] = text.substr(colon + 2, end - colon - 2);
    at = end + 1;
  }
  return words;
}

x509::Certificate read(const std::string& file) {
  return x509::read_certificates(read_file(test::data() / "lint" / file)).at(0);
}

std::optional<Purpose> purpose_called(const std::string& word) {
  for (const auto purpose : {Purpose::any, Purpose::authority, Purpose::code_signing})
    if (to_text(purpose) == word) return purpose;
  return std::nullopt;
}

std::vector<Finding> findings_of(const std::string& file) {
  auto words = context_of(text(read_file(test::data() / "lint" / file)));
  auto subject = Subject::of(read(file));
  std::optional<x509::Certificate> issuer;
  if (words.contains("issuer")) issuer = read(words["issuer"]);
  subject.issuer_certificate = issuer ? &*issuer : nullptr;
  if (words.contains("known")) subject.known.push_back(read(words["known"]));
  subject.now = words.contains("at") ? *parse_time(words["at"]) : judging_day;
  subject.purpose = purpose_called(words["purpose"]);
  for (std::size_t at = 0; at < words["targets"].size();) {
    const auto end = std::min(words["targets"].find(", ", at), words["targets"].size());
    subject.targets.push_back(words["targets"].substr(at, end - at));
    at = end + 2;
  }
  const auto fact = [&](const char* word) -> std::optional<bool> {
    if (!words.contains(word)) return std::nullopt;
    return words[word] == "yes";
  };
  subject.revoked = fact("revoked");
  subject.chain_complete = fact("chain-complete");
  subject.root_trusted = fact("root-trusted");
  return check(subject);
}

bool fires(const std::vector<Finding>& findings, std::string_view rule) {
  return std::ranges::any_of(findings, [&](const auto& one) { return one.rule == rule; });
}

std::string line_of(const Finding& finding) {
  return "  " + to_text(finding.severity) + " " + finding.rule + ": " + finding.message + "\n";
}
}  // namespace

TEST_CASE("each rule has a certificate that obeys it and one that breaks it", "[lint]") {
  std::string table;
  for (const auto& rule : rules()) {
    INFO(rule.name);
    const std::string name(rule.name);
    CHECK_FALSE(fires(findings_of(name + "--pass.pem"), rule.name));
    if (name == "extension-repeated") {  // one that is read has no extension twice
      CHECK_THROWS_WITH(read(name + "--fail.pem"), Catch::Contains("appears twice"));
      continue;
    }
    const auto findings = findings_of(name + "--fail.pem");
    CHECK(fires(findings, rule.name));
    table += name + "\n";
    for (const auto& finding : findings) table += line_of(finding);
  }
  // What each says, and that it breaks nothing else without need.
  CHECK(table == test::golden("lint-pairs.txt", table));
}

TEST_CASE("what obeys a rule breaks no other as an error", "[lint]") {
  for (const auto& entry : fs::directory_iterator(test::data() / "lint")) {
    const auto file = entry.path().filename().string();
    if (file.find("--pass.pem") == std::string::npos) continue;
    std::string told;
    for (const auto& finding : findings_of(file))
      if (finding.severity == Severity::error) told += line_of(finding);
    INFO(file);
    CHECK(told.empty());
    CAPTURE(told);
  }
}

TEST_CASE("openssl refuses what breaks its rules too, and takes what obeys them",
          "[lint][oracle]") {
  struct Row {
    const char* rule;
    const char* issuer;
    const char* says;
  };
  const Row rows[] = {
      {"validity-in-the-past", "issuing", "certificate has expired"},
      {"validity-in-the-future", "issuing", "certificate is not yet valid"},
      {"issuer-expired", "expired", "certificate has expired"},
      {"issuer-is-authority", "no-authority", "invalid CA certificate"},
      {"name-constraints", "constrained", "permitted subtree violation"},
      {"signature-valid", "issuing", "certificate signature failure"},
      {"extension-critical", "issuing", "unhandled critical extension"},
      {"authority-key-identifier", "issuing", "unable to get"},
      {"basic-constraints", "root", "Basic Constraints of CA cert not marked critical"},
      {"alternative-name-empty", "issuing", "Empty Subject Alternative Name extension"},
      {"signature-algorithm-agrees", "issuing", ""},
  };
  const auto file = [](const std::string& name) { return (test::data() / "lint" / name).string(); };
  const auto verified = [&](const std::string& name, std::string issuer) {
    auto words = context_of(text(read_file(file(name))));
    if (words.contains("issuer")) issuer = words["issuer"];
    const auto at = words.contains("at") ? *parse_time(words["at"]) : judging_day;
    return test::run({"openssl", "verify", "-x509_strict", "-policy_check", "-attime",
                      std::to_string(at.time_since_epoch().count()), "-CAfile",
                      file("issuer-root.pem"), "-untrusted", file(issuer), file(name)});
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.rule) {
      const auto issuer = "issuer-" + std::string(row.issuer) + ".pem";
      const auto bad = verified(std::string(row.rule) + "--fail.pem", issuer);
      CHECK(bad.exit_code != 0);
      CHECK_THAT(bad.err + bad.out, Catch::Contains(row.says));
      const auto good = verified(std::string(row.rule) + "--pass.pem", issuer);
      INFO(good.err);
      CHECK(good.exit_code == 0);
    }
}

TEST_CASE("no certificate makes lint fail, however damaged", "[lint]") {
  std::size_t read_ones = 0, number = 0;
  for (const auto& entry : fs::directory_iterator(test::data() / "lint")) {
    if (entry.path().extension() != ".pem" || ++number % 10 != 0) continue;
    Bytes der;
    try {
      der = read(entry.path().filename().string()).der();
    } catch (const Error&) {
      continue;  // one that is malformed as it is
    }
    for (std::size_t at = number % 11; at < der.size(); at += 11) {
      auto damaged = der;
      damaged[at] ^= std::uint8_t(1u << at % 8);
      std::optional<x509::Certificate> certificate;
      try {
        certificate = x509::Certificate::from_der(damaged);
      } catch (const Error&) {
        continue;
      }
      ++read_ones;
      auto subject = Subject::of(*certificate);
      subject.issuer_certificate = &*certificate;
      subject.now = judging_day;
      CHECK_NOTHROW(check(subject));
    }
  }
  CHECK(read_ones > 200);
}

}  // namespace sealwright::lint
