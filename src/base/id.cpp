#include "base/id.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright {
namespace {

constexpr std::size_t max_arcs = 64;
constexpr std::uint64_t arc_limit = std::uint64_t{1} << 63;

/// One arc in its only spelling: digits, without leading zeros, below 2^63.
std::optional<std::uint64_t> parse_arc(std::string_view digits) {
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 10);
  if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (value >= arc_limit) return std::nullopt;
  return value;
}

bool is_oid(std::string_view dotted) {
  std::uint64_t first = 0;
  for (std::size_t arcs = 0; arcs < max_arcs; ++arcs) {
    const auto dot = dotted.find('.');
    const auto arc = parse_arc(dotted.substr(0, dot));
    if (!arc) return false;
    // X.690, 8.19.4: three roots, and below the first two no more than 40 children.
    if (arcs == 0 && *arc > 2) return false;
    if (arcs == 1 && first < 2 && *arc > 39) return false;
    if (arcs == 0) first = *arc;
    if (dot == std::string_view::npos) return arcs > 0;
    dotted.remove_prefix(dot + 1);
  }
  return false;
}

}  // namespace

std::string Serial::hex() const { return to_hex_upper(value); }
std::string Thumbprint::hex() const { return to_hex_upper(value); }
std::string KeyId::hex() const { return to_hex(value); }

std::optional<Thumbprint> parse_thumbprint(std::string_view text) {
  constexpr std::string_view left_to_right_mark = "\u200e";
  std::string digits;
  while (!text.empty() && digits.size() <= 40) {
    if (text.starts_with(left_to_right_mark)) {
      text.remove_prefix(left_to_right_mark.size());
      continue;
    }
    if (text[0] != ' ' && text[0] != ':') digits += text[0];
    text.remove_prefix(1);
  }
  const auto bytes = from_hex(digits);
  Thumbprint thumbprint;
  if (!bytes || bytes->size() != thumbprint.value.size()) return std::nullopt;
  std::ranges::copy(*bytes, thumbprint.value.begin());
  return thumbprint;
}

Oid::Oid(std::string_view dotted) : text_(dotted) {
  if (!is_oid(dotted))
    throw Error(Error::Kind::input, "'" + printable(dotted) + "' is not an object identifier",
                "write it in dotted form, as 1.3.6.1.5.5.7.3.3");
}

}  // namespace sealwright
