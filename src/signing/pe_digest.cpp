// One pass over a PE: digests, page hashes and checksum.

#include <fcntl.h>

#include <algorithm>

#include "base/error.h"
#include "signing/pe.h"
#include "signing/pe_pages.h"
#include "signing/word_sum.h"

namespace sealwright::signing {
namespace {

/// Even, and small enough to stay in the processor's cache from the read to the last digest.
constexpr std::size_t piece_bytes = 128 * 1024;
/// How much the system is asked to have in memory before it is needed: its own guess keeps a fast
/// disk waiting.
constexpr std::uint64_t ahead_bytes = 4 * 1024 * 1024;

/// A piece of the file: its bytes and where they stand.
struct Piece {
  std::uint64_t offset;
  std::span<std::uint8_t> bytes;
  std::uint64_t end() const { return offset + bytes.size(); }
  /// The part that lies in [from, to) of the file; may be empty.
  Piece part(std::uint64_t from, std::uint64_t to) const {
    from = std::clamp(from, offset, end());
    to = std::clamp(to, from, end());
    return {from, bytes.subspan(from - offset, to - from)};
  }
};

class Pass {
 public:
  Pass(const InputFile& file, const PeLayout& layout, std::span<const ossl::Digest> algorithms,
       const DigestOptions& options)
      : layout_(layout) {
    for (const ossl::Digest algorithm : algorithms) hashers_.emplace_back(algorithm);
    if (options.page_hashes) pages_.emplace(file, layout, *options.page_hashes);
  }

  /// Bytes that the digest covers, and the two fields that it skips.
  void take_content(const Piece& piece) {
    const std::uint64_t checksum = layout_.checksum_offset, directory = layout_.directory_offset;
    hash(piece.part(0, checksum));
    hash(piece.part(checksum + 4, directory));
    hash(piece.part(directory + 8, layout_.content_end()));
    if (pages_) pages_->update(piece.bytes);
    const Piece stored = piece.part(directory, directory + 8);
    outside_.add(stored.offset, stored.bytes);
    std::ranges::fill(stored.bytes, std::uint8_t{0});
    std::ranges::fill(piece.part(checksum, checksum + 4).bytes, std::uint8_t{0});
    content_.add(piece.offset, piece.bytes);
  }

  /// The certificate table, and bytes behind it, which the digest covers again.
  void take_rest(const Piece& piece) {
    hash(piece.part(layout_.table_offset + layout_.table_size, layout_.file_size));
    outside_.add(piece.offset, piece.bytes);
  }

  PeDigests finish() {
    PeDigests result;
    if (!layout_.has_table()) {
      const Bytes padding((8 - layout_.file_size % 8) % 8);
      for (ossl::Hasher& hasher : hashers_) hasher.update(padding);
    }
    for (ossl::Hasher& hasher : hashers_) result.digests.push_back(hasher.finish());
    if (pages_) result.page_hashes = pages_->finish();
    result.content_sum = content_.folded();
    const WordSum whole(content_.folded() + outside_.folded());
    result.checksum = static_cast<std::uint32_t>(whole.folded() + layout_.file_size);
    return result;
  }

 private:
  void hash(const Piece& piece) {
    if (piece.bytes.empty()) return;
    for (ossl::Hasher& hasher : hashers_) hasher.update(piece.bytes);
  }

  const PeLayout& layout_;
  std::vector<ossl::Hasher> hashers_;
  std::optional<PageHasher> pages_;
  WordSum content_, outside_;
};

void read_ahead(const InputFile& file, std::uint64_t offset) {
  if (offset % ahead_bytes != 0) return;
  const std::uint64_t from = offset == 0 ? 0 : offset + ahead_bytes;
  ::posix_fadvise(file.fd(), static_cast<off_t>(from),
                  static_cast<off_t>(offset + 2 * ahead_bytes - from), POSIX_FADV_WILLNEED);
}

}  // namespace

PeDigests digest_pe(const InputFile& file, const PeLayout& layout,
                    std::span<const ossl::Digest> algorithms, const DigestOptions& options,
                    const Progress& progress) {
  Pass pass(file, layout, algorithms, options);
  Bytes buffer(piece_bytes);
  for (std::uint64_t offset = 0; offset < layout.file_size;) {
    const auto count = std::min<std::uint64_t>(piece_bytes, layout.file_size - offset);
    const Piece piece{offset, std::span(buffer).first(count)};
    read_ahead(file, offset);
    file.read_at(offset, piece.bytes);
    const std::uint64_t end = layout.content_end();
    if (const Piece content = piece.part(0, end); !content.bytes.empty())
      pass.take_content(content);
    if (const Piece rest = piece.part(end, layout.file_size); !rest.bytes.empty())
      pass.take_rest(rest);
    offset += count;
    if (progress) progress(offset, layout.file_size);
  }
  return pass.finish();
}

}  // namespace sealwright::signing
