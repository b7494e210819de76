#include "base/time.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright {
namespace {
using namespace std::chrono;

constexpr sys_days first_day = sys_days{year{0} / January / 1};
constexpr sys_days last_day = sys_days{year{9999} / December / 31};

struct Civil {
  int year;
  unsigned month, day;
  std::int64_t second_of_day;
};

/// Years 0 to 9999, which is what certificates can hold (RFC 5280, 4.1.2.5); times beyond are shown
/// as the first or last second of those.
Civil civil(Time time) {
  const Time shown = std::clamp(time, Time{first_day}, Time{last_day} + days{1} - seconds{1});
  const auto day = floor<days>(shown);
  const year_month_day date{day};
  return {int{date.year()}, unsigned{date.month()}, unsigned{date.day()}, (shown - day).count()};
}

/// `text` as a number if it is nothing but `text.size()` decimal digits.
std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<sys_days> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = digits(text.substr(0, 4)), m = digits(text.substr(5, 2)),
             d = digits(text.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)},
                            day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date};
}

/// "17:36" or "17:36:05".
std::optional<seconds> parse_clock(std::string_view text) {
  if ((text.size() != 5 && text.size() != 8) || text[2] != ':') return std::nullopt;
  if (text.size() == 8 && text[5] != ':') return std::nullopt;
  const auto h = digits(text.substr(0, 2)), m = digits(text.substr(3, 2)),
             s = text.size() == 8 ? digits(text.substr(6, 2)) : 0;
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  return hours{*h} + minutes{*m} + seconds{*s};
}

Time shifted(Time time, std::int64_t months, seconds by) {
  const auto day = floor<days>(time);
  const year_month_day from{day};
  const std::int64_t month_index =
      int{from.year()} * std::int64_t{12} + unsigned{from.month()} - 1 + months;
  const Error beyond(Error::Kind::input, "the date is not in the years 0 to 9999");
  if (month_index < 0 || month_index >= 10000 * 12) throw beyond;
  const year_month target =
      year{static_cast<int>(month_index / 12)} / month{static_cast<unsigned>(month_index % 12 + 1)};
  const auto last = (target / std::chrono::last).day();
  const sys_days date = target / std::min(from.day(), last);
  const Time moved = date + (time - day) + by;
  if (moved < first_day || moved >= last_day + days{1}) throw beyond;
  return moved;
}

void check_range(Time time, const Duration& duration) {
  constexpr seconds limit = days{400 * 365};
  constexpr int month_limit = 400 * 12;
  if (time < first_day || time >= last_day + days{1} || duration.seconds > limit ||
      duration.seconds < -limit || duration.months > month_limit || duration.months < -month_limit)
    throw Error(Error::Kind::input, "the date is not in the years 0 to 9999");
}

}  // namespace

std::string to_date(Time time) {
  const auto c = civil(time);
  return fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
}

std::string to_iso(Time time) {
  const auto s = civil(time).second_of_day;
  return fmt::format("{}T{:02}:{:02}:{:02}Z", to_date(time), s / 3600, s / 60 % 60, s % 60);
}

std::optional<Time> parse_time(std::string_view text) {
  const auto date = parse_date(text.substr(0, std::min<std::size_t>(text.size(), 10)));
  if (!date || text.size() == 10) return date;
  if (text.size() < 12 || text[10] != 'T' || text.back() != 'Z') return std::nullopt;
  const auto clock = parse_clock(text.substr(11, text.size() - 12));
  if (!clock) return std::nullopt;
  return *date + *clock;
}

std::uint64_t to_filetime(Time time) {
  constexpr Time epoch = sys_days{year{1601} / January / 1};
  const Time bounded = std::clamp(time, epoch, Time{last_day} + days{1} - seconds{1});
  return static_cast<std::uint64_t>((bounded - epoch).count()) * 10'000'000;
}

Time add(Time time, const Duration& duration) {
  check_range(time, duration);
  return shifted(time, duration.months, duration.seconds);
}

Time subtract(Time time, const Duration& duration) {
  check_range(time, duration);
  return shifted(time, -std::int64_t{duration.months}, -duration.seconds);
}

}  // namespace sealwright
