#include "driver/inf_text.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::driver {
namespace {
bool starts_with(BytesView bytes, std::initializer_list<std::uint8_t> mark) {
  return bytes.size() >= mark.size() && std::equal(mark.begin(), mark.end(), bytes.begin());
}

/// UTF-16LE saved without its mark: an INF starts with "[" or ";" or a line end, so its second byte
/// tells.
bool looks_like_utf16le(BytesView bytes) {
  return bytes.size() >= 4 && bytes.size() % 2 == 0 && bytes[0] != 0 && bytes[1] == 0 &&
         bytes[2] != 0 && bytes[3] == 0;
}

InfText decode(BytesView bytes) {
  if (starts_with(bytes, {0xff, 0xfe}))
    return {InfEncoding::utf16le, from_utf16le(bytes.subspan(2))};
  if (starts_with(bytes, {0xfe, 0xff}))
    return {InfEncoding::utf16be, from_utf16be(bytes.subspan(2))};
  if (looks_like_utf16le(bytes)) return {InfEncoding::utf16le, from_utf16le(bytes)};
  if (starts_with(bytes, {0xef, 0xbb, 0xbf})) {
    auto rest = text(bytes.subspan(3));
    if (!is_utf8(rest))
      throw Error(Error::Kind::input, "has a UTF-8 mark, but is not UTF-8",
                  "save it as UTF-8 or UTF-16");
    return {InfEncoding::utf8_bom, std::move(rest)};
  }
  auto all = text(bytes);
  const bool ascii = std::all_of(all.begin(), all.end(), [](char c) { return (c & 0x80) == 0; });
  if (ascii) return {InfEncoding::ansi, std::move(all)};
  if (is_utf8(all)) return {InfEncoding::utf8, std::move(all)};
  return {InfEncoding::ansi, from_windows1252(all)};
}
}  // namespace

std::string_view to_text(InfEncoding encoding) {
  switch (encoding) {
    case InfEncoding::ansi:
      return "ANSI";
    case InfEncoding::utf8:
      return "UTF-8";
    case InfEncoding::utf8_bom:
      return "UTF-8 with mark";
    case InfEncoding::utf16le:
      return "UTF-16LE";
    case InfEncoding::utf16be:
      return "UTF-16BE";
  }
  return "";
}

InfText decode_inf(BytesView bytes) {
  auto decoded = decode(bytes);
  if (decoded.utf8.find('\0') != std::string::npos)
    throw Error(Error::Kind::input, "holds NUL characters: not an INF file");
  return decoded;
}

}  // namespace sealwright::driver
