#include "bundle/read.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/read_parts.h"
#include "bundle/zip.h"

namespace sealwright::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_files = 100'000;
constexpr std::size_t max_file_bytes = std::size_t{64} << 20;
constexpr std::size_t max_total_bytes = std::size_t{1} << 30;

/// The regular files below `folder`; those that are too long are faults.
std::vector<OutputFile> files_of_folder(const fs::path& folder, std::vector<Fault>& faults) {
  std::vector<OutputFile> files;
  std::size_t total = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    if (entry->is_symlink() || !entry->is_regular_file()) continue;
    const std::string path = entry->path().lexically_relative(folder).generic_string();
    if (files.size() == max_files)
      throw Error(Error::Kind::input, "'" + folder.string() + "' holds more than 100,000 files",
                  "inspect a folder inside it");
    if (entry->file_size() > max_file_bytes) {
      faults.push_back({Fault::Severity::warning,
                        {path, ""},
                        "it is longer than 64 MiB, and was not read",
                        "no import is that long: take it out of the folder"});
      continue;
    }
    files.push_back({path, read_file(entry->path(), max_file_bytes)});
    total += files.back().content.size();
    if (total > max_total_bytes)
      throw Error(Error::Kind::input, "'" + folder.string() + "' holds more than 1 GiB",
                  "inspect a folder inside it");
  }
  if (error)
    throw Error(Error::Kind::io, "cannot read '" + folder.string() + "': " + error.message());
  std::sort(files.begin(), files.end(),
            [](const OutputFile& a, const OutputFile& b) { return a.path < b.path; });
  return files;
}

/// The certificates that a script or a project names: those in its folder, and in `certificates`
/// there.
std::vector<OutputFile> certificates_beside(const fs::path& path) {
  std::vector<OutputFile> files;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const char* name : {"", "certificates"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder / name, error)) {
      const std::string extension = ascii_lower(entry.path().extension().string());
      const bool named = extension == ".cer" || extension == ".crt" || extension == ".der" ||
                         extension == ".pem" || extension == ".p7b" || extension == ".sst";
      if (named && entry.is_regular_file() && !entry.is_symlink() && files.size() < max_files)
        files.push_back({entry.path().lexically_relative(folder).generic_string(),
                         read_file(entry.path(), max_file_bytes)});
    }
  }
  return files;
}

Reading read_single(OutputFile file, const std::vector<OutputFile>& beside = {}) {
  const auto format = recognize(file.content, file.path);
  if (!format)
    throw Error(Error::Kind::input, "it is of no format that puts certificates into stores",
                "'sealwright bundle inspect --help' lists the formats");
  if (format == FileFormat::zip) {
    auto files = read_zip(file.content);
    std::sort(files.begin(), files.end(),
              [](const OutputFile& a, const OutputFile& b) { return a.path < b.path; });
    return read_folder(files);
  }
  Reading reading;
  Contents contents;
  contents.path = file.path;
  read_one(file, *format, beside, contents);
  reading.imports.push_back(std::move(contents));
  return reading;
}

}  // namespace

Reading read_files(const std::vector<OutputFile>& files) {
  if (files.size() == 1 && files[0].path.find('/') == std::string::npos)
    return read_single(files[0]);
  auto sorted = files;
  std::sort(sorted.begin(), sorted.end(),
            [](const OutputFile& a, const OutputFile& b) { return a.path < b.path; });
  return read_folder(sorted);
}

Reading read_path(const fs::path& path) {
  if (fs::is_directory(path)) {
    std::vector<Fault> faults;
    auto reading = read_folder(files_of_folder(path, faults));
    for (auto& fault : reading.faults) faults.push_back(std::move(fault));
    reading.faults = std::move(faults);
    if (reading.imports.empty() && reading.faults.empty())
      throw Error(Error::Kind::input,
                  "'" + path.string() + "' holds nothing that puts certificates into stores",
                  "'sealwright bundle inspect --help' lists the formats");
    return reading;
  }
  try {
    OutputFile file{path.filename().string(), read_file(path, max_file_bytes)};
    const auto format = recognize(file.content, file.path);
    const bool names_others =
        format == FileFormat::certutil_script || format == FileFormat::provisioning_package;
    return read_single(std::move(file),
                       names_others ? certificates_beside(path) : std::vector<OutputFile>{});
  } catch (const Error& error) {
    if (error.kind == Error::Kind::input) throw with_prefix(error, path.string());
    throw;
  }
}

}  // namespace sealwright::bundle
