// The design's whole examples: read as they stand, or refused for what this version cannot do.

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "policy/load.h"
#include "support.h"

namespace sealwright::policy {
namespace fs = std::filesystem;
namespace {

std::optional<fs::path> examples() {
  const fs::path path = "../shared/design/examples";
  if (!fs::is_directory(path)) return std::nullopt;
  return path;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Without the lines that hold any of these words.
std::string without(const std::string& text, const std::vector<std::string>& words) {
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    bool holds = false;
    for (const auto& word : words) holds = holds || line.find(word) != std::string::npos;
    if (!holds) kept += line + "\n";
  }
  return kept;
}
}  // namespace

TEST_CASE("the examples are read, or refused for what cannot be done yet", "[policy]") {
  const auto folder = examples();
  if (!folder) {
    WARN("SKIPPED: no examples");
    return;
  }
  const std::pair<const char*, const char*> rows[] = {
      {"corp", "sealwright.yaml:15:1: 'distribution' is not supported by this version"},
      {"easyrsa", "sealwright.yaml:12:5: 'existing' is not supported by this version"},
      {"negative", "sealwright.yaml:19:116: 'powershell' is not supported by this version"},
      {"story", "sealwright.yaml:18:32: 'default' is not supported by this version"},
  };
  for (const auto& [name, message] : rows) DYNAMIC_SECTION(name) {
      CHECK_THROWS_WITH(load_hierarchy(*folder / name), message);
    }
}

TEST_CASE("without its settings the example of makecert's story is read", "[policy]") {
  const auto folder = examples();
  if (!folder) {
    WARN("SKIPPED: no examples");
    return;
  }
  PolicySet policies;
  const auto story =
      parse_hierarchy(without(content(*folder / "story/sealwright.yaml"), {"settings:"}),
                      "sealwright.yaml", policies);
  CHECK(story.certificates.at(0).lifetime == Duration{120, {}});
  CHECK(story.exports.at(1).password->value == "pfx.pw");
  CHECK(story.bundles.at(0).formats.at(0).option("flavor") == "policy");
  CHECK(story.packages.at(0).os == std::vector<std::string>{"XP_X86"});
}

TEST_CASE("the examples' policies are read, or refused for what cannot be done yet", "[policy]") {
  const auto folder = examples();
  if (!folder) {
    WARN("SKIPPED: no examples");
    return;
  }
  PolicySet policies;
  const auto parse = [&](const std::string& path) {
    return parse_policy(content(*folder / path), path, policies);
  };
  const auto publisher = parse("corp/policies/acme-publisher.yaml");
  CHECK(publisher.extends == std::vector<std::string>{"driver-signing@1"});
  CHECK(publisher.key.key_export == KeyExport::never);
  CHECK(publisher.extensions.key_usage->bits == x509::digital_signature);
  CHECK(publisher.allow.size() == 5);
  CHECK_THROWS_WITH(
      parse("negative/policies/neg-expired.yaml"),
      "negative/policies/neg-expired.yaml:7:1: 'negative' is not supported by this version");
  CHECK_THROWS_WITH(
      parse("negative/policies/neg-wrong-eku.yaml"),
      "negative/policies/neg-wrong-eku.yaml:7:1: 'negative' is not supported by this version");
}

}  // namespace sealwright::policy
