#include "lab.h"

#include <catch2/catch.hpp>
#include <fstream>

namespace sealwright::test {
namespace fs = std::filesystem;

Ran sealwright(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = {SEALWRIGHT_PROGRAM};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  Ran ran = run(argv);
  std::string line;
  for (const auto& word : arguments) line += " " + word;
  INFO("sealwright" << line << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  return ran;
}

Lab::Lab(const std::string& hierarchy, const std::string& signer)
    : workspace(scratch / "lab"), package(scratch / "package") {
  std::ofstream(scratch / "password") << "correct horse\n";
  std::vector<std::string> init = {"init",    workspace.string(), "--hierarchy",
                                   hierarchy, "--organization",   "Test & Co, Inc."};
  if (hierarchy == "driver-lab")
    init.push_back("--no-passphrase");
  else
    init.insert(init.end(), {"--passphrase-file", file("password")});
  sealwright(init);
  const std::vector<std::string> unlock =
      hierarchy == "driver-lab" ? std::vector<std::string>{}
                                : std::vector<std::string>{"--passphrase-file", file("password")};
  const auto in_workspace = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-C", workspace.string()});
    arguments.insert(arguments.end(), unlock.begin(), unlock.end());
    sealwright(arguments);
  };
  in_workspace({"apply", "--yes"});
  fs::copy(data() / "sample-driver", package);
  std::vector<std::string> sign = {
      "package",       "sign",  package.string(),          "--with",
      signer,          "--os",  "10_X64,10_GE_X64",        "--description",
      "Sample driver", "--url", "https://drivers.invalid/"};
  in_workspace(sign);
}

std::string Lab::pem(const std::string& name) const {
  const std::string path = file(name + ".pem");
  if (!fs::exists(path))
    sealwright({"-C", workspace.string(), "export", name, "--format", "pem", "-o", path});
  return path;
}

const Lab& driver_lab() {
  static const Lab lab("driver-lab", "driver-signing");
  return lab;
}

bool have(const std::string& program) {
  if (have_program(program)) return true;
  WARN("SKIPPED: " << program << " is not installed");
  return false;
}

}  // namespace sealwright::test
