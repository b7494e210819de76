// The Unicode half of base/encoding.h: UTF-8, UTF-16, Windows-1252, and text made safe to show.

#include <array>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright {
namespace {

constexpr bool is_surrogate(char32_t c) { return c >= 0xd800 && c <= 0xdfff; }

/// What a lead byte says: the length of the sequence, the bits it carries, and the smallest value
/// that needs this length (The Unicode Standard, table 3-7).
struct Lead {
  unsigned length;
  char32_t bits, smallest;
};

Lead lead(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xc2 && byte <= 0xdf) return {2, byte & 0x1fu, 0x80};
  if (byte >= 0xe0 && byte <= 0xef) return {3, byte & 0x0fu, 0x800};
  if (byte >= 0xf0 && byte <= 0xf4) return {4, byte & 0x07u, 0x10000};
  return {0, 0, 0};
}

enum class Order { little, big };

Bytes to_utf16(std::string_view utf8, Order order) {
  Bytes bytes;
  bytes.reserve(utf8.size() * 2);
  const auto put = [&](char32_t unit) {
    const auto low = static_cast<std::uint8_t>(unit), high = static_cast<std::uint8_t>(unit >> 8);
    bytes.push_back(order == Order::little ? low : high);
    bytes.push_back(order == Order::little ? high : low);
  };
  for (std::size_t at = 0; at < utf8.size();) {
    const auto start = at;
    if (const auto ascii = static_cast<unsigned char>(utf8[at]); ascii < 0x80) {
      put(ascii);
      ++at;
      continue;
    }
    const auto c = next_code_point(utf8, at);
    if (!c)
      throw Error(Error::Kind::input, "not UTF-8 text at byte " + std::to_string(start) + ": '" +
                                          printable(utf8.substr(start), 40) + "'");
    if (*c < 0x10000) {
      put(*c);
    } else {
      put(0xd800 + ((*c - 0x10000) >> 10));
      put(0xdc00 + ((*c - 0x10000) & 0x3ff));
    }
  }
  return bytes;
}

std::string from_utf16(BytesView bytes, Order order) {
  if (bytes.size() % 2 != 0)
    throw Error(Error::Kind::input, "not UTF-16 text: an odd number of bytes");
  const auto unit = [&](std::size_t at) -> char32_t {
    return order == Order::little ? bytes[at] | bytes[at + 1] << 8 : bytes[at] << 8 | bytes[at + 1];
  };
  std::string result;
  result.reserve(bytes.size() / 2);
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    char32_t c = unit(at);
    if (is_surrogate(c)) {
      const char32_t second = at + 4 <= bytes.size() ? unit(at + 2) : 0;
      if (c > 0xdbff || second < 0xdc00 || second > 0xdfff)
        throw Error(Error::Kind::input,
                    "not UTF-16 text: an unpaired surrogate at byte " + std::to_string(at));
      c = 0x10000 + ((c & 0x3ff) << 10 | (second & 0x3ff));
      at += 2;
    }
    append_utf8(result, c);
  }
  return result;
}

/// Bytes 0x80 to 0x9f; 0 where Windows-1252 has none.
constexpr std::array<char16_t, 32> windows1252_high = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,  // 80
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,       // 88
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,  // 90
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,  // 98
};

/// Characters that change how the text around them is shown, or show nothing at all.
bool is_deceptive(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200b || c == 0x200e ||
         c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) ||
         c == 0xfeff || (c & 0xfffe) == 0xfffe || (c >= 0xe0000 && c <= 0xe007f);
}

std::string shown_byte(char byte) {
  const auto value = static_cast<std::uint8_t>(byte);
  return "\\x" + to_hex({&value, 1});
}

std::string shown_code_point(char32_t c) {
  std::string digits;
  for (; c > 0 || digits.size() < 4; c >>= 4) digits.insert(0, 1, "0123456789abcdef"[c & 15]);
  return "\\u{" + digits + "}";
}

}  // namespace

std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at) {
  const auto start = at++;
  if (static_cast<unsigned char>(text[start]) < 0x80) return static_cast<char32_t>(text[start]);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[start + i]); };
  const auto [length, bits, smallest] = lead(byte(0));
  if (length == 0 || length > text.size() - start) return std::nullopt;
  char32_t c = bits;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    c = c << 6 | (byte(i) & 0x3fu);
  }
  if (c < smallest || c > 0x10ffff || is_surrogate(c)) return std::nullopt;
  at = start + length;
  return c;
}

void append_utf8(std::string& to, char32_t c) {
  const auto put = [&](char32_t byte) { to += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();)
    if (!next_code_point(text, at)) return false;
  return true;
}

Bytes utf16le(std::string_view utf8) { return to_utf16(utf8, Order::little); }
Bytes utf16be(std::string_view utf8) { return to_utf16(utf8, Order::big); }
std::string from_utf16le(BytesView bytes) { return from_utf16(bytes, Order::little); }
std::string from_utf16be(BytesView bytes) { return from_utf16(bytes, Order::big); }

std::string from_windows1252(std::string_view bytes) {
  std::string result;
  result.reserve(bytes.size());
  for (const char byte : bytes) {
    char32_t c = static_cast<unsigned char>(byte);
    if (c >= 0x80 && c <= 0x9f && windows1252_high[c - 0x80] != 0) c = windows1252_high[c - 0x80];
    append_utf8(result, c);
  }
  return result;
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto start = at;
    if (text[at] >= 0x20 && text[at] < 0x7f && result.size() < max_bytes) {
      result += text[at++];
      continue;
    }
    const auto c = next_code_point(text, at);
    std::string piece(text.substr(start, at - start));
    if (!c || *c < 0x20 || *c == 0x7f)
      piece = shown_byte(text[start]);
    else if (is_deceptive(*c))
      piece = shown_code_point(*c);
    if (piece.size() > max_bytes - result.size()) return result + "…";
    result += piece;
  }
  return result;
}

}  // namespace sealwright
