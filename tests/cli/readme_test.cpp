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

/// The first session of README.md.
std::string first_session() {
  std::stringstream all;
  all << std::ifstream("README.md").rdbuf();
  const std::string text = all.str(), open = "```console\n";
  const auto from = text.find(open) + open.size();
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
  for (const auto& line : lines_of(test::normalised(first_session(), scratch.path().string()))) {
    INFO("README says: " << line);
    at = std::find(at, printed.end(), line);
    REQUIRE(at != printed.end());
    ++at;
  }
}
