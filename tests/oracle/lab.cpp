#include "lab.h"

#include <catch2/catch.hpp>
#include <fstream>

namespace sealwright::test {
namespace fs = std::filesystem;

Ran run_sealwright(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = {SEALWRIGHT_PROGRAM};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  Ran ran = run(argv);
  std::string line;
  for (const auto& word : arguments) line += " " + word;
  INFO("sealwright" << line << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  return ran;
}

Lab::Lab(const std::string& hierarchy)
    : workspace(scratch / "workspace"), package(scratch / "package") {
  std::ofstream(scratch / "password") << "correct horse\n";
  const bool lab = hierarchy == "driver-lab";
  const std::vector<std::string> unlock =
      lab ? std::vector<std::string>{}
          : std::vector<std::string>{"--passphrase-file", file("password")};
  const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  run_sealwright(with(
      {"init", workspace.string(), "--hierarchy", hierarchy, "--organization", "Test & Co, Inc."},
      lab ? std::vector<std::string>{"--no-passphrase"} : unlock));
  in_workspace(with({"apply", "--yes"}, unlock));
  fs::copy(data() / "sample-driver", package);
  std::vector<std::string> sign = {"package",
                                   "sign",
                                   package.string(),
                                   "--os",
                                   "10_X64,10_GE_X64",
                                   "--description",
                                   "Sample driver",
                                   "--url",
                                   "https://drivers.invalid/"};
  if (lab) {
    in_workspace(with(sign, {"--with", "driver-signing"}));
    return;
  }
  // Its policy wants a timestamp from a public server, which tests do not have: a PFX may do
  // without.
  const std::string pfx = file("signer.pfx");
  in_workspace(with({"export", "driver-signing", "--format", "pfx", "--reason", "test",
                     "--out-password-file", file("password"), "-o", pfx},
                    unlock));
  run_sealwright(
      with(sign, {"--with", pfx, "--password-file", file("password"), "--timestamp", "none"}));
}

Ran Lab::in_workspace(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"-C", workspace.string()});
  return run_sealwright(arguments);
}

std::string Lab::pem(const std::string& name) const {
  const std::string path = file(name + ".pem");
  if (!fs::exists(path)) in_workspace({"export", name, "--format", "pem", "-o", path});
  return path;
}

const Lab& driver_lab() {
  static const Lab lab("driver-lab");
  return lab;
}

bool have(const std::string& program) {
  if (have_program(program)) return true;
  WARN("SKIPPED: " << program << " is not installed");
  return false;
}

}  // namespace sealwright::test
