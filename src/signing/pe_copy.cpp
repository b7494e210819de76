// Copying the content of a PE that is to be signed. Beside the digest that is made at the same time
// this must cost next to nothing: blocks are shared where the file system can, and large files are
// written past the page cache, which would cost more than the digest does and leave an fsync that
// waits for all of it.

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "signing/pe.h"
#include "signing/writable_file.h"

namespace sealwright::signing {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024, direct_bytes = 1024 * 1024;
constexpr std::size_t direct_alignment = 4096;
/// Files of this size and above go past the page cache; those below are likely to be read again
/// soon.
constexpr std::uint64_t large_file_bytes = 16 * 1024 * 1024;

/// Whether `to` now shares the blocks of `from` (btrfs, xfs).
bool share_blocks(const InputFile& from, const WritableFile& to) {
  return ::ioctl(to.fd, FICLONE, from.fd()) == 0;
}

/// Tells the file system how long the file becomes: a full disk is noticed at once.
void reserve(const WritableFile& to, std::uint64_t bytes) {
  if (bytes == 0 || ::fallocate(to.fd, 0, 0, static_cast<off_t>(bytes)) == 0) return;
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) cannot_write(to, errno);
}

/// Writes past the page cache (open(2), O_DIRECT) while it lives.
class DirectMode {
 public:
  explicit DirectMode(int fd) : fd_(fd), flags_(::fcntl(fd, F_GETFL)) {
    on_ = flags_ >= 0 && ::fcntl(fd, F_SETFL, flags_ | O_DIRECT) == 0;
  }
  ~DirectMode() {
    if (on_) ::fcntl(fd_, F_SETFL, flags_);
  }
  DirectMode(const DirectMode&) = delete;
  DirectMode& operator=(const DirectMode&) = delete;
  bool on() const { return on_; }

 private:
  int fd_, flags_;
  bool on_ = false;
};

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

/// Copies whole pieces as far as that goes; how far that was. Errors are left to the other way of
/// writing.
std::uint64_t copy_directly(const InputFile& from, std::uint64_t end, const WritableFile& to) {
  const DirectMode direct(to.fd);
  const std::unique_ptr<void, Free> memory(std::aligned_alloc(direct_alignment, direct_bytes));
  if (!direct.on() || !memory) return 0;
  const std::span buffer(static_cast<std::uint8_t*>(memory.get()), direct_bytes);
  std::uint64_t offset = 0;
  while (end - offset >= direct_bytes) {
    from.read_at(offset, buffer);
    if (::pwrite(to.fd, buffer.data(), buffer.size(), static_cast<off_t>(offset)) !=
        static_cast<ssize_t>(buffer.size()))
      break;
    offset += direct_bytes;
  }
  return offset;
}

void copy_buffered(const InputFile& from, std::uint64_t offset, std::uint64_t end,
                   const WritableFile& to) {
  Bytes buffer(std::min<std::uint64_t>(buffer_bytes, end - offset));
  while (offset < end) {
    const auto count = std::min<std::uint64_t>(buffer.size(), end - offset);
    from.read_at(offset, std::span(buffer).first(count));
    write_at(to, offset, BytesView(buffer).first(count));
    offset += count;
  }
}

}  // namespace

void copy_content(const InputFile& from, const PeLayout& layout, const WritableFile& to) {
  const std::uint64_t end = layout.content_end();
  if (share_blocks(from, to)) {
    if (::ftruncate(to.fd, static_cast<off_t>(end)) != 0) cannot_write(to, errno);
    return;
  }
  reserve(to, end);
  const std::uint64_t done = end >= large_file_bytes ? copy_directly(from, end, to) : 0;
  copy_buffered(from, done, end, to);
}

}  // namespace sealwright::signing
