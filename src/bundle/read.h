#pragma once
// Reads what somebody imports: files, folders and archives of every format that bundles have, and
// what other tools made. Nothing is executed, and no name in a file is opened that leads out of the
// folder read.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bundle/contents.h"
#include "bundle/output.h"

namespace sealwright::bundle {

/// Everything below one path.
struct Reading {
  std::vector<Contents> imports;     ///< By path.
  std::vector<std::string> skipped;  ///< Files of a folder that put nothing into a store.
  /// Of a bundle of ours: "lab-trust" and its version, as manifest.json says.
  std::string bundle;
  int version = 0;
  /// Of that manifest: files that are missing or are not as written.
  std::vector<Fault> faults;
};

/// Reads a file, a folder with all below it, or a .zip of one. At most 1 GiB in 100,000 files;
/// symbolic links in a folder are skipped. Throws Error::Kind::io, or Error::Kind::input for a file
/// of no known format, or one that is malformed; in a folder those are faults.
Reading read_path(const std::filesystem::path& path);

/// The same of files in memory; `name` is what a single one is called.
Reading read_files(const std::vector<OutputFile>& files);

}  // namespace sealwright::bundle
