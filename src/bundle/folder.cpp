#include "bundle/folder.h"

#include <algorithm>

#include "base/encoding.h"

namespace sealwright::bundle {

Folder::Folder(std::span<const OutputFile> files, const std::string& path) {
  for (const auto& file : files) {
    by_name_.emplace(ascii_lower(file.path.substr(path.size())), files_.size());
    files_.push_back({file.path.substr(path.size()), &file.content});
  }
}

const Folder::File* Folder::find(std::string path) const {
  std::replace(path.begin(), path.end(), '\\', '/');
  const auto found = by_name_.find(ascii_lower(path));
  return found == by_name_.end() ? nullptr : &files_[found->second];
}

std::span<const OutputFile> below(std::span<const OutputFile> sorted, const std::string& folder) {
  const auto from = std::lower_bound(
      sorted.begin(), sorted.end(), folder,
      [](const OutputFile& file, const std::string& wanted) { return file.path < wanted; });
  const auto to = std::find_if_not(
      from, sorted.end(), [&](const OutputFile& file) { return file.path.starts_with(folder); });
  return {from, to};
}

}  // namespace sealwright::bundle
