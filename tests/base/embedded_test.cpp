#include "base/embedded.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/bytes.h"
#include "base/file.h"
#include "support.h"

using namespace sealwright;
namespace fs = std::filesystem;

TEST_CASE("the program holds the files of ca, policies and templates as they are", "[embedded]") {
  std::size_t on_disk = 0;
  for (const char* folder : {"ca", "policies", "templates"}) {
    if (!fs::exists(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      if (folder != std::string("templates") && entry.path().extension() != ".yaml") continue;
      const auto content = embedded_file(entry.path().string());
      CAPTURE(entry.path());
      REQUIRE(content);
      CHECK(*content == read_text(entry.path()));
      ++on_disk;
    }
  }
  const auto files = embedded_files();
  CHECK(files.size() == on_disk);
  CHECK(std::is_sorted(files.begin(), files.end(),
                       [](const auto& a, const auto& b) { return a.path < b.path; }));
  CHECK_FALSE(embedded_file("policies/nothing.yaml"));
  CHECK_FALSE(embedded_file(""));
}

TEST_CASE("embed.cmake keeps every byte of any file", "[embedded]") {
  if (!test::have_program("cmake") || !test::have_program("c++")) {
    WARN("SKIPPED: no cmake or c++ program");
    return;
  }
  const test::Scratch scratch;
  Bytes every_byte;
  for (int i = 0; i < 70'000; ++i) every_byte.push_back(static_cast<std::uint8_t>(i ^ i >> 8));
  write_file(scratch / "templates/every byte.bin", every_byte);
  write_file(scratch / "templates/empty", {});
  write_file(scratch / "templates/text", view("a;b [c] ${d} \"e\" \\f\n"));
  write_file(scratch / "list", view("templates/empty\ntemplates/every byte.bin\ntemplates/text\n"));
  write_file(scratch / "main.cpp", view(R"(#include <cstdio>
#include <string>
#include "base/embedded.h"
int main() {
  for (const auto& file : sealwright::embedded_files()) {
    std::printf("%s %zu\n", std::string(file.path).c_str(), file.content.size());
    std::fwrite(file.content.data(), 1, file.content.size(), stdout);
  }
})"));
  const auto root = scratch.path().string();
  const auto made = test::run({"cmake", "-DROOT=" + root, "-DLIST=" + root + "/list",
                               "-DOUTPUT=" + root + "/out.cpp", "-P", "src/base/embed.cmake"});
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  const auto built =
      test::run({"c++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Isrc",
                 root + "/out.cpp", root + "/main.cpp", "-o", root + "/program"});
  INFO(built.err);
  REQUIRE(built.exit_code == 0);
  const bool as_they_were = test::run({root + "/program"}).out ==
                            "templates/empty 0\ntemplates/every byte.bin 70000\n" +
                                text(every_byte) + "templates/text 20\na;b [c] ${d} \"e\" \\f\n";
  CHECK(as_they_were);
}
