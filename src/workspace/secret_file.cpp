#include "workspace/secret_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"

namespace sealwright::workspace {
namespace {

constexpr std::size_t max_secret_bytes = 4096;

std::size_t read_all(int fd, std::span<std::uint8_t> into) {
  std::size_t count = 0;
  while (count < into.size()) {
    const ssize_t n = read(fd, into.data() + count, into.size() - count);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    count += static_cast<std::size_t>(n);
  }
  return count;
}

}  // namespace

ossl::Secret secret_from_file(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    throw Error(Error::Kind::io, "cannot read '" + path.string() + "': " + std::strerror(errno));
  ossl::Secret buffer(max_secret_bytes + 1);
  const std::size_t count = read_all(fd, buffer.writable());
  close(fd);
  std::string_view content = buffer.text().substr(0, count);
  content = content.substr(0, content.find('\n'));
  if (content.ends_with('\r')) content.remove_suffix(1);
  if (content.empty())
    throw Error(Error::Kind::input,
                "'" + path.string() + "' holds no secret: its first line is empty");
  if (content.size() > max_secret_bytes)
    throw Error(Error::Kind::input,
                "the first line of '" + path.string() + "' is longer than 4,096 bytes");
  return ossl::Secret(content);
}

ossl::Secret generated_secret(const std::filesystem::path& path, const ossl::Random& random) {
  if (!std::filesystem::exists(path)) {
    const ossl::Secret made(to_hex(ossl::random_bytes(random, 16)) + "\n");
    write_file(path, made.view(), {Access::owner, Existing::refuse});
  }
  return secret_from_file(path);
}

}  // namespace sealwright::workspace
