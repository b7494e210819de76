#include "bundle/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/reader_parts.h"
#include "bundle/recognize.h"
#include "bundle/state.h"
#include "bundle/zip.h"
#include "ossl/digest.h"

namespace sealwright::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_files = 100'000;
constexpr std::size_t max_file_bytes = std::size_t{64} << 20;
constexpr std::size_t max_total_bytes = std::size_t{1} << 30;

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::string name_of(const std::string& path) { return path.substr(folder_of(path).size()); }

/// The files below `folder`, with their paths below it.
std::vector<OutputFile> below(const std::vector<OutputFile>& files, const std::string& folder) {
  std::vector<OutputFile> found;
  for (const auto& file : files)
    if (file.path.starts_with(folder))
      found.push_back({file.path.substr(folder.size()), file.content});
  return found;
}

std::vector<OutputFile> files_of_folder(const fs::path& folder) {
  std::vector<OutputFile> files;
  std::size_t total = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    if (entry->is_symlink() || !entry->is_regular_file()) continue;
    if (files.size() == max_files)
      throw Error(Error::Kind::input, "'" + folder.string() + "' holds more than 100,000 files");
    files.push_back({entry->path().lexically_relative(folder).generic_string(),
                     read_file(entry->path(), max_file_bytes)});
    total += files.back().content.size();
    if (total > max_total_bytes)
      throw Error(Error::Kind::input, "'" + folder.string() + "' holds more than 1 GiB");
  }
  if (error)
    throw Error(Error::Kind::io, "cannot read '" + folder.string() + "': " + error.message());
  std::sort(files.begin(), files.end(),
            [](const OutputFile& a, const OutputFile& b) { return a.path < b.path; });
  return files;
}

/// Files that are named by a store, as ours are, go into that one; the importer decides of others.
std::string store_of_name(const std::string& path) {
  const std::string name = name_of(path);
  const auto store = store_by_registry_name(name.substr(0, name.find('.')));
  return store ? std::string(registry_name(*store)) : std::string();
}

void read_certificate_file(const OutputFile& file, Contents& contents) {
  for (const auto& certificate : x509::read_certificates(file.content)) {
    FoundCertificate found;
    found.store = store_of_name(file.path);
    if (!found.store.empty()) found.location = Location::machine;
    found.thumbprint = certificate.thumbprint();
    found.certificate = certificate;
    found.position = {file.path, fmt::format("certificate {}", contents.certificates.size() + 1)};
    add_bounded(contents.certificates, std::move(found));
  }
}

void read_blob_file(const OutputFile& file, Contents& contents) {
  FoundCertificate found;
  found.position.file = file.path;
  found.thumbprint = read_blob(file.content).certificate.thumbprint();
  take_blob(found, file.content, contents);
  contents.certificates.push_back(std::move(found));
}

std::string policy_hive(const std::string& path) {
  return ("/" + ascii_lower(folder_of(path))).ends_with("/user/") ? "HKEY_CURRENT_USER"
                                                                  : "HKEY_LOCAL_MACHINE";
}

[[noreturn]] void refuse(FileFormat format) {
  if (format == FileFormat::pfx)
    throw Error(Error::Kind::input, "it is a PFX, which carries a private key",
                "no bundle has one: export the certificate alone");
  throw Error(Error::Kind::input, "it is a part of a Group Policy backup",
              "name the folder that holds Backup.xml");
}

/// Reads one file; `files` are all of the folder that it is in.
void read_one(const OutputFile& file, FileFormat format, const std::vector<OutputFile>& files,
              Contents& contents) {
  const Bytes& bytes = file.content;
  const std::string& name = file.path;
  switch (format) {
    case FileFormat::registry_pol:
      contents.format = "registry-pol";
      return interpret(registry_pol_changes(bytes, policy_hive(name), name, contents.faults),
                       contents);
    case FileFormat::reg:
      contents.format = "reg";
      return interpret(reg_changes(bytes, name), contents);
    case FileFormat::registry_xml:
      contents.format = "gpo";
      return interpret(registry_xml_changes(bytes, name, contents.faults), contents);
    case FileFormat::lgpo:
      contents.format = "lgpo";
      return interpret(lgpo_changes(bytes, name), contents);
    case FileFormat::serialized_store:
      contents.format = "sst";
      read_serialized_store(bytes, name, contents);
      for (auto& found : contents.certificates) {
        found.store = store_of_name(name);
        if (!found.store.empty()) found.location = Location::machine;
      }
      return;
    case FileFormat::ldif:
      contents.format = "ldif";
      return read_ldif(bytes, name, contents);
    case FileFormat::syncml:
      contents.format = "intune";
      return read_syncml(bytes, name, contents);
    case FileFormat::intune_profile:
      contents.format = "intune";
      return read_intune_profile(bytes, name, contents);
    case FileFormat::certutil_script:
      contents.format = "certutil";
      return read_certutil_script(bytes, name, below(files, folder_of(name)), contents);
    case FileFormat::powershell_script:
      contents.format = "powershell";
      return read_powershell_script(bytes, name, contents);
    case FileFormat::provisioning_package:
      contents.format = "ppkg-xml";
      return read_provisioning_package(bytes, name, below(files, folder_of(name)), contents);
    case FileFormat::blob:
      contents.format = "blob";
      return read_blob_file(file, contents);
    case FileFormat::certificates:
      contents.format = name.ends_with(".p7b") ? "p7b" : "certificate";
      return read_certificate_file(file, contents);
    case FileFormat::pfx:
    case FileFormat::zip:
    case FileFormat::gpo_part:
      refuse(format);
  }
}

/// A folder with all that is imported from it.
class FolderReader {
 public:
  explicit FolderReader(const std::vector<OutputFile>& files) : files_(files) {}

  Reading read() {
    read_manifest();
    for (const auto& file : files_)
      if (equal_ignoring_case(name_of(file.path), "Backup.xml")) read_backup(folder_of(file.path));
    read_anchors();
    for (const auto& file : files_)
      if (!taken_.contains(file.path)) read_file_of_folder(file);
    std::stable_sort(reading_.imports.begin(), reading_.imports.end(),
                     [](const Contents& a, const Contents& b) { return a.path < b.path; });
    return std::move(reading_);
  }

 private:
  /// Adds an import; what cannot be read is its fault.
  template <class Read>
  void add(const std::string& path, const Read& read) {
    Contents contents;
    contents.path = path;
    try {
      read(contents);
    } catch (const Error& error) {
      if (error.kind != Error::Kind::input) throw;
      contents.faults.push_back({Fault::Severity::error, {path, ""}, error.message, error.hint});
    }
    reading_.imports.push_back(std::move(contents));
  }

  const OutputFile* find(const std::string& path) const {
    const auto found = std::lower_bound(
        files_.begin(), files_.end(), path,
        [](const OutputFile& file, const std::string& wanted) { return file.path < wanted; });
    return found != files_.end() && found->path == path ? &*found : nullptr;
  }

  void read_manifest() {
    const auto* file = find("manifest.json");
    if (!file) return;
    try {
      const Json manifest = Json::parse(text(file->content));
      if (manifest.at("schema").string() != "sealwright.bundle/1") return;
      reading_.bundle = manifest.at("state").at("bundle").string();
      reading_.version = static_cast<int>(manifest.at("version").integer());
      for (const auto& row : manifest.at("files").items())
        check_listed(row.at("path").string(), row.at("sha256").string());
      taken_.insert(file->path);
    } catch (const Error& error) {
      fault("manifest.json", "its manifest cannot be read: " + error.message,
            "copy the folder of the bundle again");
    }
  }

  void check_listed(const std::string& path, const std::string& sha256) {
    const auto* file = find(path);
    if (!file)
      fault(path, "manifest.json lists it and it is not there", "copy the folder again");
    else if (to_hex(ossl::hash(ossl::Digest::sha256, file->content)) != sha256)
      fault(path, "it is not as it was written: its SHA-256 is not that of manifest.json",
            "copy it again from the workspace, and find out who changed it");
  }

  void fault(const std::string& file, std::string message, std::string remedy) {
    reading_.faults.push_back(
        {Fault::Severity::error, {file, ""}, std::move(message), std::move(remedy)});
  }

  /// A backup, with the manifest.xml beside its folder.
  void read_backup(const std::string& folder) {
    add(folder.empty() ? "." : folder.substr(0, folder.size() - 1), [&](Contents& contents) {
      contents.format = "gpo";
      read_gpo_backup(below(files_, folder), contents);
    });
    for (const auto& file : files_)
      if (file.path.starts_with(folder)) taken_.insert(file.path);
    const std::string above = folder.empty() ? "" : folder_of(folder.substr(0, folder.size() - 1));
    taken_.insert(above + "manifest.xml");
  }

  /// The folders that our install-trust.sh and update-ca-certificates take.
  void read_anchors() {
    std::set<std::string> folders;
    for (const auto& file : files_)
      if (name_of(file.path) == "install-trust.sh") folders.insert(folder_of(file.path));
    for (const auto& folder : folders)
      add(folder + "anchors", [&](Contents& contents) {
        contents.format = "linux";
        for (const auto& file : files_) {
          if (!file.path.starts_with(folder + "anchors")) continue;
          taken_.insert(file.path);
          if (file.path.ends_with(".crt")) read_certificate_file(file, contents);
        }
        for (auto& found : contents.certificates) {
          found.location = Location::linux;
          found.store = "Root";
        }
      });
  }

  /// Certificates that a script or a profile beside their folder names.
  static bool belongs_to_another(const std::string& path) {
    return ("/" + ascii_lower(folder_of(path))).ends_with("/certificates/");
  }

  void read_file_of_folder(const OutputFile& file) {
    std::optional<FileFormat> format;
    try {
      format = recognize(file.content, name_of(file.path));
    } catch (const Error& error) {
      return add(file.path, [&](Contents&) { throw error; });
    }
    if (format == FileFormat::zip) return read_archive(file);
    const bool of_another =
        (format == FileFormat::certificates && belongs_to_another(file.path)) ||
        (format == FileFormat::gpo_part && equal_ignoring_case(name_of(file.path), "gpreport.xml"));
    if (!format || of_another || is_empty_script(file, *format)) {
      reading_.skipped.push_back(file.path);
      return;
    }
    add(file.path, [&](Contents& contents) { read_one(file, *format, files_, contents); });
  }

  /// Scripts of other kinds lie beside ours.
  static bool is_empty_script(const OutputFile& file, FileFormat format) {
    if (format != FileFormat::powershell_script) return false;
    try {
      Contents contents;
      read_powershell_script(file.content, file.path, contents);
    } catch (const Error&) {
      return true;
    }
    return false;
  }

  /// What is in an archive, one deep.
  void read_archive(const OutputFile& file) {
    std::vector<OutputFile> inside;
    try {
      inside = read_zip(file.content);
    } catch (const Error& error) {
      return add(file.path, [&](Contents&) { throw error; });
    }
    std::erase_if(inside, [](const OutputFile& one) {
      return one.content.size() > 1 && one.content[0] == 'P' && one.content[1] == 'K';
    });
    std::sort(inside.begin(), inside.end(),
              [](const OutputFile& a, const OutputFile& b) { return a.path < b.path; });
    auto reading = FolderReader(inside).read();
    for (auto& contents : reading.imports) {
      contents.path = file.path + "/" + contents.path;
      reading_.imports.push_back(std::move(contents));
    }
    for (auto& fault : reading.faults) reading_.faults.push_back(std::move(fault));
  }

  const std::vector<OutputFile>& files_;
  Reading reading_;
  std::set<std::string> taken_;
};

Reading read_single(OutputFile file) {
  const auto format = recognize(file.content, file.path);
  if (!format)
    throw Error(Error::Kind::input, "it is of no format that puts certificates into stores",
                "'sealwright bundle inspect --help' lists the formats");
  if (format == FileFormat::zip) {
    auto files = read_zip(file.content);
    std::sort(files.begin(), files.end(),
              [](const OutputFile& a, const OutputFile& b) { return a.path < b.path; });
    return FolderReader(files).read();
  }
  Reading reading;
  Contents contents;
  contents.path = file.path;
  read_one(file, *format, {}, contents);
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
  return FolderReader(sorted).read();
}

Reading read_path(const fs::path& path) {
  if (fs::is_directory(path)) return FolderReader(files_of_folder(path)).read();
  try {
    return read_single({path.filename().string(), read_file(path, max_total_bytes)});
  } catch (const Error& error) {
    if (error.kind == Error::Kind::input) throw with_prefix(error, path.string());
    throw;
  }
}

}  // namespace sealwright::bundle
