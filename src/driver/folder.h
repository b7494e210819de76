#pragma once
// Inside driver only: the files of a package's folder, found in any case as on Windows, and nothing
// outside it.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sealwright::driver {

class Folder {
 public:
  /// Throws Error::Kind::io or, for what is no folder, Error::Kind::input.
  explicit Folder(const std::filesystem::path& root);

  const std::filesystem::path& root() const { return root_; }  ///< Absolute, links resolved.

  struct Found {
    enum class Result { found, missing, outside } result = Result::missing;
    std::filesystem::path path;  ///< Where found.
    std::string relative;        ///< With '/', as spelled on disk.
  };
  /// The regular file at a path as INFs write it ("amd64\x.sys", "\x86\x.sys", "x.sys"). `outside`
  /// for "..", drive letters, and symbolic links that lead out of the folder.
  Found find(std::string_view windows_path);

  /// Names of the regular files in the root, sorted without regard to case.
  std::vector<std::string> root_files();
  /// All regular files below the root by their relative paths, sorted; hidden files and folders are
  /// left out, and symbolic links to folders not followed. Throws Error::Kind::input beyond
  /// max_package_files.
  std::vector<std::string> all_files();

 private:
  using Names = std::multimap<std::string, std::string>;  ///< Lower case → as spelled.
  const Names& names(const std::filesystem::path& folder);
  bool inside(const std::filesystem::path& path) const;

  std::filesystem::path root_;
  std::map<std::filesystem::path, Names> listed_;
};

}  // namespace sealwright::driver
