// Manual pages, held against the programs that read them.

#include <catch2/catch.hpp>

#include "base/file.h"
#include "support.h"

using namespace sealwright;

TEST_CASE("every command has a manual page that formatters read without a word", "[cli]") {
  const test::Scratch scratch;
  REQUIRE(test::run({SEALWRIGHT_PROGRAM, "man", "-o", scratch.path()}).exit_code == 0);
  std::vector<std::string> pages;
  for (const auto& file : std::filesystem::directory_iterator(scratch.path()))
    pages.push_back(file.path());
  CHECK(pages.size() > 15);
  CHECK(std::filesystem::exists(scratch / "sealwright.1"));
  CHECK(std::filesystem::exists(scratch / "sealwright-plan.1"));
  CHECK_FALSE(std::filesystem::exists(scratch / "sealwright-man.1"));
  for (const auto& page : pages) {
    INFO(page);
    if (test::have_program("groff")) {
      const auto ran = test::run({"groff", "-ww", "-z", "-man", "-Kutf8", "-Tutf8", page});
      CHECK(ran.err == "");
      CHECK(ran.exit_code == 0);
    }
    if (test::have_program("mandoc"))
      CHECK(test::run({"mandoc", "-T", "lint", "-W", "error", page}).out == "");
  }
  for (const char* program : {"groff", "mandoc"})
    if (!test::have_program(program))
      WARN("SKIPPED: " + std::string(program) + " is not installed");
}

TEST_CASE("a manual page says what --help says, and lists the words of options", "[cli]") {
  if (!test::have_program("groff")) {
    WARN("SKIPPED: groff is not installed");
    return;
  }
  const auto page = test::run({SEALWRIGHT_PROGRAM, "man", "plan"});
  const auto text = test::run({"groff", "-man", "-Tascii", "-P-cbou"}, page.out).out;
  for (const char* said : {"sealwright-plan - Show what apply would do, and why; changes nothing",
                           "sealwright plan [options]", "--only NAME", "-o, --output FILE",
                           "sealwright plan -o today.plan", "sealwright(1)"})
    CHECK(text.find(said) != std::string::npos);
}
