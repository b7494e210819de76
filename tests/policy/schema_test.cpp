// The JSON Schemas, judged by a validator that we did not write; and the reference.

#include "policy/schema.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support.h"

namespace sealwright::policy {
namespace fs = std::filesystem;
namespace {

bool have_validator() {
  const bool have = test::run({"python3", "-c", "import jsonschema, yaml"}).exit_code == 0;
  if (!have) WARN("SKIPPED: python3-jsonschema or python3-yaml is not installed");
  return have;
}

struct Schema {
  explicit Schema(YamlFile file) {
    std::ofstream(scratch / "schema.json") << json_schema(file).dump();
  }
  /// A line a file: "FILE: ok", or what is wrong.
  std::string judge(const std::vector<std::string>& files) const {
    std::vector<std::string> argv = {"python3", "tests/policy/check_schema.py",
                                     (scratch / "schema.json").string()};
    argv.insert(argv.end(), files.begin(), files.end());
    const auto ran = test::run(argv);
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    return ran.out;
  }
  test::Scratch scratch;
};

/// Every YAML file below `folder` in a folder called `in`, or, where that is empty, in none.
std::vector<std::string> yaml_files(const fs::path& folder, bool policies) {
  std::vector<std::string> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto& path = entry.path();
    const bool is_policy = path.parent_path().filename() == "policies";
    const bool is_hierarchy =
        path.filename() == "sealwright.yaml" || path.parent_path().filename() == "ca";
    if (path.extension() == ".yaml" && (policies ? is_policy : is_hierarchy))
      files.push_back(path.string());
  }
  return files;
}

void check_all_good(YamlFile file, bool policies) {
  auto files = yaml_files(policies ? "policies" : "ca", policies);
  if (policies)
    for (const auto& entry : fs::directory_iterator("policies"))
      if (std::find(files.begin(), files.end(), entry.path().string()) == files.end())
        files.push_back(entry.path().string());
  CHECK(files.size() >= 4);
  const auto examples = yaml_files("../shared/design/examples", policies);
  if (examples.empty()) WARN("SKIPPED: no examples");
  files.insert(files.end(), examples.begin(), examples.end());
  std::istringstream lines(Schema(file).judge(files));
  int good = 0;
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(line.ends_with(": ok"));
    ++good;
  }
  CHECK(good == static_cast<int>(files.size()));
}

void check_mistakes(YamlFile file, const std::string& good,
                    const std::vector<std::pair<std::string, std::string>>& mistakes) {
  const Schema schema(file);
  std::ofstream(schema.scratch / "0.yaml") << good;
  std::vector<std::string> files = {(schema.scratch / "0.yaml").string()};
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    auto text = good;
    const auto& [from, to] = mistakes[i];
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    files.push_back((schema.scratch / (std::to_string(i + 1) + ".yaml")).string());
    std::ofstream(files.back()) << (from.empty() ? text + to : text.replace(at, from.size(), to));
  }
  std::istringstream lines(schema.judge(files));
  std::string line;
  std::getline(lines, line);
  CHECK(line == files[0] + ": ok");
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    std::getline(lines, line);
    INFO(mistakes[i].second << "\n" << line);
    CHECK_FALSE(line.ends_with(": ok"));
  }
}
}  // namespace

TEST_CASE("the schemas accept every shipped file and every example", "[policy]") {
  if (!have_validator()) return;
  SECTION("hierarchies") { check_all_good(YamlFile::hierarchy, false); }
  SECTION("policies") { check_all_good(YamlFile::policy, true); }
}

TEST_CASE("the schema of sealwright.yaml refuses mistakes", "[policy]") {
  if (!have_validator()) return;
  check_mistakes(
      YamlFile::hierarchy,
      "version: 1\nname: site\nlab: true\ncountry: NO\ntargets: [2000, win11-24h2, 10_GE_X64]\n"
      "authorities:\n  root: {policy: root-ca@1, subject: {CN: 2026}}\n"
      "certificates:\n  signer: {policy: driver-signing, issuer: root, subject: CN=Signer}\n"
      "exports: {a: {certificate: signer, format: pfx, path: a.pfx, generation: 2, password: "
      "{file: "
      "f}}}\n"
      "bundles: {b: {stores: {root: [root]}, formats: {reg: {}}, settings: {wintrust_state: "
      "0x40000}}}\n",
      {{"version: 1", "version: 2"},
       {"version: 1\n", ""},
       {"lab: true", "lab: yes"},
       {"lab: true", "laboratory: true"},
       {"NO", "Norway"},
       {"win11-24h2", "win11-24h3"},
       {"  root:", "  Root:"},
       {"root-ca@1", "root-ca@0"},
       {"CN: 2026", "XN: 2026"},
       {"issuer: root, ", ""},
       {"format: pfx", "format: p12"},
       {"generation: 2", "generation: 0"},
       {"{file: f}", "hunter2"},
       {"{file: f}", "{file: f, env: G}"},
       {"{reg: {}}", "{}"},
       {"{reg: {}}", "{regs: {}}"},
       {"root: [root]", "root: root"},
       {"0x40000", "on"},
       {"", "distribution: {http: https://x.example, publish: x}\n"},
       {"", "moved: [{from: a}]\n"}});
}

TEST_CASE("the schema of policies refuses mistakes", "[policy]") {
  if (!have_validator()) return;
  check_mistakes(YamlFile::policy,
                 "version: 1\nname: site\nrevision: 1\nkind: end-entity\nvalidity: {lifetime: 2y}\n"
                 "key: {size: 3072}\nextensions: {extended_key_usage: [codeSigning, 1.2.3.4], "
                 "basic_constraints: none}\nrenewal: {overlap: until-safe}\n",
                 {{"revision: 1", "revision: 0"},
                  {"kind: end-entity\n", ""},
                  {"end-entity", "leaf"},
                  {"2y", "2 years"},
                  {"3072", "512"},
                  {"3072", "\"3072\""},
                  {"codeSigning", "codeSignin"},
                  {"none", "never"},
                  {"until-safe", "until safe"},
                  {"", "extra: 1\n"},
                  {"", "key_usage: [digitalSignature]\n"},
                  {"", "lint: {relax: [{rule: x}]}\n"},
                  {"", "requests: {subject: requester}\n"}});
}

TEST_CASE("a policy that extends another need not say everything", "[policy]") {
  if (!have_validator()) return;
  const Schema schema(YamlFile::policy);
  const auto file = (schema.scratch / "short.yaml").string();
  std::ofstream(file) << "version: 1\nname: short\nrevision: 1\nextends: driver-signing@1\n"
                         "extensions: {key_usage: {critical: false}}\n";
  CHECK(schema.judge({file}) == file + ": ok\n");
}

TEST_CASE("README's reference is what the tables say", "[policy]") {
  std::stringstream all;
  all << std::ifstream("README.md").rdbuf();
  auto readme = all.str();
  const std::pair<const char*, YamlFile> parts[] = {{"hierarchy", YamlFile::hierarchy},
                                                    {"policy", YamlFile::policy}};
  for (const auto& [name, file] : parts) {
    const auto open = "<!-- sealwright schema " + std::string(name) + " --reference -->\n";
    const std::string close = "<!-- end -->\n";
    const auto from = readme.find(open);
    REQUIRE(from != std::string::npos);
    const auto begin = from + open.size();
    const auto end = readme.find(close, begin);
    REQUIRE(end != std::string::npos);
    if (std::getenv("UPDATE_GOLDEN")) {
      readme.replace(begin, end - begin, reference(file));
      std::ofstream("README.md") << readme;
    } else {
      CHECK(readme.substr(begin, end - begin) == reference(file));
    }
  }
}

}  // namespace sealwright::policy
