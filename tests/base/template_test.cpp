#include "base/template.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace sealwright;
using namespace std::string_literals;

namespace {

Json data() {
  return Json::object()
      .set("name", "lab-root")
      .set("count", 3)
      .set("yes", true)
      .set("no", false)
      .set("nothing", Json())
      .set("blank", "")
      .set("none", Json::array())
      .set("store", Json::object().set("name", "Root").set("deep", Json::object().set("x", "y")))
      .set("files", Json::array()
                        .push(Json::object().set("file", "a.sys").set("last", false))
                        .push(Json::object().set("file", "b.sys").set("last", true)))
      .set("words", Json::array().push("one").push("two").push(3));
}

}  // namespace

TEST_CASE("a template is filled with the data", "[template]") {
  struct Row {
    const char* text;
    const char* rendered;
  };
  const Row rows[] = {
      {"", ""},
      {"no tags } }} { \n", "no tags } }} { \n"},
      {"{{name}} {{ count }} {{yes}} {{no}}", "lab-root 3 true false"},
      {"{{store.name}} {{store.deep.x}}", "Root y"},
      {"{ {{name}} }", "{ lab-root }"},
      {"{{name}}}", "lab-root}"},
      {"{{#yes}}on{{/yes}}{{^yes}}off{{/yes}}", "on"},
      {"{{#no}}on{{/no}}{{^no}}off{{/no}}", "off"},
      {"{{#nothing}}on{{/nothing}}{{^nothing}}off{{/nothing}}", "off"},
      {"{{#blank}}on{{/blank}}{{^blank}}off{{/blank}}", "off"},
      {"{{#none}}on{{/none}}{{^none}}off{{/none}}", "off"},
      {"{{#name}}<{{.}}>{{/name}}", "<lab-root>"},
      {"{{#words}}{{.}} {{/words}}", "one two 3 "},
      {"{{#store}}{{name}} {{count}}{{/store}}", "Root 3"},
      {"{{#files}}{{file}}{{^last}}, {{/last}}{{/files}}", "a.sys, b.sys"},
      {"{{#files}}{{name}}/{{file}} {{/files}}", "lab-root/a.sys lab-root/b.sys "},
      {"a\n{{#files}}\n- {{file}}\n{{/files}}\nz\n", "a\n- a.sys\n- b.sys\nz\n"},
      {"a\r\n  {{#files}}\r\n- {{file}}\r\n  {{/files}}\r\nz\r\n",
       "a\r\n- a.sys\r\n- b.sys\r\nz\r\n"},
      {"a\n{{! a remark }}\nb\n", "a\nb\n"},
      {"a\r\n  {{! two\n lines, {{name}\n }}  \r\nb\r\n", "a\r\nb\r\n"},
      {"{{! first }}\na", "a"},
      {"a\n{{! last }}", "a\n"},
      {"a {{! inside }}b\n", "a b\n"},
      {"{{! one }} {{! two }}\nb", "b"},
      {"{{name}} {{! behind }}\nb", "lab-root \nb"},
      {"a\n {{! before }}{{name}}", "a\n lab-root"},
      {"{{blank}}", ""},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.text) {
      CHECK(render(row.text, data(), Escape::plain) == row.rendered);
    }
}

TEST_CASE("a template with anything doubtful in it is refused", "[template]") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"{{missing}}", "line 1: 'missing' has no value"},
      {"a\n\n{{#files}}\n{{nmae}}{{/files}}", "line 4: 'nmae' has no value"},
      {"{{! one\ntwo }}\n{{nmae}}", "line 3: 'nmae' has no value"},
      {"{{#missing}}{{/missing}}", "line 1: 'missing' has no value"},
      {"{{^missing}}{{/missing}}", "line 1: 'missing' has no value"},
      {"{{store.missing}}", "line 1: 'store.missing' has no value"},
      {"{{name.x}}", "line 1: 'name.x' has no value"},
      {"{{#store}}{{store.deep.z}}{{/store}}", "line 1: 'store.deep.z' has no value"},
      {"{{nothing}}", "line 1: 'nothing' is not text"},
      {"{{files}}", "line 1: 'files' is not text"},
      {"{{store}}", "line 1: 'store' is not text"},
      {"{{.}}", "line 1: '.' is not text"},
      {"\n{{{name}}}", "line 2: unescaped output '{{{' is not allowed"},
      {"{{&name}}", "line 1: unescaped output '{{&' is not allowed"},
      {"{{ & name}}", "line 1: unescaped output '{{&' is not allowed"},
      {"{{>name}}", "line 1: partials are not allowed"},
      {"{{=<% %>=}}", "line 1: other delimiters are not allowed"},
      {"{{name", "line 1: a tag is not closed"},
      {"a\n{{name}", "line 2: a tag is not closed"},
      {"{{}}", "line 1: '' is not a name"},
      {"{{#}}", "line 1: '' is not a name"},
      {"{{a b}}", "line 1: 'a b' is not a name"},
      {"{{a..b}}", "line 1: 'a..b' is not a name"},
      {"{{a.}}", "line 1: 'a.' is not a name"},
      {"{{.a}}", "line 1: '.a' is not a name"},
      {"{{n\x1b}}", "line 1: 'n\\x1b' is not a name"},
      {"{{#yes}}\nx", "line 1: section 'yes' is not closed"},
      {"\n{{/yes}}", "line 2: section 'yes' is not open"},
      {"{{#yes}}{{#no}}{{/yes}}{{/no}}", "line 1: section 'no' is closed by 'yes'"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.text) {
      CHECK_THROWS_WITH(render(row.text, data(), Escape::plain), row.message);
    }
  CHECK_THROWS_WITH(render("", Json(1), Escape::plain), "the data of a template is not an object");
}

TEST_CASE("depth and length are bounded, and time by them", "[template]") {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "{{#yes}}";
    text += "x";
    for (int i = 0; i < depth; ++i) text += "{{/yes}}";
    return text;
  };
  CHECK(render(nested(32), data(), Escape::plain) == "x");
  CHECK_THROWS_WITH(render(nested(33), data(), Escape::plain),
                    "line 1: sections are nested more than 32 levels deep");
  CHECK_THROWS_WITH(render(std::string((1 << 20) + 1, ' '), data(), Escape::plain),
                    "the template is longer than 1 MiB");
  std::string comments(1 << 18, ' ');
  for (int i = 0; i < 100'000; ++i) comments += "{{!}} ";
  CHECK(render(comments + "\nx", data(), Escape::plain) == "x");
}

TEST_CASE("values are escaped for the file they go into, and never read as a template",
          "[template]") {
  struct Row {
    Escape escape;
    std::string value;
    const char* harmless;
  };
  const Row rows[] = {
      {Escape::plain, "a <b> \\ {{name}} \x1b\n\u202e", "a <b> \\ {{name}} \\x1b\\x0a\\u{202e}"},
      {Escape::xml, "<a b=\"c\" d='e'>&amp;\t\r\n\u0085é😀",
       "&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;amp;&#9;&#13;&#10;\u0085é😀"},
      {Escape::reg, "C:\\a \"b\" 'c' ]\t;", "C:\\\\a \\\"b\\\" 'c' ]\t;"},
      {Escape::cmd, "a b.c_d-9 %PATH%&\"^!\r\n\0é\xff"s, "a b.c_d-9 _PATH__________"},
      {Escape::ps, "it's $(x) `n \u2018a\u2019 \u201ab\u201b \"c\"",
       "it''s $(x) `n \u2018\u2018a\u2019\u2019 \u201a\u201ab\u201b\u201b \"c\""},
  };
  for (const Row& row : rows) {
    CHECK(escaped(row.value, row.escape) == row.harmless);
    CHECK(render("[{{v}}]", Json::object().set("v", row.value), row.escape) ==
          "["s + row.harmless + "]");
  }
  CHECK(escaped(std::string(300, 'x'), Escape::plain) == std::string(300, 'x'));
}

TEST_CASE("values a format cannot hold are refused with their place", "[template]") {
  struct Row {
    Escape escape;
    std::string value;
    const char* message;
  };
  const Row rows[] = {
      {Escape::xml, "a\x01", "the value holds \\x01, which XML cannot hold"},
      {Escape::xml, "\0"s, "the value holds \\x00, which XML cannot hold"},
      {Escape::xml, "\uffff", "the value holds \\u{ffff}, which XML cannot hold"},
      {Escape::xml, "\xff", "the value holds \\xff, which XML cannot hold"},
      {Escape::reg, "a\r\nb", "the value holds \\x0d, which a .reg file cannot hold"},
      {Escape::reg, "a\nb", "the value holds \\x0a, which a .reg file cannot hold"},
      {Escape::reg, "\0"s, "the value holds \\x00, which a .reg file cannot hold"},
      {Escape::reg, "\x1a", "the value holds \\x1a, which a .reg file cannot hold"},
      {Escape::reg, "\u2028", "the value holds \\u{2028}, which a .reg file cannot hold"},
      {Escape::reg, "\xc3", "the value holds \\xc3, which a .reg file cannot hold"},
      {Escape::ps, "a\nb", "the value holds \\x0a, which a PowerShell string cannot hold"},
      {Escape::ps, "\0"s, "the value holds \\x00, which a PowerShell string cannot hold"},
      {Escape::ps, "\u0085", "the value holds \\u{0085}, which a PowerShell string cannot hold"},
  };
  for (const Row& row : rows) {
    CHECK_THROWS_WITH(escaped(row.value, row.escape), row.message);
    CHECK_THROWS_WITH(render("\n{{v}}", Json::object().set("v", row.value), row.escape),
                      "line 2: 'v': "s + row.message);
  }
}
