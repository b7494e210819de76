#include "driver/folder.h"

#include <algorithm>
#include <optional>
#include <system_error>

#include "base/encoding.h"
#include "base/error.h"
#include "driver/package.h"

namespace sealwright::driver {
namespace {
namespace fs = std::filesystem;

[[noreturn]] void cannot_read(const fs::path& path, const std::error_code& code) {
  throw Error(Error::Kind::io,
              "cannot read folder '" + printable(path.native(), 4096) + "': " + code.message());
}

fs::path canonical_folder(const fs::path& root) {
  std::error_code code;
  auto path = fs::canonical(root, code);
  if (code) cannot_read(root, code);
  if (!fs::is_directory(path, code))
    throw Error(Error::Kind::input, "'" + printable(root.native(), 4096) + "' is not a folder",
                "name the folder that holds the package's INF");
  return path;
}

/// The steps of a Windows path; nothing where one of them leaves the folder it starts from.
std::optional<std::vector<std::string>> steps(std::string_view path) {
  std::vector<std::string> steps;
  std::string step;
  const auto finish = [&] {
    if (!step.empty() && step != ".") steps.push_back(step);
    step.clear();
  };
  for (const char c : path) {
    if (c == '\\' || c == '/')
      finish();
    else if (c == ':' || c == '\0')
      return std::nullopt;
    else
      step += c;
  }
  finish();
  if (std::find(steps.begin(), steps.end(), "..") != steps.end()) return std::nullopt;
  return steps;
}

bool is_regular(const fs::path& path) {
  std::error_code code;
  return fs::is_regular_file(path, code);
}
}  // namespace

Folder::Folder(const fs::path& root) : root_(canonical_folder(root)) { names(root_); }

bool Folder::inside(const fs::path& path) const {
  std::error_code code;
  const auto real = fs::canonical(path, code);
  if (code) return false;
  return std::mismatch(root_.begin(), root_.end(), real.begin(), real.end()).first == root_.end();
}

const Folder::Names& Folder::names(const fs::path& folder) {
  const auto [found, added] = listed_.try_emplace(folder);
  if (!added) return found->second;
  std::error_code code;
  fs::directory_iterator entries(folder, code);
  if (code && folder == root_) cannot_read(folder, code);
  for (; !code && entries != fs::directory_iterator(); entries.increment(code)) {
    auto name = entries->path().filename().native();
    found->second.emplace(ascii_lower(name), std::move(name));
    if (found->second.size() > max_package_files)
      throw Error(Error::Kind::input, "'" + printable(folder.native(), 4096) +
                                          "' holds too many files for a driver package");
  }
  return found->second;
}

Folder::Found Folder::find(std::string_view windows_path) {
  const auto path_steps = steps(windows_path);
  if (!path_steps) return {Found::Result::outside, {}, {}};
  Found found;
  found.path = root_;
  for (const auto& step : *path_steps) {
    const auto& all = names(found.path);
    const auto [first, last] = all.equal_range(ascii_lower(step));
    if (first == last) return {};
    // The exact spelling where two names differ by case only.
    const auto exact =
        std::find_if(first, last, [&](const auto& name) { return name.second == step; });
    const auto& name = exact == last ? first->second : exact->second;
    found.path /= name;
    found.relative += (found.relative.empty() ? "" : "/") + name;
    std::error_code code;
    if (fs::exists(found.path, code) && !inside(found.path))
      return {Found::Result::outside, {}, {}};
  }
  if (path_steps->empty() || !is_regular(found.path)) return {};
  found.result = Found::Result::found;
  return found;
}

std::vector<std::string> Folder::root_files() {
  std::vector<std::string> files;
  for (const auto& [lower, name] : names(root_))
    if (is_regular(root_ / name) && inside(root_ / name)) files.push_back(name);
  return files;
}

std::vector<std::string> Folder::all_files() {
  std::vector<std::string> files;
  std::error_code code;
  fs::recursive_directory_iterator entries(root_, fs::directory_options::skip_permission_denied,
                                           code);
  for (; !code && entries != fs::recursive_directory_iterator(); entries.increment(code)) {
    if (entries->path().filename().native().starts_with('.')) {
      entries.disable_recursion_pending();
      continue;
    }
    if (!is_regular(entries->path()) || !inside(entries->path())) continue;
    files.push_back(entries->path().lexically_relative(root_).generic_string());
    if (files.size() > max_package_files)
      throw Error(Error::Kind::input, "'" + printable(root_.native(), 4096) +
                                          "' holds too many files for a driver package");
  }
  if (code) cannot_read(root_, code);
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace sealwright::driver
