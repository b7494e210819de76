#include "driver/line_ends.h"

#include <algorithm>

namespace sealwright::driver {
namespace {
/// Where the two bytes of a UTF-16 unit hold its low part; 8-bit text has units of one byte.
struct Units {
  std::size_t size = 1, low = 0;
};

Units units_of(BytesView text) {
  if (text.size() >= 2 && text[0] == 0xff && text[1] == 0xfe) return {2, 0};
  if (text.size() >= 2 && text[0] == 0xfe && text[1] == 0xff) return {2, 1};
  return {};
}

bool is(BytesView unit, const Units& units, char c) {
  return unit[units.low] == static_cast<std::uint8_t>(c) &&
         (units.size == 1 || unit[1 - units.low] == 0);
}

void put(Bytes& to, const Units& units, char c) {
  for (std::size_t i = 0; i < units.size; ++i)
    to.push_back(i == units.low ? static_cast<std::uint8_t>(c) : std::uint8_t{0});
}
}  // namespace

Bytes with_line_ends(BytesView text, LineEnds ends) {
  const auto units = units_of(text);
  Bytes made;
  made.reserve(text.size() + text.size() / 16);
  std::size_t at = 0;
  for (; at + units.size <= text.size(); at += units.size) {
    const auto unit = text.subspan(at, units.size);
    const bool pair = is(unit, units, '\r') && at + 2 * units.size <= text.size() &&
                      is(text.subspan(at + units.size, units.size), units, '\n');
    if (pair) at += units.size;
    if (pair || is(unit, units, '\n')) {
      if (ends == LineEnds::crlf) put(made, units, '\r');
      put(made, units, '\n');
    } else {
      append(made, unit);
    }
  }
  append(made, text.subspan(at));
  return made;
}

}  // namespace sealwright::driver
