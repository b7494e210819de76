#include "signing/pe_pages.h"

#include <algorithm>

#include "base/error.h"
#include "signing/naming.h"

namespace sealwright::signing {
namespace {

constexpr std::size_t section_header_bytes = 40;
constexpr std::uint32_t max_page_bytes = 4 * 1024 * 1024;

[[noreturn]] void no_pages(const InputFile& file, const std::string& why) {
  throw Error(Error::Kind::input, quoted(file.path()) + " cannot have page hashes: " + why,
              "sign it without page hashes");
}

}  // namespace

PageHasher::PageHasher(const InputFile& file, const PeLayout& layout, ossl::Digest digest)
    : digest_(digest),
      page_bytes_(layout.section_alignment),
      checksum_offset_(layout.checksum_offset),
      directory_offset_(layout.directory_offset) {
  if (digest != ossl::Digest::sha1 && digest != ossl::Digest::sha256)
    throw Error(Error::Kind::usage, "page hashes are made with sha1 or sha256");
  if (layout.section_alignment < layout.header_bytes || layout.section_alignment > max_page_bytes ||
      layout.file_alignment < 512 || layout.file_alignment > 65535)
    no_pages(file, "its alignment is unusual");
  if (layout.header_bytes < layout.directory_offset + 8)
    no_pages(file, "its headers are longer than they say");
  add_region(file, layout, 0, layout.header_bytes);
  Bytes headers(section_header_bytes * std::size_t{layout.section_count});
  file.read_at(layout.section_table_offset, headers);
  for (std::size_t at = 0; at < headers.size(); at += section_header_bytes) {
    const BytesView header = BytesView(headers).subspan(at, section_header_bytes);
    const std::uint32_t size = u32le(header.subspan(16)), offset = u32le(header.subspan(20));
    if (size != 0) add_region(file, layout, offset, size);
  }
  page_.reserve(page_bytes_);
  result_.digest = digest;
}

void PageHasher::add_region(const InputFile& file, const PeLayout& layout, std::uint64_t offset,
                            std::uint64_t size) {
  if (!regions_.empty() && offset < regions_.back().end)
    no_pages(file, "its sections overlap or are out of order");
  if (offset + size > layout.content_end()) no_pages(file, "its sections are cut short");
  regions_.push_back({offset, offset + size});
}

void PageHasher::hash_page(std::uint64_t offset, BytesView page) {
  put_u32le(result_.table, static_cast<std::uint32_t>(offset));
  append(result_.table, ossl::hash(digest_, page));
}

void PageHasher::take(BytesView bytes) {
  const Region& region = regions_[region_];
  while (!bytes.empty()) {
    if (region_ != 0 && page_.empty() && bytes.size() >= page_bytes_) {
      hash_page(position_, bytes.first(page_bytes_));
      bytes = bytes.subspan(page_bytes_);
      position_ += page_bytes_;
      continue;
    }
    const std::size_t count = std::min(page_bytes_ - page_.size(), bytes.size());
    append(page_, bytes.first(count));
    bytes = bytes.subspan(count);
    position_ += count;
    if (page_.size() < page_bytes_ && position_ < region.end) return;
    const std::uint64_t offset = position_ - page_.size();
    page_.resize(page_bytes_);  // With zeros, as the memory manager does.
    if (region_ == 0) {
      const auto erase = [&](std::uint64_t at, std::size_t length) {
        const auto first = page_.begin() + static_cast<std::ptrdiff_t>(at);
        page_.erase(first, first + static_cast<std::ptrdiff_t>(length));
      };
      erase(directory_offset_, 8);
      erase(checksum_offset_, 4);
    }
    hash_page(offset, page_);
    page_.clear();
  }
}

void PageHasher::update(BytesView bytes) {
  while (!bytes.empty() && region_ < regions_.size()) {
    const Region& region = regions_[region_];
    if (position_ < region.begin) {
      const auto count = std::min<std::uint64_t>(region.begin - position_, bytes.size());
      bytes = bytes.subspan(count);
      position_ += count;
      continue;
    }
    const auto count = std::min<std::uint64_t>(region.end - position_, bytes.size());
    take(bytes.first(count));
    bytes = bytes.subspan(count);
    if (position_ == region.end) ++region_;
  }
}

PageHashes PageHasher::finish() {
  put_u32le(result_.table, static_cast<std::uint32_t>(regions_.back().end));
  append(result_.table, Bytes(ossl::size_of(digest_)));
  return std::move(result_);
}

}  // namespace sealwright::signing
