#include "transcript.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace sealwright;
namespace fs = std::filesystem;

TEST_CASE("the program answers as the transcripts say", "[cli]") {
  std::vector<fs::path> transcripts;
  for (const auto& entry : fs::directory_iterator("tests/cli"))
    if (entry.path().extension() == ".transcript") transcripts.push_back(entry.path());
  std::sort(transcripts.begin(), transcripts.end());
  REQUIRE_FALSE(transcripts.empty());
  for (const auto& path : transcripts) DYNAMIC_SECTION(path.stem().string()) {
      const std::string actual = test::replay(path);
      if (std::getenv("UPDATE_GOLDEN")) std::ofstream(path) << actual;
      std::stringstream expected;
      expected << std::ifstream(path).rdbuf();
      CHECK(actual == expected.str());
    }
}
