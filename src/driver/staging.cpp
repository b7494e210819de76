#include "driver/staging.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::driver {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view prefix = ".sealwright-";

[[noreturn]] void fail(const std::string& what, const fs::path& path, const std::error_code& code) {
  throw Error(Error::Kind::io,
              what + " '" + printable(path.native(), 4096) + "': " + code.message());
}

/// Renames are durable when the folder is on disk.
void sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail("cannot open", folder, {errno, std::generic_category()});
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  // Some file systems have no such thing as syncing a folder.
  if (failed != 0 && failed != EINVAL)
    fail("cannot write", folder, {failed, std::generic_category()});
}

/// Removes hidden folders of runs that are not alive any more: nobody holds their lock.
void remove_abandoned(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto name = entry.path().filename().native();
    if (!name.starts_with(prefix) || name.size() != prefix.size() + 6) continue;
    const int fd = ::open(entry.path().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) continue;
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), ignored);
    ::close(fd);
  }
}
}  // namespace

Staging::Staging(const fs::path& folder) : folder_(folder) {
  remove_abandoned(folder);
  auto name = (folder / ".sealwright-XXXXXX").native();
  if (::mkdtemp(name.data()) == nullptr)
    fail("cannot write into", folder, {errno, std::generic_category()});
  hidden_ = name;
  lock_ = ::open(hidden_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_ >= 0) ::flock(lock_, LOCK_EX | LOCK_NB);
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove_all(hidden_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

fs::path Staging::path_for(const fs::path& target) {
  Move move;
  const auto number = std::to_string(moves_.size());
  // The extension stays: what signs the file may show its name.
  move.made = hidden_ / (number + target.extension().native());
  move.backup = hidden_ / (number + ".before");
  move.target = target;
  moves_.push_back(move);
  return move.made;
}

void Staging::back_up(Move& move) {
  std::error_code code;
  move.existed = fs::exists(fs::symlink_status(move.target, code));
  if (!move.existed) return;
  fs::create_hard_link(move.target, move.backup, code);
  if (!code) return;
  code.clear();  // a file system without hard links
  fs::copy_file(move.target, move.backup, code);
  if (code) fail("cannot replace", move.target, code);
}

void Staging::undo(std::size_t count) noexcept {
  for (auto i = count; i > 0; --i) {
    const auto& move = moves_[i - 1];
    std::error_code ignored;
    if (move.existed)
      fs::rename(move.backup, move.target, ignored);
    else
      fs::remove(move.target, ignored);
  }
}

void Staging::commit() {
  for (std::size_t i = 0; i < moves_.size(); ++i) {
    auto& move = moves_[i];
    try {
      back_up(move);
      std::error_code code;
      fs::rename(move.made, move.target, code);
      if (code) fail("cannot replace", move.target, code);
    } catch (...) {
      undo(i);
      throw;
    }
  }
  sync_folder(folder_);
}

}  // namespace sealwright::driver
