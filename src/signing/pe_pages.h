#pragma once
// Inside signing only: page hashes, calculated while the file streams past.

#include <vector>

#include "signing/pe.h"

namespace sealwright::signing {

/// Takes the content of a PE in order and hashes it page by page (Authenticode PE specification,
/// "Page Hashes").
class PageHasher {
 public:
  /// Throws Error::Kind::input for images without pages: alignments out of range, sections that
  /// overlap or reach past the content.
  PageHasher(const InputFile& file, const PeLayout& layout, ossl::Digest digest);

  /// The next bytes of the file from its start on, with nothing left out.
  void update(BytesView bytes);
  PageHashes finish();

 private:
  /// A part of the file that is mapped: the headers or a section.
  struct Region {
    std::uint64_t begin, end;
  };
  void add_region(const InputFile& file, const PeLayout& layout, std::uint64_t offset,
                  std::uint64_t size);
  void hash_page(std::uint64_t offset, BytesView page);
  void take(BytesView bytes);

  ossl::Digest digest_;
  std::size_t page_bytes_;
  std::uint64_t checksum_offset_, directory_offset_;
  std::vector<Region> regions_;  ///< By offset; the headers first.
  std::size_t region_ = 0;
  std::uint64_t position_ = 0;  ///< Of the next byte in the file.
  Bytes page_;                  ///< The page that is being filled.
  PageHashes result_;
};

}  // namespace sealwright::signing
