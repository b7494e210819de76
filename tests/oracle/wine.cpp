#include "wine.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "lab.h"

namespace sealwright::test {
namespace fs = std::filesystem;
namespace {

/// As Windows programs see the path.
std::string windows_path(const fs::path& path) {
  std::string made = "Z:" + fs::absolute(path).string();
  std::replace(made.begin(), made.end(), '/', '\\');
  return made;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

}  // namespace

Wine::Wine() {
  const auto compiled =
      run({"x86_64-w64-mingw32-gcc", "-municode", "-o", (scratch_ / "windows_trust.exe").string(),
           "tests/oracle/windows_trust.c", "-lcrypt32", "-lwintrust"});
  INFO(compiled.err);
  REQUIRE(compiled.exit_code == 0);
  REQUIRE(in_wine({"wine", "wineboot", "-i"}).exit_code == 0);
}

Wine::~Wine() {
  in_wine({"wineserver", "-k"});
  in_wine({"wineserver", "-w"});  // Its last act is to write the registry into the folder.
}

Ran Wine::in_wine(const std::vector<std::string>& arguments) const {
  // Through files: the machine's services inherit the output and live longer than the program. It
  // shall draw nothing, log nothing, and offer no downloads.
  std::vector<std::string> command = {
      "env",
      "DISPLAY=",
      "WINEDEBUG=-all",
      "WINEDLLOVERRIDES=mscoree,mshtml=",
      "WINEPREFIX=" + (scratch_ / "prefix").string(),
      "sh",
      "-c",
      "timeout 120 \"$@\" >\"$0/out\" 2>\"$0/err\"; code=$?; cat \"$0/out\"; cat \"$0/err\" >&2; "
      "exit $code",
      scratch_.path().string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command);
}

Ran Wine::ask(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {"wine", (scratch_ / "windows_trust.exe").string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  Ran ran = in_wine(command);
  INFO(arguments[0] << " " << arguments[1] << "\n" << ran.err);
  CHECK(ran.exit_code == 0);
  return ran;
}

void Wine::import(const fs::path& reg) const {
  const auto ran = in_wine({"wine", "reg", "import", windows_path(reg)});
  INFO(reg.string() << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
}

std::string Wine::value(const std::string& key, const std::string& name) const {
  const std::string out = in_wine({"wine", "reg", "query", key, "/v", name}).out;
  // The line "    NAME    REG_DWORD    0x23c00".
  const auto type = out.find("    REG_");
  if (type == std::string::npos) return {};
  return first_line(out.substr(out.find_first_not_of(' ', out.find(' ', type + 4))));
}

std::set<std::string> Wine::list(const std::string& where, const std::string& store) const {
  std::istringstream lines(ask({"list", where, where == "file" ? windows_path(store) : store}).out);
  std::set<std::string> thumbprints;
  for (std::string line; std::getline(lines, line);)
    thumbprints.insert(line.substr(0, line.find_first_of(" \r")));
  return thumbprints;
}

std::string Wine::chain(const fs::path& der, const fs::path& others) const {
  return first_line(ask({"chain", windows_path(der), windows_path(others)}).out);
}

std::set<std::string> Wine::pfx(const fs::path& file, const std::string& password) const {
  std::istringstream lines(ask({"pfx", windows_path(file), password}).out);
  std::set<std::string> found;
  for (std::string line; std::getline(lines, line);) found.insert(first_line(line));
  return found;
}

std::string Wine::verify(const fs::path& file) const {
  return first_line(ask({"verify", windows_path(file)}).out);
}

const Wine* wine() {
  for (const char* program : {"wine", "wineserver", "x86_64-w64-mingw32-gcc"})
    if (!have(program)) return nullptr;
  static const Wine machine;
  return &machine;
}

}  // namespace sealwright::test
