#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "support.h"
#include "transcript.h"

using namespace sealwright;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The first session of README.md behind `title`.
std::string session_behind(const std::string& title) {
  std::stringstream all;
  all << std::ifstream("README.md").rdbuf();
  const std::string text = all.str(), open = "```console\n";
  const auto from = text.find(open, text.find(title)) + open.size();
  return text.substr(from, text.find("```", from) - from);
}

}  // namespace

TEST_CASE("scripts/demo prints what README's first session says", "[cli]") {
  test::Scratch scratch;
  const auto ran = test::run(
      {"env", "PROGRAM=" SEALWRIGHT_PROGRAM, "OUT=" + (scratch / "demo").string(), "scripts/demo"});
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  const auto printed = lines_of(test::normalised(ran.out, scratch.path().string()));
  auto at = printed.begin();
  for (const auto& line :
       lines_of(test::normalised(session_behind("# Sealwright"), scratch.path().string()))) {
    INFO("README says: " << line);
    at = std::find(at, printed.end(), line);
    REQUIRE(at != printed.end());
    ++at;
  }
}

TEST_CASE("README's session with the old tools' names is what they print", "[cli]") {
  test::Scratch scratch;
  std::string script = "set -e; exec 2>&1; cd '" + scratch.path().string() + "'\n";
  for (const char* name : {"makecert", "cert2spc", "pvk2pfx", "certmgr", "sealwright"})
    script += std::string("ln -s '" SEALWRIGHT_PROGRAM "' ") + name + "\n";
  script += "PATH=$PWD:$PATH\n";
  std::string expected;
  for (auto line : lines_of(session_behind("### Coming from makecert"))) {
    if (!line.starts_with("$ ")) {
      expected += line + "\n";
      continue;
    }
    // Where the package is installed; here the links are in the folder.
    if (const auto at = line.find("/usr/lib/sealwright"); at != std::string::npos)
      line.replace(at, std::string("/usr/lib/sealwright").size(), "$PWD");
    script += line.substr(2) + "\n";
  }
  const auto ran = test::run({"sh", "-c", script});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out == expected);
}
