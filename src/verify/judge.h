#pragma once
// Judges one file, or a driver package as a whole, as Windows would.

#include <filesystem>
#include <vector>

#include "base/progress.h"
#include "base/windows_version.h"
#include "trust/stores.h"
#include "verify/report.h"

namespace sealwright::verify {

/// What Windows is going to do with it.
enum class Use {
  app,     ///< Run it (WinVerifyTrust, WINTRUST_ACTION_GENERIC_VERIFY_V2).
  driver,  ///< Install it as a driver package (SetupAPI): TrustedPublisher and OSAttr count too.
  kernel,  ///< Load it into the kernel (Code Integrity): only Microsoft's roots count.
};
std::string_view to_text(Use use);  ///< "app", "driver", "kernel"

struct Question {
  Use use = Use::app;
  std::vector<const WindowsTarget*> os;  ///< Empty: whatever holds for every version.
  trust::Machine machine;
  Time now{};
  Progress progress;
};

/// Judges the driver package in `folder`: that every INF names a catalog, the catalog is there,
/// signed and trusted, lists the INF and every file it installs, and is for each Windows version of
/// `question.os`; and the signatures that its binaries carry. Verdicts: the package first, then its
/// catalogs, then its files. The use `app` is taken as `driver`.
///
/// A folder that cannot be read is a verdict with an exit code of its own.
Report judge_package(const std::filesystem::path& folder, const Question& question);

/// Judges the signatures of one PE or catalog. In order: structure, digest of the file, signature,
/// the signer's certificate, timestamps, the chain at the time that counts, and what `question.use`
/// demands besides. Every check is made that can be; the first that failed decides.
///
/// A file that cannot be read, or is of a kind without signatures, is a verdict with an exit code
/// of its own.
Verdict judge_file(const std::filesystem::path& path, const Question& question);

}  // namespace sealwright::verify
