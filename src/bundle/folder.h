#pragma once
// Inside bundle only: the files of a folder, found as Windows finds them.

#include <initializer_list>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "bundle/output.h"

namespace sealwright::bundle {

/// Files below one folder, with paths below it. Views files that others own.
class Folder {
 public:
  /// `files` are those of the folder `path` ("" or with its '/' at the end), which stands before
  /// each of their own paths.
  Folder(std::span<const OutputFile> files, const std::string& path);
  Folder(const std::vector<OutputFile>& files) : Folder(files, "") {}
  Folder(std::initializer_list<OutputFile> files)
      : Folder(std::span<const OutputFile>(files.begin(), files.size()), "") {}

  struct File {
    std::string path;  ///< As it is written, below the folder.
    const Bytes* content = nullptr;
  };
  /// '\\' and '/' are alike, and so are cases. Null: it is not there.
  const File* find(std::string path) const;
  const std::vector<File>& files() const { return files_; }

 private:
  std::vector<File> files_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

/// Those of `sorted` (by path) that are below `folder`.
std::span<const OutputFile> below(std::span<const OutputFile> sorted, const std::string& folder);

}  // namespace sealwright::bundle
