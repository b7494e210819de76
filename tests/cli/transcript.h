#pragma once
// Transcripts: what a person types and what the program answers, as text files.
//
//   # why this transcript exists
//   $ sealwright explain codeSigning
//   what stdout says
//   2> what stderr says
//   [1]            the exit code, where it is not 0
//
// Commands run with a shell, one after the other in one empty folder; $DATA is tests/data. What
// differs between runs stands as <date>, <time>, <thumbprint>, <sha256>, <guid>, <hex>.

#include <filesystem>
#include <string>
#include <vector>

namespace sealwright::test {

/// `text` with dates, digests, GUIDs and folder names replaced by their placeholders.
std::string normalised(const std::string& text, const std::string& folder);

/// Runs the commands of the transcript at `path` and returns it as it should be.
std::string replay(const std::filesystem::path& path);

}  // namespace sealwright::test
