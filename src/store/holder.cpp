#include "store/holder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace sealwright::store {
namespace {

struct flock byte_lock(std::int64_t number) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = number;
  lock.l_len = 1;
  return lock;
}

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw Error(Error::Kind::io, "cannot lock '" + path.string() + "': " + std::strerror(errno));
}

}  // namespace

Holder::~Holder() {
  if (fd_ >= 0) ::close(fd_);
}

void Holder::open_file() {
  if (fd_ >= 0) return;
  fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ < 0) fail(path_);
  fchmod(fd_, 0600);
}

bool Holder::take(std::int64_t number) {
  if (path_.empty()) {
    number_ = number;
    return true;
  }
  open_file();
  struct flock lock = byte_lock(number);
  // Locks of the open file, not of the process: two inventories in one process are two holders.
  if (fcntl(fd_, F_OFD_SETLK, &lock) != 0) {
    if (errno == EAGAIN || errno == EACCES) return false;
    fail(path_);
  }
  number_ = number;
  return true;
}

bool Holder::alive(std::int64_t number) {
  if (number == number_) return true;
  if (path_.empty()) return false;
  open_file();
  struct flock lock = byte_lock(number);
  if (fcntl(fd_, F_OFD_GETLK, &lock) != 0) fail(path_);
  return lock.l_type != F_UNLCK;
}

}  // namespace sealwright::store
