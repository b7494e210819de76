#include "store/new_file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.h"

namespace sealwright::store {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& path, int error_number) {
  if (error_number == EEXIST)
    throw Error(Error::Kind::state, "'" + path.string() + "' already exists");
  throw Error(Error::Kind::io,
              "cannot create '" + path.string() + "': " + std::strerror(error_number));
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

NewFile::NewFile(fs::path target) : target_(std::move(target)) {
  struct stat status {};
  if (lstat(target_.c_str(), &status) == 0) fail(target_, EEXIST);
  make_folder();
  std::string name = target_.string() + ".XXXXXX";
  const int fd = mkostemp(name.data(), O_CLOEXEC);  // 0600; the log and its index get that mode too
  if (fd < 0) {
    const int error_number = errno;
    if (!made_folder_.empty()) rmdir(made_folder_.c_str());
    fail(target_, error_number);
  }
  ::close(fd);
  path_ = name;
}

NewFile::~NewFile() {
  if (path_.empty()) return;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    unlink((path_.string() + suffix).c_str());
  if (!made_folder_.empty()) rmdir(made_folder_.c_str());
}

void NewFile::make_folder() {
  const fs::path folder = folder_of(target_);
  if (mkdir(folder.c_str(), 0700) == 0)
    made_folder_ = folder;
  else if (errno != EEXIST)
    fail(target_, errno);
}

void NewFile::publish() {
  int failed = renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE);
  if (failed != 0 && (errno == EINVAL || errno == ENOSYS)) {
    // File systems without RENAME_NOREPLACE: a link does not replace either.
    failed = link(path_.c_str(), target_.c_str());
    if (failed == 0) unlink(path_.c_str());
  }
  if (failed != 0) fail(target_, errno);
  path_.clear();
  const int folder = ::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  const bool synced = fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP;
  const int error_number = errno;
  ::close(folder);
  if (!synced) fail(target_, error_number);
}

}  // namespace sealwright::store
