#pragma once
// A driver-lab workspace with everything in it, made once by the program itself through its command
// line.

#include <filesystem>
#include <string>

#include "support.h"

namespace sealwright::test {

/// Runs the program; fails the test unless it exits with 0.
Ran run_sealwright(const std::vector<std::string>& arguments);

struct Lab {
  explicit Lab(const std::string& hierarchy);
  Scratch scratch;
  std::filesystem::path workspace, package;
  /// The exported PEM of a certificate; made when first asked for.
  std::string pem(const std::string& name) const;
  /// Runs the program with -C workspace; fails the test unless it exits with 0.
  Ran in_workspace(std::vector<std::string> arguments) const;
  std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
};
/// root → issuing → driver-signing, timestamping; the sample driver signed.
const Lab& driver_lab();

/// True unless `program` is missing, which it says.
bool have(const std::string& program);

}  // namespace sealwright::test
