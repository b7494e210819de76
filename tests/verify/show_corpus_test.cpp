// Key and certificate files of other people's tools: each is shown, or refused for the right
// reason.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "support.h"
#include "verify/show.h"

namespace sealwright::test {
namespace {
namespace fs = std::filesystem;

/// What PASSWORDS.tsv says of each file, notes in parentheses left out; empty where it is empty,
/// not known, or there is none.
std::map<std::string, std::string> passwords(const fs::path& keys) {
  std::map<std::string, std::string> known;
  std::istringstream table(read_text(keys / "PASSWORDS.tsv"));
  std::string line;
  std::getline(table, line);  // What the columns are.
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string file, kind, password;
    std::getline(fields, file, '\t');
    std::getline(fields, kind, '\t');
    std::getline(fields, password, '\t');
    if (password.starts_with("(") || password == "?") password.clear();
    known[file] = password.substr(0, password.find(" ("));
  }
  return known;
}

std::vector<fs::path> files_in(const fs::path& keys) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(keys))
    if (entry.path().extension() != ".tsv") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

verify::PasswordSource gives(const std::string& password) {
  return {[password] { return ossl::Secret(view(password)); },
          [password] { return std::optional(ossl::Secret(view(password))); }};
}

/// The facts that tell one reader from another: how much was found, and how it was protected.
std::string summary(const verify::Description& shown) {
  std::string text = shown.kind;
  const auto add = [&](const char* name, const Json* value) {
    if (!value || value->is_null()) return;
    text += fmt::format("; {}: {}", name,
                        value->type() == Json::Type::string  ? value->string()
                        : value->type() == Json::Type::array ? std::to_string(value->items().size())
                                                             : value->dump(-1));
  };
  for (const char* fact : {"certificates", "crls", "key", "other_keys", "friendly_name", "provider",
                           "encryption", "key_type", "chain", "mac", "password", "readable_by"})
    add(fact, shown.facts.find(fact));
  if (const auto* parts = shown.facts.find("protection"))
    for (const auto& part : parts->items()) text += "; " + part.string();
  return text;
}

std::string outcome(const fs::path& file, const std::string& password) {
  try {
    return "shown\t" + summary(verify::describe(file, gives(password)));
  } catch (const Error& error) {
    REQUIRE((error.kind == Error::Kind::crypto || error.kind == Error::Kind::input));
    REQUIRE(error.message.starts_with(file.string() + ": "));
    return (error.kind == Error::Kind::crypto ? "crypto\t" : "input\t") +
           error.message.substr(file.string().size() + 2);
  }
}

}  // namespace

TEST_CASE("every key file of the corpus is shown, or refused with the reason", "[show][corpus]") {
  const auto folder = corpus();
  if (!folder) {
    WARN("SKIPPED: no corpus");
    return;
  }
  auto known = passwords(*folder / "keys");
  std::string table;
  for (const auto& file : files_in(*folder / "keys")) {
    const std::string name = file.filename().string();
    INFO(name);
    REQUIRE(known.contains(name));
    table += name + "\t" + outcome(file, known[name]) + "\n";
  }
  CHECK(table == golden("corpus-keys.txt", table));
}

TEST_CASE("with another password every protected file of the corpus says so", "[show][corpus]") {
  const auto folder = corpus();
  if (!folder) {
    WARN("SKIPPED: no corpus");
    return;
  }
  int refused = 0;
  for (const auto& [name, password] : passwords(*folder / "keys")) {
    if (password.empty()) continue;
    INFO(name);
    const auto right = outcome(*folder / "keys" / name, password);
    if (right.starts_with("input\t") && right.find("not supported") != right.npos) continue;
    const auto wrong = outcome(*folder / "keys" / name, "not this");
    const bool open = right.find("password: empty") != right.npos ||
                      right.find("password: none at all") != right.npos ||
                      right.find("password: not needed") != right.npos;
    CHECK((open ? wrong == right : wrong == "crypto\twrong password"));
    refused += !open;
  }
  CHECK(refused > 40);
}

TEST_CASE("a file of the corpus cut short is never blamed on its password", "[show][corpus]") {
  const auto folder = corpus();
  if (!folder) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const Scratch scratch;
  for (const auto& [name, password] : passwords(*folder / "keys")) {
    const auto ending = fs::path(name).extension();
    if (ending != ".p12" && ending != ".pfx" && ending != ".pvk") continue;
    INFO(name);
    const Bytes whole = read_file(*folder / "keys" / name);
    for (const std::size_t length : {whole.size() / 3, whole.size() - 10}) {
      const fs::path file = scratch / "short";
      write_file(file, BytesView(whole).first(length), {Access::everyone, Existing::replace});
      CHECK_THAT(outcome(file, password), Catch::StartsWith("input\t"));
    }
  }
}

}  // namespace sealwright::test
