#include "diagnose/explain.h"

#include <catch2/catch.hpp>

#include "support.h"

using namespace sealwright;
using Kind = diagnose::Explanation::Kind;

TEST_CASE("explain knows codes, usages, State values and Windows versions", "[explain]") {
  struct Row {
    const char* asked;
    Kind kind;
    const char *word, *name;
  };
  const Row rows[] = {
      {"0x800B0109", Kind::result_code, "0x800B0109", "CERT_E_UNTRUSTEDROOT"},
      {" cert_e_expired ", Kind::result_code, "0x800B0101", "CERT_E_EXPIRED"},
      {"Code 52", Kind::result_code, "52", "CM_PROB_UNSIGNED_DRIVER"},
      {"577", Kind::result_code, "577", "ERROR_INVALID_IMAGE_HASH"},
      {"codeSigning", Kind::purpose, "codeSigning", "1.3.6.1.5.5.7.3.3"},
      {"CODESIGNING", Kind::purpose, "codeSigning", "1.3.6.1.5.5.7.3.3"},
      {"1.3.6.1.4.1.311.10.3.13", Kind::purpose, "lifetimeSigning", "1.3.6.1.4.1.311.10.3.13"},
      {"0x23c00", Kind::wintrust_state, "0x23c00", ""},
      {"146432", Kind::wintrust_state, "0x23c00", ""},
      {"0x63C00", Kind::wintrust_state, "0x63c00", ""},
      {"win11-24h2", Kind::windows_version, "win11-24h2", "Windows 11 24H2"},
      {"10_GE_X64", Kind::windows_version, "win11-24h2", "Windows 11 24H2"},
      {"2000", Kind::windows_version, "win2000", "Windows 2000"},
  };
  for (const auto& row : rows) {
    INFO(row.asked);
    const auto found = diagnose::explain(row.asked);
    REQUIRE(found);
    CHECK(found->kind == row.kind);
    CHECK(found->word == row.word);
    CHECK(found->name == row.name);
    CHECK_FALSE(found->meaning.empty());
  }
}

TEST_CASE("explain says nothing about words it does not know", "[explain]") {
  for (const char* word : {"", "  ", "hello", "0x", "0xFFFFFFFF", "1.2.3", "win12", "0"}) {
    INFO(word);
    CHECK_FALSE(diagnose::explain(word));
  }
}

TEST_CASE("a value of State is explained bit by bit", "[explain]") {
  const auto strict = diagnose::explain("0x40000");
  REQUIRE(strict);
  REQUIRE(strict->facts.size() == 11);
  CHECK(strict->facts.back().first == "0x40000 set");
  CHECK(strict->facts.back().second == "only publishers in TrustedPublisher are accepted");
  CHECK(strict->causes.size() == 1);
  CHECK_THAT(strict->remedy, Catch::Contains("0x23c00"));
  CHECK(diagnose::explain("0x23c00")->remedy.empty());
}

TEST_CASE("explanations read as they should", "[explain]") {
  std::string all;
  for (const char* word : {"0x800B0109", "0x23c00", "codeSigning", "win11-24h2"})
    all += to_text(*diagnose::explain(word)) + "\n";
  CHECK(all == test::golden("explain.txt", all));
  const auto json = to_json(*diagnose::explain("0x800B0109"));
  CHECK(json.at("schema").string() == "sealwright.explain/1");
  CHECK(json.at("kind").string() == "result code");
  CHECK(json.at("causes").items().size() == 2);
}
