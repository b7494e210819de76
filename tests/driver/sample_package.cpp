#include "sample_package.h"

#include <fstream>

#include "base/file.h"

namespace sealwright::test {
namespace fs = std::filesystem;

void put(const fs::path& folder, const std::string& name, const std::string& content) {
  fs::create_directories((folder / name).parent_path());
  std::ofstream(folder / name, std::ios::binary) << content;
}

void copy_sample_driver(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(data() / "sample-driver"))
    fs::copy_file(entry.path(), folder / entry.path().filename());
}

std::string inf_text(const std::string& version_lines, const std::string& rest) {
  return "[Version]\r\nSignature = \"$Windows NT$\"\r\n" + version_lines + "\r\n" + rest + "\r\n";
}

driver::PackageOptions package_options(const std::vector<std::string>& targets) {
  return {parse_windows_targets(targets), *parse_time("2026-06-15T12:00:00Z")};
}

std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    found[entry.path().lexically_relative(folder).generic_string()] =
        entry.is_regular_file() ? text(read_file(entry.path())) : "";
  return found;
}

}  // namespace sealwright::test
