#pragma once
// Driver packages for tests, written out file by file.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "driver/package.h"
#include "support.h"

namespace sealwright::test {

/// Writes `content` into `folder` under a relative path; folders are made, a file that is there
/// replaced.
void put(const std::filesystem::path& folder, const std::string& name, const std::string& content);

/// A copy of tests/data/sample-driver: sample.inf, sample.sys (a PE), sample.dat; x64 only.
void copy_sample_driver(const std::filesystem::path& folder);

/// An INF with the usual sections around [Version] lines and further text; it installs nothing by
/// itself.
std::string inf_text(const std::string& version_lines, const std::string& rest);

/// What a package for the named Windows versions is read with, on 2026-06-15.
driver::PackageOptions package_options(const std::vector<std::string>& targets);

/// Name → content of every file below a folder.
std::map<std::string, std::string> contents(const std::filesystem::path& folder);

}  // namespace sealwright::test
