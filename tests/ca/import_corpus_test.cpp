// Keys and certificates of other people's tools: what each file brings, in one table.

#include <map>
#include <sstream>

#include "base/file.h"
#include "ca/import_arrange.h"
#include "ca/import_file.h"
#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

std::map<std::string, std::string> passwords(const fs::path& keys) {
  std::map<std::string, std::string> made;
  std::istringstream table(read_text(keys / "PASSWORDS.tsv"));
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string file, kind, password;
    std::getline(fields, file, '\t');
    std::getline(fields, kind, '\t');
    std::getline(fields, password, '\t');
    if (const auto note = password.find(" ("); note != std::string::npos) password.resize(note);
    if (password != "(none)" && password != "(empty)") made[file] = password;
  }
  return made;
}

std::string result_of(const fs::path& file, const std::string& password) {
  try {
    const auto content = ca::read_any_file(
        file.string(), [&](const std::string&) { return std::optional(ossl::Secret(password)); });
    std::string text = std::to_string(content.certificates.size()) + " certificates, " +
                       std::to_string(content.keys.size()) + " keys";
    if (content.other_keys) text += ", " + std::to_string(content.other_keys) + " not read";
    if (!content.crls.empty()) text += ", " + std::to_string(content.crls.size()) + " lists";
    return text;
  } catch (const Error& error) {
    const auto name = file.string() + ": ";
    return error.message.starts_with(name) ? error.message.substr(name.size()) : error.message;
  }
}

}  // namespace

TEST_CASE("every key file of the corpus is read, or refused for a reason", "[ca][import][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: the corpus is not here");
    return;
  }
  const auto keys = *corpus / "keys";
  const auto known = passwords(keys);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(keys))
    if (entry.path().extension() != ".tsv") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::string table;
  for (const auto& file : files) {
    const auto password = known.find(file.filename().string());
    table += file.filename().string() + "\t" +
             result_of(file, password == known.end() ? "" : password->second) + "\n";
  }
  CHECK(table == golden("import-corpus.txt", table));
}

TEST_CASE("a PVK of the corpus finds its certificate", "[ca][import][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: the corpus is not here");
    return;
  }
  const auto found = ca::find_in_files(
      {*corpus / "keys/dokany__DokanCA.pvk", *corpus / "keys/dokany__DokanCA.cer"}, {});
  REQUIRE(found.certificates.size() == 1);
  CHECK(found.certificates[0].key);
}
