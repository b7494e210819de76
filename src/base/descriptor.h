#pragma once
// Inside base only: what reading and writing files share.

#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "base/encoding.h"

namespace sealwright {

/// Owns a file descriptor, or -1.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

/// A path as error messages show it. Long enough for any path; names of files can hold anything.
inline std::string quoted(const std::filesystem::path& path) {
  return "'" + printable(path.native(), 4096) + "'";
}

/// What the system says about an errno: "No space left on device".
inline std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace sealwright
