// Completing a signed PE: the signature behind the content, three fields changed.

#include <limits>

#include "base/error.h"
#include "signing/pe.h"
#include "signing/word_sum.h"
#include "signing/writable_file.h"

namespace sealwright::signing {
namespace {

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
