#include "compat/flags.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "compat/tool.h"

using namespace sealwright;
using compat::CommandLine;
using Lines = std::vector<std::string>;

namespace {

constexpr compat::Flag table[] = {
    {"sv", "FILE", "A key"},
    {"r", "", "Self-signed"},
    {"pi", "PASSWORD", "Of a key", true},
    {"p12", "FILE PASSWORD", "A file and its password", true},
    {"$", "TYPE", "Of publisher"},
    {"--explain", "", "One of ours"},
};

/// Reads `words`, which stay readable afterwards, as argv does.
CommandLine read(Lines& words) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  return compat::read_words(table, arguments);
}

}  // namespace

TEST_CASE("a word is a flag only if the table has the whole of it", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    Lines files;
    const char* key;  ///< Value of sv, or "".
    bool self_signed;
  };
  const Row rows[] = {
      {"nothing", {}, {}, "", false},
      {"a dash", {"-sv", "a.pvk", "out.cer"}, {"out.cer"}, "a.pvk", false},
      {"a slash", {"/sv", "a.pvk", "out.cer"}, {"out.cer"}, "a.pvk", false},
      {"any case", {"/SV", "a.pvk", "-R"}, {}, "a.pvk", true},
      {"a path that begins like a flag",
       {"/r/out.cer", "/sv.cer"},
       {"/r/out.cer", "/sv.cer"},
       "",
       false},
      {"a path of a folder at the root", {"/home/u/out.cer"}, {"/home/u/out.cer"}, "", false},
      {"a flag behind the files", {"out.cer", "-r"}, {"out.cer"}, "", true},
      {"a lone dash and a lone slash", {"-", "/"}, {"-", "/"}, "", false},
      {"a value that looks like an unknown flag", {"-sv", "-strange"}, {}, "-strange", false},
      {"an empty word", {""}, {""}, "", false},
      {"an empty value", {"-sv", ""}, {}, "", false},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      Lines words = row.words;
      const auto line = read(words);
      CHECK(line.files() == row.files);
      CHECK(line.value_or("sv", "") == row.key);
      CHECK(line.has("r") == row.self_signed);
    }
}

TEST_CASE("a password is overwritten whatever else is wrong", "[compat]") {
  const std::vector<Lines> lines = {
      {"-nonsense", "-pi", "geheim"}, {"-pi=geheim", "-pvk", "a"}, {"-po", "geheim", "-pvk"}};
  for (auto words : lines) {
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    const auto* tool = compat::find_tool("pvk2pfx");
    try {
      compat::read_words(tool->flags, argv);
      FAIL("nothing was refused");
    } catch (const Error& error) {
      CHECK(error.message.find("geheim") == std::string::npos);
      CHECK(error.hint.find("geheim") == std::string::npos);
    }
    for (const auto& word : words) CHECK(word.find("geheim") == std::string::npos);
  }
}

TEST_CASE("what the table does not have, or has no value for, is refused with a reason",
          "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    const char* message;
    const char* hint;
  };
  const Row rows[] = {
      {"a slip", {"-svv", "a"}, "unknown option '-svv'", "did you mean '-sv'?"},
      {"a file that begins with a dash",
       {"-zzzz.cer"},
       "unknown option '-zzzz.cer'",
       "a file of that name is written ./-zzzz.cer"},
      {"a dash of a word processor",
       {"\u2013r"},
       "'\u2013r' begins with a dash of a word processor",
       "write -r"},
      {"ours with one dash",
       {"-explain"},
       "unknown option '-explain'",
       "did you mean '--explain'?"},
      {"no value at the end", {"-sv"}, "'-sv' needs FILE behind it", ""},
      {"the next flag instead of the value",
       {"-sv", "-r", "out.cer"},
       "'-sv' needs FILE behind it",
       "'-r' is an option itself"},
      {"one of two values", {"-p12", "a.p12"}, "'-p12' needs FILE PASSWORD behind it", ""},
      {"twice", {"-r", "/R"}, "'-r' is given twice", ""},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      Lines words = row.words;
      try {
        read(words);
        FAIL("no error was thrown");
      } catch (const Error& error) {
        CHECK(error.kind == Error::Kind::usage);
        CHECK(error.message == row.message);
        CHECK(error.hint == row.hint);
      }
    }
}

TEST_CASE("a password is read once and overwritten where it stood", "[compat]") {
  Lines words = {"-pi", "secret", "-p12", "a.p12", "other", "out.cer"};
  const auto line = read(words);
  CHECK(line.has_secret());
  CHECK(line.secret("pi")->text() == "secret");
  CHECK(line.secret("p12")->text() == "other");
  CHECK(line.values("p12") == Lines{"a.p12"});
  CHECK(line.files() == Lines{"out.cer"});
  CHECK(words == Lines{"-pi", "******", "-p12", "a.p12", "*****", "out.cer"});
  CHECK_FALSE(line.value("pi"));
}

TEST_CASE("a flag remembers how many files stood before it", "[compat]") {
  Lines words = {"-r", "a.cer", "-sv", "k.pvk", "b.cer", "-$", "x"};
  const auto line = read(words);
  CHECK(line.files_before("r") == 0);
  CHECK(line.files_before("sv") == 1);
  CHECK(line.files_before("$") == 2);
}

TEST_CASE("no tool has a word twice, and each names itself", "[compat]") {
  for (const auto& tool : compat::tools()) {
    CAPTURE(tool.name);
    CHECK(compat::find_tool("/usr/lib/sealwright/" + std::string(tool.name)) == &tool);
    CHECK(compat::find_tool(std::string(tool.name) + ".EXE") == &tool);
    for (std::size_t i = 0; i < tool.flags.size(); ++i) {
      CAPTURE(tool.flags[i].name);
      CHECK_FALSE(tool.flags[i].help.empty());
      for (std::size_t j = 0; j < i; ++j) CHECK(tool.flags[i].name != tool.flags[j].name);
      CHECK(compat::help_text(tool).find(tool.flags[i].name) != std::string::npos);
    }
  }
}
