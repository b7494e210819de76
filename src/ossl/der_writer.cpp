#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"

namespace sealwright::ossl::der {
namespace {

/// Tag and length of an element, with room for its content: what is appended is never copied again.
Bytes begin(std::uint8_t tag, std::size_t length) {
  Bytes bytes;
  bytes.reserve(length + 10);
  bytes.push_back(tag);
  if (length < 0x80) {
    bytes.push_back(std::uint8_t(length));
    return bytes;
  }
  std::size_t octets = 1;
  while (octets < sizeof length && length >> (8 * octets)) ++octets;
  bytes.push_back(std::uint8_t(0x80 | octets));
  while (octets-- > 0) bytes.push_back(std::uint8_t(length >> (8 * octets)));
  return bytes;
}

template <class Parts>
Bytes join(std::uint8_t tag, const Parts& parts) {
  std::size_t length = 0;
  for (const auto& part : parts) length += part.size();
  Bytes bytes = begin(tag, length);
  for (const auto& part : parts) append(bytes, part);
  return bytes;
}

Bytes text_element(std::uint8_t tag, std::string_view text) { return element(tag, view(text)); }

/// X.680, 41.4.
bool is_printable(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos;
}

Error does_not_fit(std::string_view text, std::string_view type) {
  return Error(Error::Kind::input, fmt::format("'{}' does not fit {}", printable(text), type));
}

void put_arc(Bytes& to, std::uint64_t arc) {
  std::size_t groups = 1;
  while (groups < 10 && arc >> (7 * groups)) ++groups;
  while (groups-- > 0)
    to.push_back(std::uint8_t((arc >> (7 * groups) & 0x7f) | (groups ? 0x80 : 0)));
}

struct Fields {
  int year;
  unsigned month, day;
  long long hour, minute, second;
};
Fields fields_of(Time time) {
  using namespace std::chrono;
  const auto midnight = floor<days>(time);
  const year_month_day date(midnight);
  const hh_mm_ss clock(time - midnight);
  return {int(date.year()),      unsigned(date.month()),  unsigned(date.day()),
          clock.hours().count(), clock.minutes().count(), clock.seconds().count()};
}

}  // namespace

Bytes element(std::uint8_t tag, BytesView content) {
  Bytes bytes = begin(tag, content.size());
  append(bytes, content);
  return bytes;
}

Bytes sequence(std::initializer_list<BytesView> parts) { return join(sequence_tag, parts); }
Bytes sequence(const std::vector<Bytes>& parts) { return join(sequence_tag, parts); }

Bytes set_of(std::vector<Bytes> parts) {
  std::sort(parts.begin(), parts.end(), [](const Bytes& a, const Bytes& b) {
    return std::ranges::lexicographical_compare(a, b);
  });
  return join(set_tag, parts);
}

Bytes constructed(std::uint8_t tag, std::initializer_list<BytesView> parts) {
  return join(tag, parts);
}
Bytes constructed(std::uint8_t tag, const std::vector<Bytes>& parts) { return join(tag, parts); }

Bytes oid(const Oid& oid) { return element(oid_tag, oid_content(oid)); }

Bytes boolean(bool value) { return {boolean_tag, 1, std::uint8_t(value ? 0xff : 0x00)}; }

Bytes integer(std::int64_t value) {
  std::size_t octets = 1;
  while (octets < 8 && (value >> (8 * octets - 1)) != 0 && (value >> (8 * octets - 1)) != -1)
    ++octets;
  Bytes bytes = begin(integer_tag, octets);
  while (octets-- > 0) bytes.push_back(std::uint8_t(value >> (8 * octets)));
  return bytes;
}

Bytes positive_integer(BytesView magnitude) {
  while (!magnitude.empty() && magnitude[0] == 0) magnitude = magnitude.subspan(1);
  const bool needs_zero = magnitude.empty() || magnitude[0] >= 0x80;
  Bytes bytes = begin(integer_tag, magnitude.size() + (needs_zero ? 1 : 0));
  if (needs_zero) bytes.push_back(0);
  append(bytes, magnitude);
  return bytes;
}

Bytes octet_string(BytesView bytes) { return element(octet_string_tag, bytes); }

Bytes bit_string(BytesView bytes, int unused) {
  if (unused < 0 || unused > 7 || (unused > 0 && bytes.empty()))
    throw Error(Error::Kind::internal, fmt::format("BIT STRING with {} unused bits", unused));
  Bytes result = begin(bit_string_tag, bytes.size() + 1);
  result.push_back(std::uint8_t(unused));
  append(result, bytes);
  if (unused > 0) result.back() &= std::uint8_t(0xff << unused);
  return result;
}

Bytes named_bits(std::uint32_t bits_from_zero) {
  Bytes octets;
  int unused = 0;
  for (unsigned bit = 0; bit < 32; ++bit) {
    if (!(bits_from_zero >> bit & 1)) continue;
    octets.resize(bit / 8 + 1);
    octets[bit / 8] |= std::uint8_t(0x80 >> bit % 8);
    unused = 7 - int(bit % 8);
  }
  return bit_string(octets, unused);
}

Bytes null() { return {null_tag, 0}; }

Bytes utf8_string(std::string_view text) {
  if (!is_utf8(text)) throw does_not_fit(text, "a UTF8String");
  return text_element(utf8_string_tag, text);
}

Bytes printable_string(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_printable))
    throw does_not_fit(text, "a PrintableString");
  return text_element(printable_string_tag, text);
}

Bytes ia5_string(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), [](char c) { return c & 0x80; }))
    throw does_not_fit(text, "an IA5String");
  return text_element(ia5_string_tag, text);
}

Bytes bmp_string(std::string_view utf8) { return element(bmp_string_tag, utf16be(utf8)); }

Bytes time(Time time) {
  const int year = fields_of(time).year;
  return year >= 1950 && year < 2050 ? utc_time(time) : generalized_time(time);
}

Bytes utc_time(Time time) {
  const Fields f = fields_of(time);
  if (f.year < 1950 || f.year >= 2050)
    throw Error(Error::Kind::input, fmt::format("the year {} does not fit a UTCTime", f.year));
  return text_element(utc_time_tag, fmt::format("{:02}{:02}{:02}{:02}{:02}{:02}Z", f.year % 100,
                                                f.month, f.day, f.hour, f.minute, f.second));
}

Bytes generalized_time(Time time) {
  const Fields f = fields_of(time);
  if (f.year < 0 || f.year > 9999)
    throw Error(Error::Kind::input,
                fmt::format("the year {} does not fit a GeneralizedTime", f.year));
  return text_element(generalized_time_tag,
                      fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}Z", f.year, f.month, f.day, f.hour,
                                  f.minute, f.second));
}

Bytes oid_content(const Oid& oid) {
  if (oid.empty()) throw Error(Error::Kind::internal, "an empty OID cannot be written");
  const std::string& dotted = oid.text();
  const char* at = dotted.data();
  const char* const end = at + dotted.size();
  Bytes content;
  std::uint64_t first = 0;
  for (std::size_t index = 0; at < end; ++index) {
    std::uint64_t arc = 0;
    at = std::from_chars(at, end, arc).ptr;
    if (at < end) ++at;  // The dot.
    if (index == 0)
      first = arc;
    else
      put_arc(content, index == 1 ? first * 40 + arc : arc);
  }
  return content;
}

}  // namespace sealwright::ossl::der
