#include "compat/makecert_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "x509/oids.h"

namespace sealwright::compat {
namespace {

constexpr std::size_t max_attributes = 64;
constexpr std::size_t max_name_bytes = 4096;
constexpr std::size_t max_serial_octets = 20;

[[noreturn]] void refuse(const std::string& message, std::string hint = {}) {
  throw Error(Error::Kind::usage, message, std::move(hint));
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Reads "KEY=value" pairs from left to right.
class X500Reader {
 public:
  explicit X500Reader(std::string_view text) : text_(text) {}

  std::vector<x509::NameAttribute> read() {
    std::vector<x509::NameAttribute> made;
    while (!trimmed(text_.substr(at_)).empty()) {
      if (made.size() == max_attributes) refuse("the name of '-n' has over 64 parts");
      auto type = key();
      made.push_back({std::move(type), value()});
    }
    return made;
  }

 private:
  Oid key() {
    const auto end = text_.find_first_of("=,;+", at_);
    const auto word = trimmed(text_.substr(at_, std::min(end, text_.size()) - at_));
    if (end == std::string_view::npos || text_[end] != '=')
      refuse("'" + printable(word) + "' in '-n' is not KEY=value",
             "write an X.500 name, as \"CN=My Company\"; values with ',' or ';' stand in quotes");
    at_ = end + 1;
    return type(word);
  }

  /// CertStrToName's own names (wincrypt.h, szOID_…) are in the table of x509, but for these.
  static Oid type(std::string_view word) {
    if (equal_ignoring_case(word, "Email")) word = "E";
    if (equal_ignoring_case(word, "Title")) word = "T";
    if (auto known = x509::attribute_type(word)) return *known;
    refuse("'" + printable(word) + "' in '-n' is not a name attribute",
           "there are CN, O, OU, C, L, S, E, STREET, DC and others");
  }

  std::string value() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    auto made = at_ < text_.size() && text_[at_] == '"' ? quoted() : plain();
    if (made.empty()) refuse("a part of the name of '-n' has no value");
    return made;
  }

  std::string plain() {
    const auto end = std::min(text_.find_first_of(",;+", at_), text_.size());
    const std::string made(trimmed(text_.substr(at_, end - at_)));
    if (made.find('"') != std::string::npos)
      refuse("a '\"' stands inside a value of '-n'",
             "put the whole value into quotes, and write "
             "\"\" for one of its own");
    at_ = end + 1;
    at_ = std::min(at_, text_.size());
    return made;
  }

  std::string quoted() {
    std::string made;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        made += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        made += text_[++at_];
      } else {
        break;
      }
    }
    if (at_ == text_.size()) refuse("a '\"' in '-n' is not closed");
    ++at_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ < text_.size() && std::string_view(",;+").find(text_[at_]) == std::string_view::npos)
      refuse("text stands behind a quoted value of '-n'");
    if (at_ < text_.size()) ++at_;
    return made;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<int> number(std::string_view text) {
  int made = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, made);
  if (text.empty() || result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return made;
}

}  // namespace

policy::Subject read_x500(const std::string& text) {
  if (text.size() > max_name_bytes) refuse("the name of '-n' is longer than 4,096 bytes");
  if (!is_utf8(text)) refuse("the name of '-n' is not UTF-8");
  if (text.find_first_of("{}") != std::string::npos)
    refuse("'{' and '}' cannot stand in a name", "leave them out");
  policy::Subject made;
  made.attributes = X500Reader(text).read();
  if (made.attributes.empty()) refuse("'-n' names nothing", "write -n \"CN=My Company\"");
  std::ranges::reverse(made.attributes);
  return made;
}

Time read_day(const std::string& flag, const std::string& text, DayEnd end) {
  using namespace std::chrono;
  const auto first = text.find('/'), second = text.find('/', first + 1);
  const auto part = [&](std::size_t from, std::size_t to) {
    return to - from > 4 ? std::nullopt : number(std::string_view(text).substr(from, to - from));
  };
  std::optional<int> m, d, y;
  if (first != std::string::npos && second != std::string::npos) {
    m = part(0, first);
    d = part(first + 1, second);
    y = part(second + 1, text.size());
  }
  if (!m || !d || !y || *m < 0 || *d < 0 || text.size() - second != 5)
    refuse("'" + printable(text) + "' of '" + flag + "' is not a date",
           "write mm/dd/yyyy, as 12/31/2039");
  const year_month_day day(year(*y), month(static_cast<unsigned>(*m)),
                           std::chrono::day(static_cast<unsigned>(*d)));
  if (!day.ok())
    refuse("'" + printable(text) + "' of '" + flag + "' is no day of the calendar",
           *m > 12 && *d <= 12 ? fmt::format("the month comes first: {:02}/{:02}/{:04}", *d, *m, *y)
                               : std::string());
  if (*y < 1950 || *y > 9999)
    refuse("'" + printable(text) + "' of '" + flag + "' is outside the years 1950 to 9999");
  const Time begin = sys_days(day);
  return end == DayEnd::first_second ? begin : begin + days(1) - seconds(1);
}

int read_number(const std::string& flag, const std::string& text, int least, int most) {
  const auto made = number(text);
  if (!made || *made < least || *made > most)
    refuse(fmt::format("'{}' of '{}' is not a number from {} to {}", printable(text), flag, least,
                       most));
  return *made;
}

Serial read_serial_number(const std::string& text) {
  const bool decimal = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!decimal) refuse("'" + printable(text) + "' of '-#' is not a positive decimal number");
  Bytes octets;  // least significant first
  for (const char digit : text) {
    unsigned carry = static_cast<unsigned>(digit - '0');
    for (auto& octet : octets) {
      carry += octet * 10u;
      octet = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry) octets.push_back(static_cast<std::uint8_t>(carry));
    if (octets.size() > max_serial_octets) break;
  }
  if (octets.empty()) refuse("'-# 0': a serial number is positive");
  if (octets.size() > max_serial_octets ||
      (octets.size() == max_serial_octets && octets.back() >= 0x80))
    refuse("the number of '-#' is longer than the 20 octets that RFC 5280, 4.1.2.2 allows");
  std::ranges::reverse(octets);
  return {std::move(octets)};
}

std::vector<Oid> read_purposes(const std::string& text) {
  std::vector<Oid> made;
  std::vector<std::string> names;
  for (const auto& known : x509::key_purposes()) names.emplace_back(known.name);
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const std::string word(trimmed(std::string_view(text).substr(at, end - at)));
    at = end + 1;
    if (word.empty())
      refuse("'-eku' needs OIDs with ',' between them", "codeSigning is 1.3.6.1.5.5.7.3.3");
    if (made.size() == max_attributes) refuse("'-eku' names over 64 purposes");
    const auto purpose = x509::key_purpose(word);
    if (!purpose)
      refuse("'" + printable(word) + "' of '-eku' is not an OID", did_you_mean(word, names));
    if (std::ranges::find(made, *purpose) == made.end()) made.push_back(*purpose);
  }
  return made;
}

}  // namespace sealwright::compat
