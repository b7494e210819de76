// What is refused in any YAML file, and how it is shown.

#include "policy/tree.h"

#include <catch2/catch.hpp>
#include <chrono>

namespace sealwright::policy {
namespace {

Error refusal(const std::string& text) {
  try {
    parse_document(text, "x.yaml");
  } catch (const Error& error) {
    return error;
  }
  FAIL("accepted: " << text.substr(0, 80));
  return Error(Error::Kind::internal, "");
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}
}  // namespace

TEST_CASE("a document keeps values, order and places", "[policy]") {
  const auto document = parse_document(
      "\xef\xbb\xbf# head\r\nname: 'it''s'\r\nlist: [a, b,]\r\nempty:\r\nnested: {\"k\": ~}\r\n",
      "x.yaml");
  const auto& root = document->root;
  REQUIRE(root.type == Node::Type::map);
  REQUIRE(root.members.size() == 4);
  CHECK(root.find("name")->value == "it's");
  CHECK(root.find("name")->quoted);
  CHECK(to_text(root.find("name")->place()) == "x.yaml:2:7");
  REQUIRE(root.find("list")->items.size() == 2);
  CHECK_FALSE(root.find("list")->items[1].quoted);
  CHECK(to_text(root.find("list")->items[1].place()) == "x.yaml:3:11");
  CHECK(root.find("empty")->type == Node::Type::null);
  CHECK(to_text(root.find("empty")->place()) == "x.yaml:4:1");
  CHECK(root.find("nested")->find("k")->type == Node::Type::null);
  CHECK(root.find("nothing") == nullptr);
}

TEST_CASE("columns count characters, not bytes", "[policy]") {
  const auto document = parse_document("größe: [ä, ö]\n", "x.yaml");
  CHECK(to_text(document->root.find("größe")->items[1].place()) == "x.yaml:1:12");
}

TEST_CASE("block scalars and anchors of words in text are text", "[policy]") {
  const auto document = parse_document("a: |\n  &x *y !z\n  %d\nb: 'a & b'\n", "x.yaml");
  CHECK(document->root.find("a")->value == "&x *y !z\n%d\n");
  CHECK(document->root.find("b")->value == "a & b");
}

TEST_CASE("what YAML or yaml-cpp lets pass is refused with its place", "[policy]") {
  struct Row {
    const char* name;
    std::string text;
    const char* message;
    const char* hint;
  };
  const Row rows[] = {
      {"an empty file", "", "x.yaml:1:1: the file says nothing", ""},
      {"only a comment", "# nothing\n", "x.yaml:1:1: the file says nothing", ""},
      {"a double quote never closed", "a: \"b\nc: d\n", "x.yaml:1:4: this quote is never closed",
       ""},
      {"a single quote never closed", "a: 'it''s\n", "x.yaml:1:4: this quote is never closed", ""},
      {"a quote closed by an escaped one", "a: \"b\\\"\n", "x.yaml:1:4: this quote is never closed",
       ""},
      {"a quote in a list never closed", "a: [\"b]\n", "x.yaml:1:5: this quote is never closed",
       ""},
      {"a tab that indents", "a:\n \tb: c\n", "x.yaml:2:2: a tab cannot indent",
       "indent with spaces"},
      {"text after the end", "a: b\n...\nc: d\n",
       "x.yaml:3:1: text after the end of the document ('...')", ""},
      {"a second document", "a: b\n---\nc: d\n", "x.yaml:2:1: a second document begins here",
       "a file holds one document"},
      {"a second document without a mark", "\"a\":b\n",
       "x.yaml:1:4: this does not belong to what is above it",
       "check the quotes and the indentation"},
      {"a directive", "%YAML 1.2\n---\na: b\n", "x.yaml:1:1: directives are not supported", ""},
      {"an anchor", "a: &b c\n", "x.yaml:1:4: anchors are not supported",
       "write the value of '&b' out where it is used"},
      {"an alias", "a: *b\n", "x.yaml:1:4: aliases are not supported", "write the value out"},
      {"an alias of itself", "a: &b [*b]\n", "x.yaml:1:4: anchors are not supported",
       "write the value of '&b' out where it is used"},
      {"a tag", "a: !!str b\n", "x.yaml:1:4: tags are not supported",
       "remove the word that begins with '!'"},
      {"an empty tag", "a: ! b\n", "x.yaml:1:4: tags are not supported",
       "remove the word that begins with '!'"},
      {"a tagged list", "a: !x []\n", "x.yaml:1:4: tags are not supported",
       "remove the word that begins with '!'"},
      {"a key given twice", "a: b\nc: d\na: b\n", "x.yaml:3:1: 'a' is given twice",
       "it is given in line 1 already"},
      {"a key given twice in braces", "{a: b, \"a\": c}\n", "x.yaml:1:8: 'a' is given twice",
       "it is given in line 1 already"},
      {"a key that is a list", "? [a]\n: b\n", "x.yaml:1:3: a field name must be plain text", ""},
      {"a key that is not there", "a: b\n: c\n", "x.yaml:2:1: a field name is missing here", ""},
      {"two commas", "a: [1,,3]\n", "x.yaml:1:7: a list entry is missing here",
       "remove the ',' or '-' too many"},
      {"a comma at the beginning", "a: [,1]\n", "x.yaml:1:5: a list entry is missing here",
       "remove the ',' or '-' too many"},
      {"a dash too many", "a:\n  - b\n  -\n", "x.yaml:4:1: a list entry is missing here",
       "remove the ',' or '-' too many"},
      {"a list never closed", "a: [b", "x.yaml:1:4: this '[' is not closed", ""},
      {"a mapping never closed", "a: {b: c\n", "x.yaml:1:4: this '{' is not closed", ""},
      {"a list closed too late", "a: [b\nc: d\n", "x.yaml:2:2: expected ',' or ']'",
       "is the '[' in line 1 closed?"},
      {"a bracket too many", "a: ]\n", "x.yaml:1:4: this closes nothing that is open", ""},
      {"a colon too many", "a: b: c\n", "x.yaml:1:5: ':' is not expected here",
       "put quotes round text that holds ': ', or check the indentation"},
      {"a field indented too far", "a: b\n  c: d\n", "x.yaml:2:4: ':' is not expected here",
       "put quotes round text that holds ': ', or check the indentation"},
      {"text behind a quote", "a: 'b' c\n", "x.yaml:1:8: this is not expected here",
       "check the quotes and the indentation"},
      {"a value that begins with @", "a: @b\n",
       "x.yaml:1:4: a value cannot begin with this character", "put quotes round the value"},
      {"an unknown escape", "a: \"\\q\"\n",
       "x.yaml:1:7: not valid YAML (unknown escape character: q)", ""},
      {"bytes that are not UTF-8", "a: b\xff\n", "x.yaml:1:5: this is not UTF-8",
       "save the file as UTF-8"},
      {"a surrogate in UTF-8", "a: \xed\xa0\x80\n", "x.yaml:1:4: this is not UTF-8",
       "save the file as UTF-8"},
      {"UTF-16",
       std::string("\xff\xfe"
                   "a\0",
                   4),
       "x.yaml:1:1: this is not UTF-8", "save the file as UTF-8"},
      {"a NUL", std::string("a: b\0", 5), "x.yaml:1:5: control characters are not allowed", ""},
      {"a carriage return alone", "a: b\rc: d\n", "x.yaml:1:5: control characters are not allowed",
       ""},
      {"depth over 32", "a: " + repeated("[", 40) + repeated("]", 40),
       "x.yaml:1:35: nested deeper than 32 levels", ""},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const auto error = refusal(row.text);
      CHECK(error.message == row.message);
      CHECK(error.hint == row.hint);
      CHECK(error.kind == Error::Kind::input);
    }
}

TEST_CASE("an error shows its line with a caret", "[policy]") {
  CHECK(refusal("version: 1\nname: &x a\n").excerpt ==
        "     2 | name: &x a\n"
        "       |       ^");
  SECTION("below the character, whatever the width of its bytes") {
    CHECK(refusal("größe: &x a\n").excerpt ==
          "     1 | größe: &x a\n"
          "       |        ^");
  }
  SECTION("what does not print is replaced, cell by cell") {
    CHECK(refusal("a:\t&x \x01\n").excerpt ==
          "     1 | a: &x ?\n"
          "       |       ^");
  }
  SECTION("of a long line only the part around it") {
    const auto excerpt = refusal("a: [" + repeated("b, ", 100) + "&x c]").excerpt;
    CHECK(excerpt.size() < 250);
    CHECK(excerpt.find("&x c]") - excerpt.find("| ") == excerpt.size() - excerpt.rfind("| ") - 1);
  }
}

TEST_CASE("more than 1 MiB of YAML is refused", "[policy]") {
  CHECK(refusal(std::string(max_yaml_bytes + 1, '#')).message == "x.yaml is longer than 1 MiB");
}

TEST_CASE("hostile YAML takes no more time than its size", "[policy]") {
  const std::string texts[] = {
      repeated("[", 250000),
      repeated("- ", 125000),
      repeated("{a: ", 250000),
      repeated("? ", 125000),
      repeated(",", 250000),
      repeated("&a ", 75000),
      repeated("a\n", 125000),
      repeated("!", 250000),
      "a: [" + repeated("b,", 125000) + "]",
      repeated("\"", 250000),
      repeated("'", 250000),
      "[" + repeated("a: 1, ", 40000) + "]",
      repeated(": ", 125000),
      repeated("a: |\n", 50000),
      "{" + repeated("a ", 100000),
      repeated("\"\\", 125000),
      "a: " + repeated("\"\" ", 75000),
  };
  for (const auto& text : texts) {
    const auto start = std::chrono::steady_clock::now();
    try {
      parse_document(text, "x.yaml");
    } catch (const Error&) {
      // Most are no YAML; what counts is that an answer comes.
    }
    INFO(text.substr(0, 12));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  }
}

}  // namespace sealwright::policy
