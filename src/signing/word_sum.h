#pragma once
// The sum behind the CheckSum field of a PE: little-endian 16-bit words added with end-around
// carry. Such sums can be taken in any order and, since 2^64 = 1 modulo 2^16 - 1, eight bytes at a
// time.

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace sealwright::signing {

class WordSum {
 public:
  WordSum() = default;
  explicit WordSum(std::uint64_t sum) : sum_(sum) {}

  /// Adds bytes that stand at `offset` of the file: only whether it is odd matters.
  void add(std::uint64_t offset, BytesView bytes) {
    const std::uint64_t sum = sum_of(bytes);
    sum_ = plus(sum_, offset % 2 == 0 ? sum : std::rotl(sum, 8));
  }

  /// 1 to 0xffff, or 0 if nothing but zeros was added.
  std::uint64_t folded() const {
    std::uint64_t sum = sum_;
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return sum;
  }

 private:
  static std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
    a += b;
    return a + (a < b ? 1 : 0);
  }
  static std::uint64_t load(const std::uint8_t* at, std::size_t count) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, count);
    if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
    return value;
  }
  static std::uint64_t sum_of(BytesView bytes) {
    std::uint64_t lanes[4] = {};
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 32; at += 32, left -= 32)
      for (int lane = 0; lane < 4; ++lane) lanes[lane] = plus(lanes[lane], load(at + 8 * lane, 8));
    for (; left >= 8; at += 8, left -= 8) lanes[0] = plus(lanes[0], load(at, 8));
    if (left != 0) lanes[1] = plus(lanes[1], load(at, left));
    return plus(plus(lanes[0], lanes[1]), plus(lanes[2], lanes[3]));
  }

  std::uint64_t sum_ = 0;
};

}  // namespace sealwright::signing
