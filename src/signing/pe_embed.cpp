// Writing a signed PE: the content copied, the signature behind it, three fields changed.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

#include "base/error.h"
#include "signing/naming.h"
#include "signing/pe.h"
#include "signing/word_sum.h"

namespace sealwright::signing {
namespace {

constexpr std::size_t copy_bytes = 8 * 1024 * 1024, buffer_bytes = 256 * 1024;

[[noreturn]] void cannot_write(const WritableFile& to, int error) {
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

bool is_full(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

/// Tells the file system how long the file becomes: a full disk is noticed at once, and ext4 copies
/// several times faster.
void reserve(const WritableFile& to, std::uint64_t bytes) {
  if (bytes != 0 && ::fallocate(to.fd, 0, 0, static_cast<off_t>(bytes)) != 0 && is_full(errno))
    cannot_write(to, errno);
}

/// For pairs of file systems between which the kernel does not copy.
void copy_through_memory(const InputFile& from, std::uint64_t offset, std::uint64_t end,
                         const WritableFile& to) {
  Bytes buffer(buffer_bytes);
  while (offset < end) {
    const auto count = std::min<std::uint64_t>(buffer.size(), end - offset);
    from.read_at(offset, std::span(buffer).first(count));
    write_at(to, offset, BytesView(buffer).first(count));
    offset += count;
  }
}

Bytes win_certificate(BytesView signature) {
  const std::size_t length = (8 + signature.size() + 7) & ~std::size_t{7};
  Bytes entry;
  entry.reserve(length);
  put_u32le(entry, static_cast<std::uint32_t>(length));
  put_u16le(entry, win_certificate_revision);
  put_u16le(entry, win_certificate_pkcs7);
  append(entry, signature);
  entry.resize(length);
  return entry;
}

}  // namespace

void copy_content(const InputFile& from, const PeLayout& layout, const WritableFile& to) {
  const std::uint64_t end = layout.content_end();
  reserve(to, end);
  std::uint64_t offset = 0;
  while (offset < end) {
    auto in = static_cast<off_t>(offset), out = static_cast<off_t>(offset);
    const auto count = std::min<std::uint64_t>(copy_bytes, end - offset);
    const ssize_t copied = ::copy_file_range(from.fd(), &in, to.fd, &out, count, 0);
    if (copied < 0 && errno == EINTR) continue;
    if (copied < 0 && is_full(errno)) cannot_write(to, errno);
    if (copied <= 0) break;
    offset += static_cast<std::uint64_t>(copied);
  }
  copy_through_memory(from, offset, end, to);
  // The disk may begin while the digest is still being made; errors come out of the fsync to come.
  ::sync_file_range(to.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

void embed_signature(const PeLayout& layout, const PeDigests& digests, BytesView signature,
                     const WritableFile& to) {
  const std::uint64_t content_end = layout.content_end();
  const std::uint64_t table_offset = (content_end + 7) & ~std::uint64_t{7};
  const Bytes table = win_certificate(signature);
  const std::uint64_t file_size = table_offset + table.size();
  if (file_size > std::numeric_limits<std::uint32_t>::max())
    throw Error(Error::Kind::input, "a PE file of 4 GiB or more cannot hold a signature");
  Bytes directory;
  put_u32le(directory, static_cast<std::uint32_t>(table_offset));
  put_u32le(directory, static_cast<std::uint32_t>(table.size()));

  WordSum sum(digests.content_sum);
  sum.add(layout.directory_offset, directory);
  sum.add(table_offset, table);
  Bytes checksum;
  put_u32le(checksum, static_cast<std::uint32_t>(sum.folded() + file_size));

  write_at(to, content_end, Bytes(table_offset - content_end));
  write_at(to, table_offset, table);
  write_at(to, layout.directory_offset, directory);
  write_at(to, layout.checksum_offset, checksum);
}

}  // namespace sealwright::signing
