#pragma once
// The matrix of a negative lab: one driver package, signed by every signer, broken in every way, on
// machines in every state of trust; what Windows must answer to each, and whether it did.

#include <filesystem>
#include <string>
#include <vector>

#include "base/progress.h"
#include "driver/faults.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

/// What a person at the machine sees.
enum class Dialog {
  none,                ///< It installs without a word.
  publisher_question,  ///< "Would you like to install this device software?"
  refused,             ///< It is refused.
};
std::string_view to_text(Dialog dialog);  ///< "none", "publisher-question", "refused"

/// What Windows must answer.
struct Expectation {
  std::uint32_t signature = 0;  ///< WinVerifyTrust on the catalog.
  std::uint32_t setup = 0;      ///< SetupAPI, when the package is added.
  Dialog dialog = Dialog::none;
  std::vector<std::string> why;  ///< Sentences: what decides, first what decides first.
};

struct MatrixCase {
  std::string name;  ///< "expired--none--full"
  std::string signer;
  driver::Fault fault = driver::Fault::none;
  std::string trust;  ///< A bundle.
  Expectation expected;
};

/// The cases in order. each-once: the first signer without fault in the first state of trust, then
/// every other signer, fault and state of trust by itself; all: every combination. Throws
/// Error::Kind::state for a signer that is not issued yet.
std::vector<MatrixCase> matrix_cases(const Workspace& workspace, const policy::Matrix& matrix);

struct MatrixOptions {
  std::filesystem::path folder;   ///< Must not be there, or be empty.
  std::filesystem::path package;  ///< Instead of the YAML's; may be empty.
  ossl::Random random;
  Clock clock;
  Progress progress;
};
/// Writes a folder per case (package, case.yaml), the states of trust as certificate files, and the
/// scripts that try them on a Windows machine. All or nothing. Returns the cases.
std::vector<MatrixCase> write_matrix(Workspace& workspace, Keys& keys, const policy::Matrix& matrix,
                                     const MatrixOptions& options);

/// A case and what a machine answered to it.
struct MatrixResult {
  std::string name;
  enum class Outcome { as_expected, differs, not_run } outcome = Outcome::not_run;
  std::string machine;                   ///< "Windows 11 24H2, build 26100"; empty: not run.
  std::vector<std::string> differences;  ///< "setup: expected 0xE0000241, was 0xE0000242"
};
struct MatrixReport {
  std::vector<MatrixResult> results;
  /// Something was run, and nothing differs.
  bool passed() const;
};
/// Reads the case.yaml files in `folder` and the results that the scripts wrote to `results` (one
/// JSON file per case and machine). Throws Error::Kind::input with the file's name.
MatrixReport check_matrix(const std::filesystem::path& folder,
                          const std::filesystem::path& results);
std::string to_text(const MatrixReport& report);
Json to_json(const MatrixReport& report);
/// JUnit's XML, as CI servers read it: one test case per case and machine.
std::string to_junit(const MatrixReport& report);

}  // namespace sealwright::workspace
