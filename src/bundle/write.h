#pragma once
// Writes a bundle's state in the formats it asks for, each with a README.txt that says who imports
// it, how, how to check and how to undo it.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// What the writers know: "gpo", "reg", "registry-pol" …
std::vector<std::string> format_names();

struct Refusal {
  std::string reason, hint;
};
/// Why this version cannot write what is asked for, though a sealwright.yaml may say it.
std::optional<Refusal> why_not_written(const FormatRequest& request);

/// All files of the bundle: one folder per format, which for "zip" holds such folders in one file,
/// and manifest.json with the state and the SHA-256 of each file. The same state gives the same
/// bytes. `state` must be settled. Throws Error::Kind::input for an unknown format,
/// Error::Kind::policy for one that why_not_written() knows.
std::vector<OutputFile> write_formats(const State& state,
                                      const std::vector<FormatRequest>& formats);

/// Writes `files` below `folder`, which must not exist yet or be empty: all or nothing (a temporary
/// folder beside it, renamed).
void save(const std::vector<OutputFile>& files, const std::filesystem::path& folder);

/// Whether every file that the manifest.json in `folder` lists is there and has its digest.
bool is_intact(const std::filesystem::path& folder);

}  // namespace sealwright::bundle
