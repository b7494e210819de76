#include <algorithm>
#include <initializer_list>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/readers.h"

namespace sealwright::bundle {
namespace {

bool starts_with(BytesView bytes, std::initializer_list<std::uint8_t> mark) {
  return bytes.size() >= mark.size() && std::equal(mark.begin(), mark.end(), bytes.begin());
}

std::string decoded(BytesView bytes) {
  if (starts_with(bytes, {0xff, 0xfe})) return from_utf16le(bytes.subspan(2));
  if (starts_with(bytes, {0xfe, 0xff})) return from_utf16be(bytes.subspan(2));
  const bool marked = starts_with(bytes, {0xef, 0xbb, 0xbf});
  std::string all = text(marked ? bytes.subspan(3) : bytes);
  if (is_utf8(all)) return all;
  if (marked)
    throw Error(Error::Kind::input, "has a UTF-8 mark, but is not UTF-8",
                "save it as UTF-8 or UTF-16");
  return from_windows1252(all);
}

}  // namespace

std::string decoded_text(BytesView bytes) {
  std::string all = decoded(bytes);
  const auto nul = all.find('\0');
  if (nul != std::string::npos) {
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(nul);
    throw Error(Error::Kind::input, "line " +
                                        std::to_string(1 + std::count(all.begin(), end, '\n')) +
                                        ": a NUL character, which no text holds");
  }
  return all;
}

}  // namespace sealwright::bundle
