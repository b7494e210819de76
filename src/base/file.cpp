#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "base/descriptor.h"
#include "base/encoding.h"
#include "base/error.h"

namespace sealwright {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 16;

[[noreturn]] void fail_read(const std::filesystem::path& path, int error) {
  throw Error(Error::Kind::io, "cannot read " + quoted(path) + ": " + reason(error));
}

[[noreturn]] void fail_too_long(const std::filesystem::path& path, std::size_t max_bytes) {
  throw Error(Error::Kind::input,
              quoted(path) + " is longer than " + std::to_string(max_bytes) + " bytes");
}

/// Reads up to into.size() bytes; fewer only at the end of the file.
std::size_t read_some(int fd, std::span<std::uint8_t> into, const std::filesystem::path& path) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t count = ::read(fd, into.data() + done, into.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_read(path, errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

enum class Takes { files, streams };

/// Whether the caller of this process opened it, and so gave it on purpose.
bool is_open_already(const std::filesystem::path& path) {
  const std::string& text = path.native();
  if (text == "/dev/stdin") return true;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"})
    if (text.starts_with(folder) && text.size() > folder.size() &&
        text.find_first_not_of("0123456789", folder.size()) == std::string::npos)
      return true;
  return false;
}

/// open() of a pipe waits for its other end: with O_NONBLOCK it does not.
int open_to_read(const std::filesystem::path& path, bool waits) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | (waits ? 0 : O_NONBLOCK));
  if (fd < 0) fail_read(path, errno);
  return fd;
}

struct stat status_of(int fd, const std::filesystem::path& path, bool any_kind) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) fail_read(path, errno);
  if (S_ISDIR(status.st_mode)) fail_read(path, EISDIR);
  if (!any_kind && !S_ISREG(status.st_mode))
    throw Error(Error::Kind::input, quoted(path) + " is not a regular file");
  return status;
}

/// The whole of `path` as a container of bytes. What it is need not be a regular file: its size is
/// a first guess only, and the end is where read() says it is.
template <class Container>
Container read_whole(const std::filesystem::path& path, std::size_t max_bytes, Takes takes) {
  const bool waits = takes == Takes::streams || is_open_already(path);
  const Descriptor file(open_to_read(path, waits));
  const auto status = status_of(file.get(), path, waits);
  std::size_t guess = piece_bytes;
  if (S_ISREG(status.st_mode)) {
    if (static_cast<std::uint64_t>(status.st_size) > max_bytes) fail_too_long(path, max_bytes);
    guess = static_cast<std::size_t>(status.st_size) + 1;
  }
  Container content;
  std::size_t length = 0;
  for (;;) {
    content.resize(length + guess);
    const std::span into(reinterpret_cast<std::uint8_t*>(content.data()) + length, guess);
    const auto count = read_some(file.get(), into, path);
    length += count;
    if (length > max_bytes) fail_too_long(path, max_bytes);
    if (count < guess) break;
    guess = std::max(length, piece_bytes);
  }
  content.resize(length);
  return content;
}

}  // namespace

Bytes read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<Bytes>(path, max_bytes, Takes::files);
}

std::string read_text(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<std::string>(path, max_bytes, Takes::files);
}

Bytes read_stream(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<Bytes>(path, max_bytes, Takes::streams);
}

InputFile::InputFile(const std::filesystem::path& path) : path_(path) {
  // O_NONBLOCK: a FIFO must be refused, not waited for.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) fail_read(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail_read(path, errno);
  if (!S_ISREG(status.st_mode))
    throw Error(Error::Kind::input, quoted(path) + " is not a regular file");
  size_ = static_cast<std::uint64_t>(status.st_size);
  fd_ = file.release();
}

InputFile::~InputFile() {
  if (fd_ >= 0) ::close(fd_);
}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}

void InputFile::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (offset > size_ || into.size() > size_ - offset)
    throw Error(Error::Kind::input, quoted(path_) + " is cut short");
  while (!into.empty()) {
    const ssize_t count = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_read(path_, errno);
    // Somebody cut the file while it was being read.
    if (count == 0) throw Error(Error::Kind::input, quoted(path_) + " is cut short");
    into = into.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

Error error_of(const std::filesystem::filesystem_error& error) {
  return Error(Error::Kind::io, "cannot use '" + printable(error.path1().native(), 4096) +
                                    "': " + error.code().message());
}

}  // namespace sealwright
