#pragma once
// A database file that is not there before it is complete. For store alone.

#include <filesystem>

namespace sealwright::store {

/// An empty file (0600) beside `target`, removed with all that belongs to it unless it is
/// published. The folder of `target` is made (0700) where it is missing, and removed again with the
/// file.
class NewFile {
 public:
  /// Throws Error::Kind::state when `target` exists, Error::Kind::io.
  explicit NewFile(std::filesystem::path target);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Gives it the target's name, durably; what exists is not replaced. The database must be closed.
  void publish();

 private:
  void make_folder();
  std::filesystem::path target_, path_, made_folder_;
};

}  // namespace sealwright::store
