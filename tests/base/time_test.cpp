#include "base/time.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "support.h"

using namespace sealwright;
using namespace std::chrono_literals;

namespace {

Time at(const char* text) {
  const auto time = parse_time(text);
  REQUIRE(time);
  return *time;
}

Duration months(int count) { return {count, 0s}; }

}  // namespace

TEST_CASE("a time is read to the day, the minute or the second", "[time]") {
  CHECK(at("1970-01-01") == Time{});
  CHECK(to_iso(at("2026-11-21")) == "2026-11-21T00:00:00Z");
  CHECK(to_iso(at("2026-11-21T17:36Z")) == "2026-11-21T17:36:00Z");
  CHECK(to_iso(at("2026-11-21T17:36:05Z")) == "2026-11-21T17:36:05Z");
  CHECK(to_date(at("2026-11-21T23:59:59Z")) == "2026-11-21");
  CHECK(to_iso(at("0000-01-01")) == "0000-01-01T00:00:00Z");
  CHECK(to_iso(at("9999-12-31T23:59:59Z")) == "9999-12-31T23:59:59Z");
  CHECK(to_iso(at("1969-12-31T23:59:59Z")) == "1969-12-31T23:59:59Z");
  CHECK(to_iso(at("2000-02-29")) == "2000-02-29T00:00:00Z");
}

TEST_CASE("what is not exactly a time is not taken for one", "[time]") {
  for (const char* bad : {"",
                          "2026",
                          "2026-11",
                          "2026-1-1",
                          "26-11-21",
                          "2026/11/21",
                          "2026-11-21 ",
                          " 2026-11-21",
                          "2026-11-31",
                          "2026-02-29",
                          "1900-02-29",
                          "2026-00-01",
                          "2026-13-01",
                          "2026-01-00",
                          "2026-11-21T",
                          "2026-11-21Z",
                          "2026-11-21T17Z",
                          "2026-11-21T17:36",
                          "2026-11-21T17:36:05",
                          "2026-11-21T24:00Z",
                          "2026-11-21T17:60Z",
                          "2026-11-21T17:36:60Z",
                          "2026-11-21T17:36:05+01:00",
                          "2026-11-21 17:36Z",
                          "2026-11-21t17:36z",
                          "2026-11-21T17:36:05.0Z",
                          "2026-11-21T1736Z",
                          "+026-11-21",
                          "2026-+1-21",
                          "-001-01-01",
                          "12026-01-01",
                          "2026-11-21T17:36:05ZZ",
                          "2026-11-21T17:3６Z"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time(bad));
  }
}

TEST_CASE("times agree with date(1)", "[time]") {
  if (!test::have_program("date")) {
    WARN("SKIPPED: no date program");
    return;
  }
  for (const char* text :
       {"1950-03-01T00:00:00Z", "1970-01-01T00:00:01Z", "2000-02-29T12:00:00Z",
        "2038-01-19T03:14:08Z", "2100-02-28T23:59:59Z", "2400-02-29T01:02:03Z"}) {
    const auto seconds = test::run({"date", "-u", "-d", text, "+%s"}).out;
    CHECK(std::to_string(at(text).time_since_epoch().count()) + "\n" == seconds);
  }
}

TEST_CASE("times outside the years of certificates are shown at their edge", "[time]") {
  CHECK(to_iso(Time::max()) == "9999-12-31T23:59:59Z");
  CHECK(to_iso(Time::min()) == "0000-01-01T00:00:00Z");
  CHECK(to_date(Time::max()) == "9999-12-31");
}

TEST_CASE("FILETIME counts 100 ns from 1601", "[time]") {
  CHECK(to_filetime(at("1601-01-01")) == 0);
  CHECK(to_filetime(at("1601-01-01T00:00:01Z")) == 10'000'000);
  CHECK(to_filetime(Time{}) == 116'444'736'000'000'000);
  CHECK(to_filetime(at("2030-01-01")) == 135'379'296'000'000'000);
  CHECK(to_filetime(at("1600-12-31")) == 0);
  CHECK(to_filetime(Time::max()) == to_filetime(at("9999-12-31T23:59:59Z")));
}

TEST_CASE("a duration is one or more numbers with units", "[time]") {
  struct Row {
    const char* text;
    Duration value;
    const char* shown;
  };
  const Row rows[] = {
      {"30min", {0, 30min}, "30min"},
      {"12h", {0, 12h}, "12h"},
      {"90d", {0, 90 * 24h}, "90d"},
      {"8w", {0, 56 * 24h}, "56d"},
      {"18mo", {18, 0s}, "18mo"},
      {"2y", {24, 0s}, "2y"},
      {"1y 6mo 1d 2h 3min", {18, 26h + 3min}, "18mo 1d 2h 3min"},
      {"  1d\t1d  ", {0, 48h}, "2d"},
      {"0d", {0, 0s}, "0min"},
      {"007d", {0, 7 * 24h}, "7d"},
      {"100y", {1200, 0s}, "100y"},
      {"36525d", {0, 36525 * 24h}, "36525d"},
      {"50y 18262d", {600, 18262 * 24h}, "50y 18262d"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.text) {
      const auto duration = parse_duration(row.text);
      CHECK(duration == row.value);
      CHECK(to_text(duration) == row.shown);
      CHECK(parse_duration(row.shown) == duration);
    }
  CHECK(to_text({0, 90s}) == "1min 30s");
  CHECK(to_text({-1, -90s}) == "-1mo -1min -30s");
}

TEST_CASE("what is wrong with a duration is said", "[time]") {
  const char* units = "write a number and a unit: 30min, 12h, 90d, 8w, 18mo, 2y";
  struct Row {
    const char* text;
    const char* message;
    const char* hint;
  };
  const Row rows[] = {
      {"", "a duration is missing", units},
      {" \t", "a duration is missing", units},
      {"1m", "unknown unit 'm' in duration '1m'", "minutes: 1min, months: 1mo"},
      {"2y 18m", "unknown unit 'm' in duration '2y 18m'", "minutes: 18min, months: 18mo"},
      {"90", "duration '90' lacks a unit", units},
      {"90 d", "duration '90 d' lacks a unit", units},
      {"5s", "unknown unit 's' in duration '5s'", units},
      {"3 months", "duration '3 months' lacks a unit", units},
      {"3D", "unknown unit 'D' in duration '3D'", units},
      {"1h30min", "unknown unit 'h30min' in duration '1h30min'", units},
      {"1.5y", "unknown unit '.5y' in duration '1.5y'", units},
      {"soon", "'soon' is not a duration", units},
      {"-1d", "'-1d' is not a duration", units},
      {"+1d", "'+1d' is not a duration", units},
      {"d", "'d' is not a duration", units},
      {"1d\n", "unknown unit 'd\\x0a' in duration '1d\\x0a'", units},
      {"101y", "duration '101y' is longer than 100 years", ""},
      {"36526d", "duration '36526d' is longer than 100 years", ""},
      {"100y 1min", "duration '100y 1min' is longer than 100 years", ""},
      {"60y 60y", "duration '60y 60y' is longer than 100 years", ""},
      {"50y 18263d", "duration '50y 18263d' is longer than 100 years", ""},
      {"99999999999999999999min", "duration '99999999999999999999min' is longer than 100 years",
       ""},
      {"1000000000y", "duration '1000000000y' is longer than 100 years", ""},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.text) {
      try {
        parse_duration(row.text);
        FAIL("accepted");
      } catch (const Error& error) {
        CHECK(error.kind == Error::Kind::input);
        CHECK(error.message == row.message);
        CHECK(error.hint == row.hint);
      }
    }
}

TEST_CASE("a duration of any length is refused without delay", "[time]") {
  std::string terms;
  for (int i = 0; i < 100'000; ++i) terms += "1min ";
  CHECK(parse_duration(terms).seconds == 100'000min);
  CHECK_THROWS_AS(parse_duration(std::string(1 << 20, '9') + "d"), Error);
  CHECK_THROWS_AS(parse_duration("1" + std::string(1 << 20, 'x')), Error);
}

TEST_CASE("months keep the day, or end at the last of the month", "[time]") {
  struct Row {
    const char* from;
    Duration by;
    const char* later;
  };
  const Row rows[] = {
      {"2026-01-31T10:00Z", months(1), "2026-02-28T10:00:00Z"},
      {"2028-01-31", months(1), "2028-02-29T00:00:00Z"},
      {"2028-02-29", months(12), "2029-02-28T00:00:00Z"},
      {"2028-02-29", months(48), "2032-02-29T00:00:00Z"},
      {"2026-12-15", months(1), "2027-01-15T00:00:00Z"},
      {"2026-08-31", months(18), "2028-02-29T00:00:00Z"},
      {"2026-01-31", {1, 24h}, "2026-03-01T00:00:00Z"},
      {"1960-01-31T23:59:59Z", months(1), "1960-02-29T23:59:59Z"},
      {"2026-03-29T01:30Z", {0, 24h}, "2026-03-30T01:30:00Z"},
  };
  for (const Row& row : rows) CHECK(to_iso(add(at(row.from), row.by)) == row.later);
  CHECK(to_iso(subtract(at("2026-03-31"), months(1))) == "2026-02-28T00:00:00Z");
  CHECK(to_iso(subtract(at("2026-01-15"), months(1))) == "2025-12-15T00:00:00Z");
  CHECK(to_iso(subtract(at("2026-01-01"), months(13))) == "2024-12-01T00:00:00Z");
  CHECK(to_iso(subtract(at("1970-01-01"), {0, 1s})) == "1969-12-31T23:59:59Z");
}

TEST_CASE("time arithmetic ends with the year 9999", "[time]") {
  const char* message = "the date is not in the years 0 to 9999";
  CHECK(to_iso(add(at("9999-11-30"), months(1))) == "9999-12-30T00:00:00Z");
  CHECK_THROWS_WITH(add(at("9999-12-01"), months(1)), message);
  CHECK_THROWS_WITH(add(at("9999-12-31T23:59:59Z"), {0, 1s}), message);
  CHECK_THROWS_WITH(subtract(at("0000-01-01"), {0, 1s}), message);
  CHECK_THROWS_WITH(subtract(at("0000-01-31"), months(1)), message);
  CHECK_THROWS_WITH(add(Time::max(), months(1)), message);
  CHECK_THROWS_WITH(subtract(Time::min(), months(1)), message);
  CHECK_THROWS_WITH(add(Time{}, {0, std::chrono::seconds::max()}), message);
  CHECK_THROWS_WITH(subtract(Time{}, {0, std::chrono::seconds::min()}), message);
  CHECK_THROWS_WITH(subtract(Time{}, {std::numeric_limits<int>::min(), 0s}), message);
}
