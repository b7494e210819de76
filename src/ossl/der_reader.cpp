#include "ossl/der.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::ossl::der {
namespace {

// Every reader of a value returns why it refuses; the caller knows what it reads and where.
using Reason = std::string;

Reason check_integer(BytesView content) {
  if (content.empty()) return "empty INTEGER";
  if (content.size() > 1 &&
      ((content[0] == 0x00 && content[1] < 0x80) || (content[0] == 0xff && content[1] >= 0x80)))
    return "INTEGER is not minimal";
  return {};
}

/// X.690, 8.19: base 128, most significant first, the first octet of an arc not 0x80.
Reason read_oid(BytesView content, Oid& oid) {
  constexpr std::uint64_t limit = std::uint64_t{1} << 63;
  if (content.empty()) return "empty OBJECT IDENTIFIER";
  std::string dotted;
  std::uint64_t value = 0;
  bool inside_arc = false;
  std::size_t arcs = 1;
  for (const std::uint8_t octet : content) {
    if (!inside_arc && octet == 0x80) return "OBJECT IDENTIFIER arc is not minimal";
    if (value >> 57) return "OBJECT IDENTIFIER arc is too large";
    value = value << 7 | (octet & 0x7f);
    inside_arc = octet & 0x80;
    if (inside_arc) continue;
    if (dotted.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(value / 40, 2);
      dotted = std::to_string(first);
      value -= first * 40;
    }
    if (value >= limit) return "OBJECT IDENTIFIER arc is too large";
    if (++arcs > 64) return "OBJECT IDENTIFIER has too many arcs";
    dotted += '.';
    dotted += std::to_string(value);
    value = 0;
  }
  if (inside_arc) return "OBJECT IDENTIFIER is cut short";
  oid = Oid(dotted);
  return {};
}

int two_digits(BytesView text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// YYYYMMDDHHMMSS, all digits.
Reason read_digits(BytesView digits, int year, std::size_t after_year, Time& time) {
  using namespace std::chrono;
  const auto number = [&](std::size_t pair) { return two_digits(digits, after_year + 2 * pair); };
  const year_month_day date{std::chrono::year{year}, month(unsigned(number(0))),
                            day(unsigned(number(1)))};
  if (!date.ok() || number(2) > 23 || number(3) > 59 || number(4) > 59)
    return "a time that does not exist";
  time = sys_days(date) + hours(number(2)) + minutes(number(3)) + seconds(number(4));
  return {};
}

bool all_digits(BytesView text) {
  return std::all_of(text.begin(), text.end(), [](std::uint8_t c) { return c >= '0' && c <= '9'; });
}

/// RFC 5280, 4.1.2.5: seconds are there, the zone is Z, and there is no fraction.
Reason read_time(const Element& element, Time& time) {
  const bool utc = element.tag == utc_time_tag;
  const BytesView text = element.content;
  if (text.size() != (utc ? 13u : 15u) || text.back() != 'Z' ||
      !all_digits(text.first(text.size() - 1)))
    return utc ? "UTCTime is not YYMMDDHHMMSSZ" : "GeneralizedTime is not YYYYMMDDHHMMSSZ";
  if (!utc) return read_digits(text, two_digits(text, 0) * 100 + two_digits(text, 2), 4, time);
  const int year = two_digits(text, 0);
  return read_digits(text, year + (year < 50 ? 2000 : 1900), 2, time);
}

/// RFC 3161, 2.4.2: ".", digits, the last of them not 0.
Reason read_time_with_fraction(const Element& element, Time& time) {
  const BytesView text = element.content;
  if (text.size() <= 15) return read_time(element, time);
  const BytesView fraction = text.subspan(15, text.size() - 16);
  if (text[14] != '.' || text.back() != 'Z' || fraction.empty() || fraction.back() == '0' ||
      !all_digits(text.first(14)) || !all_digits(fraction))
    return "GeneralizedTime is not YYYYMMDDHHMMSS.fZ";
  return read_digits(text, two_digits(text, 0) * 100 + two_digits(text, 2), 4, time);
}

Reason read_universal(BytesView content, std::string& text) {
  if (content.size() % 4) return "UniversalString of odd length";
  Bytes utf16;
  for (std::size_t at = 0; at < content.size(); at += 4) {
    std::uint32_t c = 0;
    for (std::size_t i = 0; i < 4; ++i) c = c << 8 | content[at + i];
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return "UniversalString is not valid";
    const auto put = [&](std::uint32_t unit) {
      utf16.push_back(std::uint8_t(unit >> 8));
      utf16.push_back(std::uint8_t(unit));
    };
    if (c >= 0x10000) put(0xd800 + ((c - 0x10000) >> 10));
    put(c >= 0x10000 ? 0xdc00 + ((c - 0x10000) & 0x3ff) : c);
  }
  text = from_utf16be(utf16);
  return {};
}

Reason read_bmp(BytesView content, std::string& text) {
  if (content.size() % 2) return "BMPString of odd length";
  try {
    text = from_utf16be(content);
  } catch (const Error&) {
    return "BMPString is not valid";
  }
  return {};
}

Reason read_string(const Element& element, std::string& into) {
  const std::string bytes = text(element.content);
  switch (element.tag) {
    case utf8_string_tag:
      if (!is_utf8(bytes)) return "UTF8String is not valid";
      into = bytes;
      return {};
    case numeric_string_tag:
    case printable_string_tag:
    case ia5_string_tag:
    case visible_string_tag:
      // What is in a PrintableString in practice ('@', '*', '&') goes beyond X.680, 41.4.
      if (std::any_of(bytes.begin(), bytes.end(), [](char c) { return c & 0x80; }))
        return "8-bit characters in a 7-bit string";
      into = bytes;
      return {};
    case teletex_string_tag:  // Everyone writes Latin-1 in it.
      into = from_windows1252(bytes);
      return {};
    case bmp_string_tag:
      return read_bmp(element.content, into);
    case universal_string_tag:
      return read_universal(element.content, into);
  }
  return fmt::format("tag 0x{:02x} instead of a string", element.tag);
}

Reason check_bit_string(BytesView content) {
  if (content.empty()) return "empty BIT STRING";
  const int unused = content[0];
  if (unused > 7 || (unused > 0 && content.size() == 1))
    return "BIT STRING with impossible unused bits";
  if (unused > 0 && (content.back() & ((1u << unused) - 1)))
    return "BIT STRING whose unused bits are not zero";
  return {};
}

}  // namespace

void Reader::malformed(const std::string& reason) const {
  throw Error(Error::Kind::input,
              fmt::format("{} is malformed ({} at offset {})", *what_, reason, base_ + position_));
}

void Reader::malformed(const std::string& reason, const Element& element) const {
  throw Error(Error::Kind::input,
              fmt::format("{} is malformed ({} at offset {})", *what_, reason, offset_of(element)));
}

std::size_t Reader::offset_of(const Element& element) const {
  return base_ + static_cast<std::size_t>(element.whole.data() - bytes_.data());
}

std::uint8_t Reader::peek() const { return at_end() ? 0 : bytes_[position_]; }

BytesView Reader::length_of_next(std::size_t* header) const {
  const BytesView left = rest();
  if (left.size() < 2) malformed("cut short");
  std::uint64_t length = left[1];
  *header = 2;
  if (length == 0x80) malformed("indefinite length");
  if (length > 0x80) {
    const std::size_t octets = length & 0x7f;
    if (octets > 8) malformed("length of too many octets");
    if (left.size() < 2 + octets) malformed("cut short");
    length = 0;
    for (const std::uint8_t octet : left.subspan(2, octets)) length = length << 8 | octet;
    if (left[2] == 0 || length < 0x80) malformed("length is not minimal");
    *header += octets;
  }
  if (length > left.size() - *header) malformed("length past the end");
  return left.subspan(*header, static_cast<std::size_t>(length));
}

Element Reader::next() {
  if (at_end()) malformed("an element is missing");
  const std::uint8_t tag = peek();
  if (tag == 0) malformed("end-of-contents");
  if ((tag & 0x1f) == 0x1f) malformed("tag of several octets");
  std::size_t header = 0;
  const BytesView content = length_of_next(&header);
  const Element element{tag, content, rest().first(header + content.size())};
  position_ += element.whole.size();
  return element;
}

Element Reader::next(std::uint8_t tag) {
  if (at_end()) malformed("an element is missing");
  if (peek() != tag) malformed(fmt::format("tag 0x{:02x} instead of 0x{:02x}", peek(), tag));
  return next();
}

std::optional<Element> Reader::next_if(std::uint8_t tag) {
  if (!next_is(tag)) return std::nullopt;
  return next();
}

Reader Reader::inside(const Element& element) const {
  const std::size_t header = element.whole.size() - element.content.size();
  return Reader(element.content, what_, offset_of(element) + header);
}

Reader Reader::enter(std::uint8_t tag) { return inside(next(tag)); }

std::optional<Reader> Reader::enter_if(std::uint8_t tag) {
  if (!next_is(tag)) return std::nullopt;
  return enter(tag);
}

void Reader::end() const {
  if (!at_end()) malformed("something left over");
}

Oid Reader::oid() {
  const Element element = next(oid_tag);
  Oid oid;
  if (const Reason reason = read_oid(element.content, oid); !reason.empty())
    malformed(reason, element);
  return oid;
}

bool Reader::boolean() {
  const Element element = next(boolean_tag);
  const BytesView content = element.content;
  if (content.size() != 1 || (content[0] != 0x00 && content[0] != 0xff))
    malformed("BOOLEAN is neither 00 nor ff", element);
  return content[0] != 0;
}

Element Reader::integer_element() {
  const Element element = next(integer_tag);
  if (const Reason reason = check_integer(element.content); !reason.empty())
    malformed(reason, element);
  return element;
}

BytesView Reader::integer_content() { return integer_element().content; }

Bytes Reader::integer() { return copy(integer_content()); }

std::int64_t Reader::small_integer() {
  const Element element = integer_element();
  if (element.content.size() > 8) malformed("INTEGER is too large", element);
  std::uint64_t value = element.content[0] & 0x80 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t octet : element.content) value = value << 8 | octet;
  return static_cast<std::int64_t>(value);
}

BytesView Reader::octet_string() { return next(octet_string_tag).content; }

BytesView Reader::bit_string(int* unused) {
  const Element element = next(bit_string_tag);
  if (const Reason reason = check_bit_string(element.content); !reason.empty())
    malformed(reason, element);
  if (unused)
    *unused = element.content[0];
  else if (element.content[0] != 0)
    malformed("BIT STRING is not whole octets", element);
  return element.content.subspan(1);
}

Time Reader::time() {
  const Element element = next_is(utc_time_tag) ? next() : next(generalized_time_tag);
  Time time;
  if (const Reason reason = read_time(element, time); !reason.empty()) malformed(reason, element);
  return time;
}

Time Reader::time_with_fraction() {
  const Element element = next(generalized_time_tag);
  Time time;
  if (const Reason reason = read_time_with_fraction(element, time); !reason.empty())
    malformed(reason, element);
  return time;
}

std::string Reader::string() {
  const Element element = next();
  std::string text;
  if (const Reason reason = read_string(element, text); !reason.empty()) malformed(reason, element);
  return text;
}

void Reader::null() {
  const Element element = next(null_tag);
  if (!element.content.empty()) malformed("NULL is not empty", element);
}

Element only_element(BytesView bytes, std::uint8_t tag, const std::string& what) {
  Reader reader(bytes, what);
  const Element element = reader.next(tag);
  reader.end();
  return element;
}

std::string string_of(const Element& element, const std::string& what) {
  std::string text;
  if (const Reason reason = read_string(element, text); !reason.empty())
    throw Error(Error::Kind::input, fmt::format("{} is malformed ({})", what, reason));
  return text;
}

Oid oid_from_content(BytesView content, const std::string& what) {
  Oid oid;
  if (const Reason reason = read_oid(content, oid); !reason.empty())
    throw Error(Error::Kind::input, fmt::format("{} is malformed ({})", what, reason));
  return oid;
}

}  // namespace sealwright::ossl::der
