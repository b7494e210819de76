#pragma once
// Writes a bundle's state in the formats it asks for, each with a README.txt that says who imports
// it, how, how to check and how to undo it.

#include <filesystem>
#include <string>
#include <vector>

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// What the writers know: "gpo", "reg", "registry-pol".
std::vector<std::string> format_names();

/// All files of the bundle: one folder per format, and manifest.json with the state and the SHA-256
/// of each file. The same state gives the same bytes. `state` must be settled. Throws
/// Error::Kind::input for an unknown format.
std::vector<OutputFile> write_formats(const State& state, const std::vector<std::string>& formats);

/// Writes `files` below `folder`, which must not exist yet or be empty: all or nothing (a temporary
/// folder beside it, renamed).
void save(const std::vector<OutputFile>& files, const std::filesystem::path& folder);

/// Whether every file that the manifest.json in `folder` lists is there and has its digest.
bool is_intact(const std::filesystem::path& folder);

}  // namespace sealwright::bundle
