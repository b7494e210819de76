#include "driver/inf.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"

using namespace sealwright;
using namespace sealwright::driver;
namespace fs = std::filesystem;

namespace {
Inf parse(const std::string& text) { return read_inf(view(text), "test.inf"); }

/// "12 key=a|b" for each entry of [S].
std::vector<std::string> entries(const Inf& inf) {
  std::vector<std::string> shown;
  const auto* section = inf.find("S");
  if (!section) return shown;
  for (const auto& entry : section->entries) {
    auto line = std::to_string(entry.line) + " " + (entry.key ? *entry.key + "=" : "");
    for (std::size_t i = 0; i < entry.values.size(); ++i) line += (i ? "|" : "") + entry.values[i];
    shown.push_back(line);
  }
  return shown;
}
}  // namespace

TEST_CASE("read_inf splits lines as SetupAPI does", "[inf]") {
  const struct {
    const char* name;
    std::string text;
    std::vector<std::string> expected;
  } rows[] = {
      {"key and values", "[S]\nKey = a, b,c", {"2 Key=a|b|c"}},
      {"values without a key", "[S]\nx.sys,,,2", {"2 x.sys|||2"}},
      {"a second = belongs to the value", "[S]\na = b = c", {"2 a=b = c"}},
      {"an = after a comma belongs to the value", "[S]\na, b = c", {"2 a|b = c"}},
      {"a key without value", "[S]\na =", {"2 a="}},
      {"comments", "; first\n[S] ; of a header\na = b ; of a line\n;all of a line", {"3 a=b"}},
      {"a semicolon in quotes is text", "[S]\na = \"b;c\"", {"2 a=b;c"}},
      {"quotes keep blanks, commas and equals signs",
       "[S]\n\" k = \" = \" a, b \"",
       {"2  k = = a, b "}},
      {"doubled quotes are one", "[S]\na = \"say \"\"yes\"\"\"", {"2 a=say \"yes\""}},
      {"quotes within a word", "[S]\na = x\" y \"z", {"2 a=x y z"}},
      {"a quote left open ends with its line", "[S]\na = \"b\nc = d", {"2 a=b", "3 c=d"}},
      {"a line goes on after a backslash", "[S]\na = b, \\\n    c\nd = e", {"2 a=b|c", "4 d=e"}},
      {"and after one with a comment", "[S]\na = b, \\ ; more\nc", {"2 a=b|c"}},
      {"a backslash elsewhere is text", "[S]\na = amd64\\x.sys", {"2 a=amd64\\x.sys"}},
      {"a backslash in quotes ends no line",
       "[S]\na = \"amd64\\\"\nb = c",
       {"2 a=amd64\\", "3 b=c"}},
      {"CRLF, CR and LF", "[S]\r\na = 1\rb = 2\nc = 3", {"2 a=1", "3 b=2", "4 c=3"}},
      {"repeated sections are one, in any case",
       "[S]\na=1\n[T]\nb=2\n[s]\nc=3",
       {"2 a=1", "6 c=3"}},
      {"a quoted section name", "[\"S\"]\na=1", {"2 a=1"}},
      {"text before the first section is passed over", "/*++\n[S]\na=1", {"3 a=1"}},
      {"Control-Z ends the file", "[S]\na=1\n\x1a[S]\nb=2", {"2 a=1"}},
      {"blanks around names", "  [ S ]  \n\ta\t=\t1\t", {"2 a=1"}},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(entries(parse(row.text)) == row.expected);
    }
}

TEST_CASE("read_inf replaces %strings%", "[inf]") {
  const std::string strings =
      "\n[Strings]\nName = \"A, \"\"B\"\"\"\nOnly.Plain = plain\n[Strings.0407]\nName = "
      "\"C\"\nExtra = \"D\"\n";
  const struct {
    const char* name;
    std::string line, expected;
  } rows[] = {
      {"in a value, as one value", "a = %Name%", "2 a=A, \"B\""},
      {"in any case", "a = %nAmE%", "2 a=A, \"B\""},
      {"in a key", "%Name% = a", "2 A, \"B\"=a"},
      {"within a value", "a = x%Only.Plain%y", "2 a=xplainy"},
      {"in quotes", "a = \"x %Only.Plain%\"", "2 a=x plain"},
      {"a locale's own where the plain section has none", "a = %Extra%", "2 a=D"},
      {"two percent signs are one", "a = 100%%", "2 a=100%"},
      {"escaped, an environment variable", "a = %%SystemRoot%%", "2 a=%SystemRoot%"},
      {"folder ids stay", "a = %12%\\x.sys", "2 a=%12%\\x.sys"},
      {"unknown names stay", "a = %Nobody%", "2 a=%Nobody%"},
      {"a lone percent sign stays", "a = 5% and, 6", "2 a=5% and|6"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const auto inf = parse("[S]\n" + row.line + strings);
      CHECK(entries(inf) == std::vector<std::string>{row.expected});
    }
}

TEST_CASE("read_inf tells which strings are not defined, but no folder ids", "[inf]") {
  const auto inf = parse("[S]\na = %12%\\%Nobody%\n");
  REQUIRE(inf.undefined_strings().size() == 1);
  CHECK(inf.undefined_strings()[0].name == "Nobody");
  CHECK(inf.undefined_strings()[0].line == 2);
}

TEST_CASE("read_inf understands the encodings of INFs", "[inf]") {
  const std::string utf8 = "[S]\r\na = \xc3\xa4\r\n";
  const auto with_mark = [](Bytes mark, const Bytes& rest) {
    append(mark, rest);
    return mark;
  };
  const struct {
    Bytes bytes;
    InfEncoding encoding;
  } rows[] = {
      {copy(view(utf8)), InfEncoding::utf8},
      {with_mark({0xef, 0xbb, 0xbf}, copy(view(utf8))), InfEncoding::utf8_bom},
      {with_mark({0xff, 0xfe}, utf16le(utf8)), InfEncoding::utf16le},
      {utf16le(utf8), InfEncoding::utf16le},
      {with_mark({0xfe, 0xff}, utf16be(utf8)), InfEncoding::utf16be},
      {copy(view("[S]\r\na = \xe4\r\n")), InfEncoding::ansi},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(to_text(row.encoding) << " " << row.bytes.size()) {
      const auto inf = read_inf(row.bytes, "test.inf");
      CHECK(inf.encoding() == row.encoding);
      CHECK(entries(inf) == std::vector<std::string>{"2 a=\xc3\xa4"});
    }
}

TEST_CASE("read_inf refuses what is not an INF", "[inf]") {
  const struct {
    const char* name;
    std::string text, message;
  } rows[] = {
      {"a section name left open", "[S]\na=1\n[Open\n",
       "test.inf:3: the section name is not closed"},
      {"NULs", std::string("[S]\na=\0", 7), "test.inf: holds NUL characters: not an INF file"},
      {"a mark and no UTF-8", "\xef\xbb\xbf[S]\na=\xe4",
       "test.inf: has a UTF-8 mark, but is not UTF-8"},
      {"a long field", "[S]\na=" + std::string(4097, 'x'),
       "test.inf:2: a field is longer than 4096 characters"},
      {"strings that explode", "[S]\na=%b%%b%%b%%b%%b%\n[Strings]\nb=" + std::string(4096, 'x'),
       "test.inf:2: strings expand to too much text"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(parse(row.text), row.message);
    }
  CHECK_THROWS_AS(parse("\xff\xfe" + std::string("[\0S", 3)), Error);
  CHECK_THROWS_WITH(read_inf(Bytes(max_inf_bytes + 1, ' '), "test.inf"),
                    "test.inf: larger than 16 MiB: not an INF file");
}

TEST_CASE("read_inf bounds the work that hostile files make", "[inf]") {
  std::string many_expansions = "[Strings]\nb=" + std::string(4096, 'x') + "\n[S]\n";
  while (many_expansions.size() < 200'000) many_expansions += "%b%\n";
  CHECK_THROWS_WITH(parse(many_expansions), Catch::Contains("strings expand to too much text"));
  CHECK_THROWS_WITH(parse("[S]\n" + std::string(2'000'001, ',')),
                    "test.inf:2: has more than 2000000 fields: not an INF file");
}

TEST_CASE("sections and keys are found in any case", "[inf]") {
  const auto inf = parse("[Version]\nClass = Net\nclass = Second\n");
  CHECK(inf.value("VERSION", "CLASS") == "Net");
  CHECK(inf.value("Version", "Nothing").empty());
  CHECK(inf.value("Nothing", "Class").empty());
  CHECK(inf.find("version")->find_all("class").size() == 2);
}

TEST_CASE("every INF of the corpus is read", "[inf]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus of real files");
    return;
  }
  int read = 0;
  std::vector<std::string> with_stray_text;
  for (const auto* folder : {"infs", "drivers"})
    for (const auto& entry : fs::recursive_directory_iterator(*corpus / folder)) {
      const auto extension = ascii_lower(entry.path().extension().native());
      if (extension != ".inf" && extension != ".inx") continue;
      CAPTURE(entry.path());
      const auto inf = read_inf(entry.path());
      CHECK(!inf.sections().empty());
      if (inf.stray_text_line() > 0) with_stray_text.push_back(inf.name());
      ++read;
    }
  CHECK(read > 200);
  // It opens with a comment of C.
  CHECK(with_stray_text ==
        std::vector<std::string>{"Windows-driver-samples__Driver_AudioCodec.inf"});
}
