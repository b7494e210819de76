#include "transcript.h"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "support.h"

namespace sealwright::test {
namespace {

namespace fs = std::filesystem;

std::string prefixed(const std::string& text, const std::string& prefix) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) result += prefix + line + "\n";
  return result;
}

}  // namespace

std::string normalised(const std::string& text, const std::string& folder) {
  static const std::vector<std::pair<std::regex, std::string>> rules = {
      {std::regex(R"(\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"), "<time>"},
      {std::regex(R"(\b20\d\d-\d\d-\d\d\b)"), "<date>"},
      {std::regex(R"(<date> +\d+\b)"), "<date>  <days>"},
      {std::regex(R"(\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\})"), "<guid>"},
      {std::regex(R"(\b[0-9a-fA-F]{64}\b)"), "<sha256>"},
      {std::regex(R"(\b[0-9A-F]{40}\b)"), "<thumbprint>"},
      {std::regex(R"(\b[0-9a-fA-F]{32,}\b)"), "<hex>"},
  };
  std::string result = text;
  for (std::size_t at; (at = result.find(folder)) != std::string::npos;)
    result.replace(at, folder.size(), "<folder>");
  for (const auto& [pattern, name] : rules) result = std::regex_replace(result, pattern, name);
  return result;
}

std::string replay(const fs::path& path) {
  Scratch scratch;
  const std::string program_folder = fs::path(SEALWRIGHT_PROGRAM).parent_path().string();
  const std::string setup = "cd '" + scratch.path().string() + "' && PATH='" + program_folder +
                            "':$PATH DATA='" + fs::absolute(data()).string() +
                            "' && export PATH DATA && ";
  std::ifstream file(path);
  std::string result;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) result += line + "\n";
    if (!line.starts_with("$ ")) continue;
    const Ran ran = run({"/bin/sh", "-c", setup + "{ " + line.substr(2) + "\n}"});
    const std::string folder = scratch.path().string();
    result +=
        line + "\n" + normalised(ran.out, folder) + prefixed(normalised(ran.err, folder), "2> ");
    if (ran.exit_code != 0) result += "[" + std::to_string(ran.exit_code) + "]\n";
  }
  return result;
}

}  // namespace sealwright::test
