#pragma once
// Points in time (UTC, whole seconds), durations as people write them, and the clock seam.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sealwright {

/// In the years 0 to 9999, as in certificates; what is beyond is shown as the first or last second
/// of those.
using Time = std::chrono::sys_seconds;

/// The only source of "now"; cli passes the system's, tests their own.
using Clock = std::function<Time()>;

std::string to_iso(Time time);   ///< "2026-11-21T17:36:05Z"
std::string to_date(Time time);  ///< "2026-11-21"
/// "2026-11-21" (00:00 UTC), "2026-11-21T17:36Z", "2026-11-21T17:36:05Z"; nothing for any other
/// text or a date that does not exist.
std::optional<Time> parse_time(std::string_view text);

/// Windows FILETIME: 100 ns since 1601-01-01 UTC; 0 for what is before.
std::uint64_t to_filetime(Time time);

/// A length of time as written: months and years follow the calendar, the rest is seconds.
struct Duration {
  int months = 0;
  std::chrono::seconds seconds{0};
  bool operator==(const Duration&) const = default;
};

/// "30min 12h 90d 8w 18mo 2y" (one or more terms, each with a unit). Throws Error::Kind::input, for
/// "1m" with the hint "minutes: 1min, months: 1mo". At most 100 years.
Duration parse_duration(std::string_view text);
std::string to_text(const Duration& duration);
/// The same day some months on; the last day of the month where that day does not exist; then the
/// seconds. Throws Error::Kind::input where that is outside the years 0 to 9999.
Time add(Time time, const Duration& duration);
Time subtract(Time time, const Duration& duration);

}  // namespace sealwright
