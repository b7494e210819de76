// Command lines of the tools that scripts call, words ended by NUL: nothing crashes, every word
// ends up in one place, and no password stays where it stood.

#include <algorithm>
#include <string>
#include <vector>

#include "attempt.h"
#include "compat/tool.h"

namespace {
using namespace sealwright;

std::vector<std::string> words_of(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == 0)
      words.emplace_back();
    else
      words.back() += static_cast<char>(data[i]);
  }
  return words;
}

void read(const compat::Tool& tool, std::vector<std::string> words) {
  const auto given = words;
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  try {
    const auto line = compat::read_words(tool.flags, arguments);
    std::size_t placed = line.files().size();
    for (const auto& flag : tool.flags) {
      if (!line.has(flag.name)) continue;
      const auto* secret = line.secret(flag.name);
      placed += 1 + line.values(flag.name).size() + (secret ? 1 : 0);
      require(line.files_before(flag.name) <= line.files().size());
    }
    require(placed == words.size());
    for (std::size_t i = 0; i < words.size(); ++i)
      require(words[i] == given[i] || words[i] == std::string(given[i].size(), '*'));
  } catch (const Error& error) {
    require(error.kind == Error::Kind::usage);
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto words = words_of(data, size);
  for (const auto& tool : compat::tools()) read(tool, words);
  return 0;
}
