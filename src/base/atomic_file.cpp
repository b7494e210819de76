// The half of base/file.h that writes.

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/file.h"

namespace sealwright {
namespace {
namespace fs = std::filesystem;

[[noreturn]] void fail_write(const fs::path& path, int error) {
  throw Error(Error::Kind::io, "cannot write " + quoted(path) + ": " + reason(error));
}

[[noreturn]] void fail_exists(const fs::path& path) {
  throw Error(Error::Kind::state, quoted(path) + " already exists",
              "pass --overwrite to replace it");
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// Makes a rename in `folder` durable. Folders that may be written but not read, and file systems
/// that cannot sync folders, are left to the system: the file itself is on disk by then.
void sync_folder(const fs::path& folder, const fs::path& path) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0) return;
  if (::fsync(opened.get()) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP)
    fail_write(path, errno);
}

void make_folders(const fs::path& folder, Access access, const fs::path& path) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0) {
    if (!S_ISDIR(status.st_mode)) fail_write(path, ENOTDIR);
    return;
  }
  if (errno != ENOENT) fail_write(path, errno);
  const auto above = folder_of(folder);
  if (above != folder) make_folders(above, access, path);
  if (::mkdir(folder.c_str(), access == Access::owner ? 0700 : 0777) != 0) {
    if (errno == EEXIST) return;  // "a/." after "a", or another process was quicker
    fail_write(path, errno);
  }
  sync_folder(above, path);
}

/// Throws unless `path` may be made or replaced. Renaming over a device would destroy it for the
/// whole system, so that links are looked through here, although what is replaced is the link
/// itself.
void check_target(const fs::path& path, Existing existing) {
  if (!path.has_filename() || path.filename() == "." || path.filename() == "..")
    fail_write(path, EISDIR);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return;
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) fail_write(path, EISDIR);
    if (!S_ISREG(status.st_mode))
      throw Error(Error::Kind::io, "cannot write " + quoted(path) + ": not a regular file");
  }
  if (existing == Existing::refuse) fail_exists(path);
}

/// A name nobody can foresee, short enough for every file system, whatever the target is called.
std::string temporary_name() {
  std::array<std::uint8_t, 8> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw Error(Error::Kind::io, "the system gives no random bytes: " + reason(errno));
  return ".sealwright-" + to_hex(bytes) + ".tmp";
}

mode_t mode_of(const WriteOptions& options) {
  return options.access == Access::owner ? 0600 : 0644;
}

/// How an open file is called where it has no name of its own (open(2), O_TMPFILE).
std::string name_of(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

/// A file that vanishes with this process, however it ends, until it is given a name; -1 where the
/// file system has no such files, or /proc is not there to name them.
int open_nameless(const fs::path& folder, mode_t mode) {
  const int fd = ::open(folder.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, mode);
  if (fd < 0 || ::access(name_of(fd).c_str(), F_OK) == 0) return fd;
  ::close(fd);
  return -1;
}

/// Links never replace. 0, or errno.
int give_name(int fd, const fs::path& path) {
  return ::linkat(AT_FDCWD, name_of(fd).c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0
             ? 0
             : errno;
}

/// A new file in `folder`, called `temporary`, for what shall be at `path`.
int open_temporary(const fs::path& folder, mode_t mode, const fs::path& path, fs::path& temporary) {
  for (int attempt = 0;; ++attempt) {
    temporary = folder / temporary_name();
    const int fd = ::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd >= 0) return fd;
    const int error = errno;
    temporary.clear();
    if (error != EEXIST || attempt == 10) fail_write(path, error);
  }
}

/// Gives `temporary` its final name; 0, or errno.
int move_into_place(const fs::path& temporary, const fs::path& path, Existing existing) {
  if (existing == Existing::replace)
    return ::rename(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
  if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // File systems without RENAME_NOREPLACE: a link does not replace either.
  if (::link(temporary.c_str(), path.c_str()) != 0) return errno;
  ::unlink(temporary.c_str());
  return 0;
}

/// How many files of write_files() may stay open, and so without a name: half of what the process
/// may have open.
std::size_t most_open() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  return static_cast<std::size_t>(limit.rlim_cur) / 2;
}

/// The bytes of one open file into another, past this process's memory.
void copy_bytes(int from, int to, const fs::path& path) {
  constexpr std::size_t most = std::size_t{1} << 30;
  off_t at = 0;
  for (ssize_t count = 1; count != 0;) {
    count = ::sendfile(to, from, &at, most);
    if (count < 0 && errno != EINTR) fail_write(path, errno);
  }
}

}  // namespace

AtomicFile::AtomicFile(fs::path path, WriteOptions options)
    : path_(std::move(path)), options_(options) {
  check_target(path_, options_.existing);
  const auto folder = folder_of(path_);
  make_folders(folder, options_.access, path_);
  fd_ = open_nameless(folder, mode_of(options_));
  if (fd_ < 0) fd_ = open_temporary(folder, mode_of(options_), path_, temporary_);
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(BytesView bytes) {
  if (fd_ < 0) throw Error(Error::Kind::internal, "write to a file that is closed");
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_write(path_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void AtomicFile::sync() {
  if (fd_ < 0) throw Error(Error::Kind::internal, "sync of a file that is closed");
  if (::fsync(fd_) != 0 && errno != EINVAL) fail_write(path_, errno);
}

void AtomicFile::park() {
  sync();
  if (temporary_.empty()) take_temporary_name();
  ::close(std::exchange(fd_, -1));
}

void AtomicFile::take_temporary_name() {
  auto name = folder_of(path_) / temporary_name();
  if (give_name(fd_, name) == 0) {
    temporary_ = std::move(name);
    return;
  }
  // A sandbox may forbid links.
  const Descriptor nameless(std::exchange(fd_, -1));
  fd_ = open_temporary(folder_of(path_), mode_of(options_), path_, temporary_);
  copy_bytes(nameless.get(), fd_, path_);
  sync();
}

int AtomicFile::take_name() {
  if (temporary_.empty() && options_.existing == Existing::refuse) {
    const int error = give_name(fd_, path_);
    if (error == 0 || error == EEXIST) return error;
  }
  if (temporary_.empty()) take_temporary_name();  // Only a rename replaces.
  const int error = move_into_place(temporary_, path_, options_.existing);
  if (!error) temporary_.clear();
  return error;
}

void AtomicFile::commit() {
  if (fd_ < 0 && temporary_.empty())
    throw Error(Error::Kind::internal, "commit of a file that is closed");
  if (fd_ >= 0) sync();
  if (const int error = take_name()) {
    if (error == EEXIST) fail_exists(path_);
    fail_write(path_, error);
  }
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  sync_folder(folder_of(path_), path_);
}

void write_file(const fs::path& path, BytesView bytes, WriteOptions options) {
  AtomicFile file(path, options);
  file.write(bytes);
  file.commit();
}

void write_files(std::span<const NewFile> files, const std::function<void(std::size_t)>& written) {
  std::vector<std::unique_ptr<AtomicFile>> waiting;
  const std::size_t open_at_most = most_open();
  for (const auto& file : files) {
    waiting.push_back(std::make_unique<AtomicFile>(file.path, file.options));
    waiting.back()->write(file.bytes);
    waiting.size() > open_at_most ? waiting.back()->park() : waiting.back()->sync();
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    waiting[i]->commit();
    if (written) written(i);
  }
}

}  // namespace sealwright
