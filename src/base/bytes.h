#pragma once
// Byte strings, and a reader that cannot run past their end.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealwright {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

BytesView view(std::string_view text);
std::string text(BytesView bytes);
Bytes copy(BytesView bytes);
bool equal(BytesView a, BytesView b);
void append(Bytes& to, BytesView bytes);

void put_u16le(Bytes& to, std::uint16_t value);
void put_u32le(Bytes& to, std::uint32_t value);
void put_u64le(Bytes& to, std::uint64_t value);
std::uint16_t u16le(BytesView at);  ///< Needs 2 bytes.
std::uint32_t u32le(BytesView at);  ///< Needs 4 bytes.
std::uint64_t u64le(BytesView at);  ///< Needs 8 bytes.

/// Reads little-endian fields from outside bytes. Every read checks what is left and throws
/// Error::Kind::input "WHAT is cut short" instead of reading past the end.
class ByteReader {
 public:
  ByteReader(BytesView bytes, std::string what) : bytes_(bytes), what_(std::move(what)) {}
  std::size_t position() const { return position_; }
  std::size_t left() const { return bytes_.size() - position_; }
  bool at_end() const { return left() == 0; }
  BytesView take(std::size_t count);
  void seek(std::size_t position);
  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();

 private:
  BytesView bytes_;
  std::string what_;
  std::size_t position_ = 0;
};

}  // namespace sealwright
