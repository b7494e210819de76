#include "base/bytes.h"

#include <algorithm>

#include "base/error.h"

namespace sealwright {

BytesView view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text(BytesView bytes) { return {bytes.begin(), bytes.end()}; }

Bytes copy(BytesView bytes) { return {bytes.begin(), bytes.end()}; }

bool equal(BytesView a, BytesView b) { return std::ranges::equal(a, b); }

void append(Bytes& to, BytesView bytes) {
  // insert() must not be given a range of the vector it grows.
  const auto old_size = to.size();
  const bool own = !to.empty() && bytes.data() >= to.data() && bytes.data() < to.data() + old_size;
  if (!own) {
    to.insert(to.end(), bytes.begin(), bytes.end());
    return;
  }
  const Bytes copied = copy(bytes);
  to.insert(to.end(), copied.begin(), copied.end());
}

void put_u16le(Bytes& to, std::uint16_t value) {
  to.push_back(static_cast<std::uint8_t>(value));
  to.push_back(static_cast<std::uint8_t>(value >> 8));
}

void put_u32le(Bytes& to, std::uint32_t value) {
  put_u16le(to, static_cast<std::uint16_t>(value));
  put_u16le(to, static_cast<std::uint16_t>(value >> 16));
}

void put_u64le(Bytes& to, std::uint64_t value) {
  put_u32le(to, static_cast<std::uint32_t>(value));
  put_u32le(to, static_cast<std::uint32_t>(value >> 32));
}

std::uint16_t u16le(BytesView at) { return static_cast<std::uint16_t>(at[0] | at[1] << 8); }

std::uint32_t u32le(BytesView at) {
  return u16le(at) | static_cast<std::uint32_t>(u16le(at.subspan(2))) << 16;
}

std::uint64_t u64le(BytesView at) {
  return u32le(at) | static_cast<std::uint64_t>(u32le(at.subspan(4))) << 32;
}

BytesView ByteReader::take(std::size_t count) {
  if (count > left()) throw Error(Error::Kind::input, what_ + " is cut short");
  const auto taken = bytes_.subspan(position_, count);
  position_ += count;
  return taken;
}

void ByteReader::seek(std::size_t position) {
  if (position > bytes_.size()) throw Error(Error::Kind::input, what_ + " is cut short");
  position_ = position;
}

std::uint8_t ByteReader::u8() { return take(1)[0]; }
std::uint16_t ByteReader::u16() { return u16le(take(2)); }
std::uint32_t ByteReader::u32() { return u32le(take(4)); }
std::uint64_t ByteReader::u64() { return u64le(take(8)); }

}  // namespace sealwright
