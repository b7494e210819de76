// Compares what machines answered with what was expected.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/template.h"
#include "policy/tree.h"
#include "trust/result_code.h"
#include "workspace/matrix.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_cases = 100'000;

/// What is compared; codes as the machine spells them, "0x800B0109".
struct Answer {
  std::string signature, setup, dialog;
};

const std::string& text_at(const policy::Node& node, const char* key) {
  const auto* found = node.find(key);
  if (!found || found->type != policy::Node::Type::scalar)
    throw node.error(std::string("'") + key + "' is missing");
  return found->value;
}

/// "0x800b0109" and "0x800B0109" are one code.
std::string code_text(const std::string& text) {
  const auto* known = trust::find_result_code(text);
  return known ? fmt::format("0x{:08X}", known->value) : text;
}

Answer read_case(const fs::path& file) {
  const auto document = policy::parse_document(read_text(file), file.string());
  const auto* expected = document->root.find("expected");
  if (!expected) throw document->root.error("'expected' is missing");
  return {code_text(text_at(*expected, "signature")), code_text(text_at(*expected, "setup")),
          text_at(*expected, "dialog")};
}

struct Given {
  std::string machine;
  Answer answer;
};

std::pair<std::string, Given> read_result(const fs::path& file) {
  std::string text = read_text(file);
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  try {
    const Json json = Json::parse(text);
    if (json.at("schema").string() != "sealwright.matrix-result/1")
      throw Error(Error::Kind::input, "is no result of a matrix");
    return {json.at("case").string(),
            {json.at("machine").string(),
             {code_text(json.at("signature").string()), code_text(json.at("setup").string()),
              json.at("dialog").string()}}};
  } catch (const Error& error) {
    throw with_prefix(error, file.string());
  }
}

std::multimap<std::string, Given> read_results(const fs::path& folder) {
  std::multimap<std::string, Given> results;
  if (!fs::is_directory(folder))
    throw Error(Error::Kind::io, "there is no folder '" + folder.string() + "'",
                "run Invoke-Matrix.ps1 on a test machine, and bring its results back");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  if (files.size() > max_cases)
    throw Error(Error::Kind::input, "'" + folder.string() + "' holds too many results");
  std::sort(files.begin(), files.end());
  for (const auto& file : files) results.insert(read_result(file));
  return results;
}

std::vector<std::string> differences(const Answer& expected, const Answer& given) {
  std::vector<std::string> all;
  const auto compare = [&](const char* what, const std::string& wanted, const std::string& got) {
    if (wanted != got) all.push_back(fmt::format("{}: expected {}, was {}", what, wanted, got));
  };
  compare("signature", expected.signature, given.signature);
  compare("setup", expected.setup, given.setup);
  // Only a person at the machine knows.
  if (given.dialog != "unknown") compare("dialog", expected.dialog, given.dialog);
  return all;
}

std::string title(const MatrixResult& result) {
  return result.machine.empty() ? result.name : result.name + " on " + result.machine;
}

}  // namespace

bool MatrixReport::passed() const {
  using Outcome = MatrixResult::Outcome;
  const auto has = [&](Outcome outcome) {
    return std::any_of(results.begin(), results.end(),
                       [&](const auto& result) { return result.outcome == outcome; });
  };
  return has(Outcome::as_expected) && !has(Outcome::differs);
}

MatrixReport check_matrix(const fs::path& folder, const fs::path& results) {
  const fs::path cases = folder / "cases";
  if (!fs::is_directory(cases))
    throw Error(Error::Kind::input, "'" + folder.string() + "' is no matrix: it holds no cases",
                "name the folder that 'sealwright matrix write' wrote");
  auto given = read_results(results);
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(cases)) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  MatrixReport report;
  for (const auto& one : folders) {
    const std::string name = one.filename().string();
    const Answer expected = read_case(one / "case.yaml");
    const auto [first, last] = given.equal_range(name);
    if (first == last) report.results.push_back({name, MatrixResult::Outcome::not_run, "", {}});
    for (auto result = first; result != last; ++result) {
      auto differs = differences(expected, result->second.answer);
      report.results.push_back(
          {name,
           differs.empty() ? MatrixResult::Outcome::as_expected : MatrixResult::Outcome::differs,
           result->second.machine, std::move(differs)});
    }
    given.erase(first, last);
  }
  if (!given.empty())
    throw Error(Error::Kind::input,
                "there is a result for '" + printable(given.begin()->first) +
                    "', which is no case of '" + folder.string() + "'",
                "compare results with the matrix they came from");
  return report;
}

std::string to_text(const MatrixReport& report) {
  std::string text;
  std::size_t good = 0, bad = 0, missing = 0;
  for (const auto& result : report.results) {
    switch (result.outcome) {
      case MatrixResult::Outcome::as_expected:
        ++good;
        break;
      case MatrixResult::Outcome::not_run:
        ++missing;
        break;
      case MatrixResult::Outcome::differs:
        ++bad;
        text += printable(title(result), 400) + "\n";
        for (const auto& difference : result.differences)
          text += "  " + printable(difference, 400) + "\n";
    }
  }
  return text + fmt::format("{} as expected, {} different, {} not run\n", good, bad, missing);
}

Json to_json(const MatrixReport& report) {
  Json rows = Json::array();
  for (const auto& result : report.results) {
    const char* outcome = result.outcome == MatrixResult::Outcome::as_expected ? "as-expected"
                          : result.outcome == MatrixResult::Outcome::differs   ? "differs"
                                                                               : "not-run";
    rows.push(Json::object()
                  .set("case", result.name)
                  .set("machine", result.machine)
                  .set("outcome", outcome)
                  .set("differences", Json::strings(result.differences)));
  }
  return Json::object()
      .set("schema", "sealwright.matrix-check/1")
      .set("passed", report.passed())
      .set("results", std::move(rows));
}

std::string to_junit(const MatrixReport& report) {
  const auto attribute = [](const std::string& text) {
    return escaped(printable(text, 1000), Escape::xml);
  };
  std::size_t failures = 0, skipped = 0;
  std::string body;
  for (const auto& result : report.results) {
    body += fmt::format("  <testcase classname=\"{}\" name=\"{}\"",
                        attribute(result.machine.empty() ? "not run" : result.machine),
                        attribute(result.name));
    if (result.outcome == MatrixResult::Outcome::as_expected) {
      body += "/>\n";
    } else if (result.outcome == MatrixResult::Outcome::not_run) {
      ++skipped;
      body += "><skipped/></testcase>\n";
    } else {
      ++failures;
      std::string all;
      for (const auto& difference : result.differences)
        all += (all.empty() ? "" : "; ") + difference;
      body += "><failure message=\"" + attribute(all) + "\"/></testcase>\n";
    }
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"sealwright matrix\" "
      "tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n{}</testsuite>\n",
      report.results.size(), failures, skipped, body);
}

}  // namespace sealwright::workspace
