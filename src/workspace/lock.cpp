#include "workspace/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace sealwright::workspace {

Lock::Lock(const Workspace& workspace, const std::function<void()>& waiting) {
  const auto path = workspace.private_folder() / "workspace.lock";
  const auto fail = [&] {
    return Error(Error::Kind::io, "cannot lock '" + path.string() + "': " + std::strerror(errno));
  };
  fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ < 0) throw fail();
  if (flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK && waiting) waiting();
  while (flock(fd_, LOCK_EX) != 0)
    if (errno != EINTR) {
      const Error error = fail();
      close(fd_);
      throw error;
    }
}

Lock::~Lock() { close(fd_); }

}  // namespace sealwright::workspace
