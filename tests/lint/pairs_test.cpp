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

}  // namespace sealwright::lint
