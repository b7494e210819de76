#include "base/json.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "support.h"

using namespace sealwright;
using namespace std::string_literals;

namespace {

Json sample() {
  return Json::object()
      .set("name", "driver-signing")
      .set("generation", 2)
      .set("size", std::size_t{7})
      .set("active", true)
      .set("ratio", 0.5)
      .set("none", Json())
      .set("files", Json::strings(std::vector<std::string>{"b.sys", "a.inf"}))
      .set("empty", Json::object().set("list", Json::array()).set("object", Json::object()));
}

}  // namespace

TEST_CASE("JSON is printed in the order it was built in", "[json]") {
  CHECK(sample().dump() == R"({
  "name": "driver-signing",
  "generation": 2,
  "size": 7,
  "active": true,
  "ratio": 0.5,
  "none": null,
  "files": [
    "b.sys",
    "a.inf"
  ],
  "empty": {
    "list": [],
    "object": {}
  }
})");
  CHECK(sample().dump(-1) ==
        R"({"name":"driver-signing","generation":2,"size":7,"active":true,"ratio":0.5,"none":null,)"
        R"("files":["b.sys","a.inf"],"empty":{"list":[],"object":{}}})");
  CHECK(Json::parse(sample().dump()) == sample());
  CHECK(Json::parse(sample().dump(-1)) == sample());
}

TEST_CASE("set replaces in place and push appends", "[json]") {
  Json object = Json::object().set("a", 1).set("b", 2);
  object.set("a", "new");
  CHECK(object.dump(-1) == R"({"a":"new","b":2})");
  CHECK(Json::array().push(1).push("x").push(Json()).dump(-1) == R"([1,"x",null])");
  CHECK_THROWS_WITH(Json(1).set("a", 1), "Json::set on an integer");
  CHECK_THROWS_WITH(Json::object().push(1), "Json::push on an object");
}

TEST_CASE("text is escaped, and bytes that are not UTF-8 are replaced", "[json]") {
  CHECK(Json("a\"b\\c\n\x01é\u2028").dump() == "\"a\\\"b\\\\c\\n\\u0001é\u2028\"");
  CHECK(Json("nul\0nul"s).dump() == "\"nul\\u0000nul\"");
  CHECK(Json("a\xff\xc3z").dump() == "\"a\ufffd\ufffdz\"");
  CHECK(Json::object().set("k\xff", 1).dump(-1) == "{\"k\ufffd\":1}");
}

TEST_CASE("numbers keep their value", "[json]") {
  CHECK(Json(std::numeric_limits<std::int64_t>::min()).dump() == "-9223372036854775808");
  CHECK(Json::parse("9223372036854775807").integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(Json::parse("-9223372036854775808").integer() == std::numeric_limits<std::int64_t>::min());
  CHECK(Json::parse("0.1").dump() == "0.1");
  CHECK(Json::parse("1.0").dump() == "1.0");
  CHECK(Json::parse("1.5e3").number() == 1500);
  CHECK(Json::parse("3").number() == 3);
  CHECK(Json(std::nan("")).dump() == "null");
  CHECK_THROWS_WITH(Json::parse("9223372036854775808"),
                    "JSON number 9223372036854775808 is too large");
  CHECK_THROWS_AS(Json::parse("1e999"), Error);
  CHECK_THROWS_AS(Json::parse("-9223372036854775809").integer(), Error);
  CHECK_THROWS_WITH(Json(std::numeric_limits<std::size_t>::max()),
                    "18446744073709551615 is too large for JSON");
}

TEST_CASE("values of another type, and missing ones, are errors", "[json]") {
  const auto json = sample();
  CHECK(json.at("files").items()[1].string() == "a.inf");
  CHECK(json.find("nothing") == nullptr);
  CHECK(Json(1).find("a") == nullptr);
  CHECK_THROWS_WITH(json.at("nothing"), "'nothing' is missing");
  CHECK_THROWS_WITH(json.at("name").integer(), "expected an integer, found text");
  CHECK_THROWS_WITH(json.at("ratio").integer(), "expected an integer, found a number");
  CHECK_THROWS_WITH(json.at("none").boolean(), "expected a boolean, found null");
  CHECK_THROWS_WITH(json.at("generation").string(), "expected text, found an integer");
  CHECK_THROWS_WITH(json.at("name").number(), "expected a number, found text");
  CHECK_THROWS_WITH(json.at("name").items(), "expected a list, found text");
  CHECK_THROWS_WITH(json.items(), "expected a list, found an object");
  CHECK_THROWS_WITH(json.at("active").members(), "expected an object, found a boolean");
}

TEST_CASE("parse refuses what is not exactly one strict JSON value", "[json]") {
  struct Row {
    std::string text;
    const char* message;
  };
  const Row rows[] = {
      {"", "JSON ends too early, at line 1, column 1"},
      {"{", "JSON ends too early, at line 1, column 2"},
      {"[1,]", "not JSON at line 1, column 4, near ']'"},
      {"{\n  \"a\": 1,\n  b\n}", "not JSON at line 3, column 3, near 'b\\x0a}'"},
      {"1 2", "not JSON at line 1, column 3, near '2'"},
      {"[1]\0"s, "not JSON at line 1, column 4, near '\\x00'"},
      {"\"" + std::string(99, 'x') + "\x1b\"", "not JSON at line 1, column 101, near '\\x1b\"'"},
      {"[" + std::string(99, 'x') + "]",
       "not JSON at line 1, column 2, near 'xxxxxxxxxxxxxxxxxxxx…'"},
      {"[-1e999]", "JSON number -1e999 is too large"},
      {"{\"a\":1,\"b\":2,\"a\":3}", "JSON key 'a' is repeated"},
      {"[{\"\":1,\"\":1}]", "JSON key '' is repeated"},
      {"{\"a\":1,\"\\u0061\":2}", "JSON key 'a' is repeated"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.text) {
      CHECK_THROWS_WITH(Json::parse(row.text), row.message);
    }
  for (const auto& bad : {"[1] x"s,       "01"s,
                          "+1"s,          ".5"s,
                          "1."s,          "0x1"s,
                          "NaN"s,         "Infinity"s,
                          "nul"s,         "True"s,
                          "'a'"s,         "{a:1}"s,
                          "[1,2"s,        "\"a"s,
                          "\"\n\""s,      "\"\\x\""s,
                          "\"\\ud800\""s, "\"\\udc00\\ud800\""s,
                          "\"\xff\""s,    "\"\xed\xa0\x80\""s,
                          "// c\n1"s,     "1 /* c */"s,
                          "[1]\0"s,       "\0"s,
                          "{\"a\" 1}"s,   "{\"a\":}"s,
                          "{1:2}"s,       "[,]"s,
                          "]"s,           "}"s,
                          "[}"s}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(Json::parse(bad), Error);
  }
  CHECK(Json::parse(" \"\\ud83d\\ude00\\u0000\" \n").string() == "😀\0"s);
}

TEST_CASE("depth is bounded at 64", "[json]") {
  const auto nested = [](std::size_t depth, const char* open, const char* close) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += open;
    text += "1";
    for (std::size_t i = 0; i < depth; ++i) text += close;
    return text;
  };
  CHECK_NOTHROW(Json::parse(nested(64, "[", "]")));
  CHECK_NOTHROW(Json::parse(nested(64, "{\"a\":", "}")));
  const char* message = "JSON is nested more than 64 levels deep";
  CHECK_THROWS_WITH(Json::parse(nested(65, "[", "]")), message);
  CHECK_THROWS_WITH(Json::parse(nested(65, "{\"a\":", "}")), message);
  CHECK_THROWS_WITH(Json::parse(nested(1'000'000, "[", "]")), message);
}

TEST_CASE("an object of many keys is read in little more than linear time", "[json]") {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  text += "\"k7\":1}";
  CHECK_THROWS_WITH(Json::parse(text), "JSON key 'k7' is repeated");
}

TEST_CASE("python reads what dump writes", "[json]") {
  if (!test::have_program("python3")) {
    WARN("SKIPPED: no python3 program");
    return;
  }
  const auto ran =
      test::run({"python3", "-c",
                 "import json,sys\n"
                 "print(json.dumps(json.load(sys.stdin), ensure_ascii=False, indent=2), end='')"},
                sample().set("odd", "\x7f\u0085\u2028\"\\/").dump());
  CHECK(ran.err.empty());
  CHECK(ran.out == sample().set("odd", "\x7f\u0085\u2028\"\\/").dump());
}
