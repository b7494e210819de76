#include "signing/writable_file.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.h"
#include "signing/naming.h"

namespace sealwright::signing {

void cannot_write(const WritableFile& to, int error) {
  throw Error(Error::Kind::io,
              "cannot write " + quoted(to.name) + ": " + std::generic_category().message(error));
}

void write_at(const WritableFile& to, std::uint64_t offset, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(to.fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) cannot_write(to, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

}  // namespace sealwright::signing
