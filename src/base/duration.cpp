// The part of base/time.h that reads and writes lengths of time.

#include <fmt/core.h>

#include "base/encoding.h"
#include "base/error.h"
#include "base/time.h"

namespace sealwright {
namespace {
using std::chrono::seconds;

struct Unit {
  std::string_view name;
  int months;
  std::int64_t seconds;
};

constexpr Unit units[] = {
    {"min", 0, 60},      {"h", 0, 3600}, {"d", 0, 86400},
    {"w", 0, 7 * 86400}, {"mo", 1, 0},   {"y", 12, 0},
};
constexpr const char* unit_hint = "write a number and a unit: 30min, 12h, 90d, 8w, 18mo, 2y";

constexpr std::int64_t max_months = 100 * 12;
constexpr std::int64_t max_seconds = 36525 * std::int64_t{86400};  // 100 years of 365.25 days

[[noreturn]] void fail(const std::string& message, std::string hint = {}) {
  throw Error(Error::Kind::input, message, std::move(hint));
}

[[noreturn]] void fail_too_long(std::string_view text) {
  fail("duration '" + printable(text) + "' is longer than 100 years");
}

const Unit& find_unit(std::string_view text, std::string_view number, std::string_view name) {
  for (const auto& unit : units)
    if (unit.name == name) return unit;
  const auto shown = printable(text);
  if (name.empty()) fail("duration '" + shown + "' lacks a unit", unit_hint);
  if (name == "m")
    fail("unknown unit 'm' in duration '" + shown + "'",
         fmt::format("minutes: {0}min, months: {0}mo", printable(number, 20)));
  fail("unknown unit '" + printable(name, 20) + "' in duration '" + shown + "'", unit_hint);
}

/// Below 10^9, far beyond any duration allowed, so that sums and products cannot overflow.
std::int64_t parse_number(std::string_view text, std::string_view number) {
  std::int64_t value = 0;
  for (const char c : number) {
    value = value * 10 + (c - '0');
    if (value >= 1'000'000'000) fail_too_long(text);
  }
  return value;
}

}  // namespace

Duration parse_duration(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  std::int64_t months = 0, length = 0;
  bool any = false;
  for (std::size_t at = text.find_first_not_of(blanks); at < text.size();
       at = text.find_first_not_of(blanks, at)) {
    const auto term_end = std::min(text.find_first_of(blanks, at), text.size());
    const auto term = text.substr(at, term_end - at);
    const auto number = term.substr(0, std::min(term.find_first_not_of("0123456789"), term.size()));
    if (number.empty()) fail("'" + printable(text) + "' is not a duration", unit_hint);
    const auto& unit = find_unit(text, number, term.substr(number.size()));
    const auto value = parse_number(text, number);
    months += value * unit.months;
    length += value * unit.seconds;
    if (months > max_months || length > max_seconds) fail_too_long(text);
    any = true;
    at = term_end;
  }
  if (!any) fail("a duration is missing", unit_hint);
  if (months * max_seconds + length * max_months > max_months * max_seconds) fail_too_long(text);
  return {static_cast<int>(months), seconds{length}};
}

std::string to_text(const Duration& duration) {
  std::string result;
  const auto term = [&](std::int64_t value, const char* unit) {
    if (value != 0) result += fmt::format("{}{}{}", result.empty() ? "" : " ", value, unit);
  };
  const bool whole_years = duration.months % 12 == 0;
  term(whole_years ? duration.months / 12 : duration.months, whole_years ? "y" : "mo");
  const auto s = duration.seconds.count();
  term(s / 86400, "d");
  term(s / 3600 % 24, "h");
  term(s / 60 % 60, "min");
  term(s % 60, "s");
  return result.empty() ? "0min" : result;
}

}  // namespace sealwright
