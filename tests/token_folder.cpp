#include "token_folder.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

namespace sealwright::test {

namespace fs = std::filesystem;

std::string softhsm() {
  for (const char* path : {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"})
    if (fs::exists(path) && have_program("softhsm2-util") && have_program("pkcs11-tool"))
      return path;
  WARN("SKIPPED: softhsm2 or opensc is not installed");
  return {};
}

TokenFolder::TokenFolder() {
  fs::create_directory(scratch_ / "tokens");
  std::ofstream(scratch_ / "softhsm2.conf")
      << "directories.tokendir = " << file("tokens") << "\nobjectstore.backend = file\n";
  setenv("SOFTHSM2_CONF", file("softhsm2.conf").c_str(), 1);
}

TokenFolder::~TokenFolder() { unsetenv("SOFTHSM2_CONF"); }

std::string TokenFolder::add(const std::string& label) const {
  const Ran made = run({"softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin",
                        "87654321", "--pin", pin});
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  // The newest token stands last among the serial numbers of this label.
  const Ran shown = run({"softhsm2-util", "--show-slots"});
  std::string serial;
  std::size_t at = 0;
  while ((at = shown.out.find("Serial number:", at)) != std::string::npos) {
    at += std::string("Serial number:").size();
    const std::string line = shown.out.substr(at, shown.out.find('\n', at) - at);
    const auto first = line.find_first_not_of(' ');
    if (first != std::string::npos) serial = line.substr(first);
  }
  return serial;
}

Ran TokenFolder::tool(const std::string& label, const std::vector<std::string>& words) const {
  std::vector<std::string> argv = {"pkcs11-tool", "--module", softhsm(), "--token-label",
                                   label,         "--login",  "--pin",   pin};
  argv.insert(argv.end(), words.begin(), words.end());
  Ran ran = run(argv);
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  return ran;
}

}  // namespace sealwright::test
