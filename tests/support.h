#pragma once
// What tests share: scratch folders, the corpus of real files, running a program, golden files.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sealwright::test {

/// A new empty folder, removed with everything in it at the end of the scope.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// The folder of real files ($SEALWRIGHT_CORPUS, else ../shared/corpus), or nothing where it is not present.
std::optional<std::filesystem::path> corpus();

/// tests/data of this checkout.
std::filesystem::path data();

/// What a program printed and how it ended.
struct Ran {
  int exit_code = -1;
  std::string out, err;
};
/// Runs argv[0] (found on PATH) without a shell, with `input` on its standard input.
Ran run(const std::vector<std::string>& argv, const std::string& input = {});
bool have_program(const std::string& name);

/// The content of tests/golden/NAME; with UPDATE_GOLDEN=1 in the environment writes `actual` there first.
std::string golden(const std::string& name, const std::string& actual);

}  // namespace sealwright::test
