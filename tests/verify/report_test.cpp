#include <algorithm>
#include <catch2/catch.hpp>

#include "base/file.h"
#include "trust/result_code.h"
#include "verify/pki.h"

namespace sealwright::test {
namespace {

/// The report with what is different in every run replaced.
std::string stable(std::string text) {
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  };
  for (const auto* issued : {&pki().root, &pki().issuing, &pki().publisher, &pki().authority}) {
    const auto name = issued->certificate.subject().common_name();
    replace(issued->certificate.thumbprint().hex(), "(thumbprint of " + name + ")");
    replace(issued->certificate.serial().hex(), "(serial of " + name + ")");
  }
  return text;
}

/// Judges relative to a folder, so that no path of this run is in the report.
class Inside {
 public:
  explicit Inside(const std::filesystem::path& folder) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder);
  }
  ~Inside() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

verify::Report judge_inside(const std::filesystem::path& folder, const verify::Question& asked) {
  const Inside inside(folder);
  return verify::judge_package("package", asked);
}

verify::Report sample_report(bool changed) {
  Scratch scratch;
  const auto folder = copy_sample(scratch / "package");
  Maker().sign_package(folder, {"win10-22h2-x64", "win11-24h2-x64"});
  if (changed) {
    auto bytes = read_file(folder / "sample.dat");
    bytes[0] ^= 1;
    write_file(folder / "sample.dat", bytes, {Access::everyone, Existing::replace});
  }
  return judge_inside(scratch.path(),
                      question(verify::Use::driver, {"win10-22h2-x64", "win11-24h2-x64"}));
}

}  // namespace

TEST_CASE("a good package's report is a line for each file", "[report]") {
  const auto text = stable(to_text(sample_report(false)));
  CHECK(text == golden("verify-package-good.txt", text));
}

TEST_CASE("a refused package's report says why, by which rule and what to do", "[report]") {
  const auto text = stable(to_text(sample_report(true)));
  CHECK(text == golden("verify-package-changed.txt", text));
}

TEST_CASE("a report says what was trusted where that decided", "[report]") {
  Scratch scratch;
  const auto folder = copy_sample(scratch / "package");
  Maker().sign_package(folder, {"win7-x64"});
  auto asked = question(verify::Use::driver, {"win7-x64"});
  asked.machine = {};
  asked.machine.source = "nothing (no --trust was given)";
  const auto text = to_text(judge_inside(scratch.path(), asked));
  CHECK(text == golden("verify-package-untrusted.txt", text));
}

TEST_CASE("the JSON form of a report holds every check", "[report]") {
  const auto report = sample_report(true);
  const auto text = stable(to_json(report).dump()) + "\n";
  CHECK(text == golden("verify-package-changed.json", text));
  const auto json = Json::parse(text);
  CHECK(json.at("schema").string() == "sealwright.verify/1");
  CHECK_FALSE(json.at("ok").boolean());
  CHECK(json.at("verdicts").items().front().at("code").at("value").string() == "0xE000024B");
}

TEST_CASE("a report cannot steer a terminal", "[report]") {
  verify::Report report;
  verify::Verdict verdict;
  verdict.path = "evil\x1b[31m\nfile.sys";
  verdict.reason = "signed by '\xE2\x80\xAEgood'";
  verdict.exit_code = 1;
  report.verdicts = {verdict};
  const auto text = to_text(report);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
  CHECK(std::ranges::count(text, '\n') == 1);
}

TEST_CASE("of many verdicts the highest exit code counts", "[report]") {
  verify::Report report;
  CHECK(exit_code(report) == 0);
  for (const int code : {0, 1, 7, 3}) report.verdicts.emplace_back().exit_code = code;
  CHECK(exit_code(report) == 7);
}

}  // namespace sealwright::test
