#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/json.h"
#include "bundle/read_parts.h"
#include "bundle/readers.h"
#include "bundle/zip.h"
#include "ossl/digest.h"

namespace sealwright::bundle {
namespace {

/// A folder with all that is imported from it.
class FolderReader {
 public:
  enum class Archives { read, skip };
  explicit FolderReader(const std::vector<OutputFile>& files, Archives archives = Archives::read)
      : files_(files), archives_(archives) {}

  Reading read() {
    read_manifests();
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

  const Folder& files_beside(const std::string& folder) {
    const auto known = folders_.find(folder);
    if (known != folders_.end()) return known->second;
    return folders_.emplace(folder, Folder(below(files_, folder), folder)).first->second;
  }

  /// The manifests of our bundles, each beside what it lists.
  void read_manifests() {
    std::map<std::string, const OutputFile*> manifests;  // By folder, outer ones first.
    for (const auto& file : files_)
      if (name_of(file.path) == "manifest.json") manifests[folder_of(file.path)] = &file;
    std::string last = "\n";  // No path holds it.
    for (const auto& [folder, file] : manifests)
      // One inside another judges nothing: that lists it.
      if (!folder.starts_with(last) && read_manifest(*file)) last = folder;
  }

  /// Whether it is one of ours.
  bool read_manifest(const OutputFile& file) {
    const std::string folder = folder_of(file.path);
    if (recognize(file.content, "manifest.json") != FileFormat::manifest) return false;
    try {
      const Json manifest = Json::parse(text(file.content));
      if (folder.empty()) {
        reading_.bundle = manifest.at("state").at("bundle").string();
        const std::int64_t version = manifest.at("version").integer();
        if (version < 1 || version > std::numeric_limits<int>::max())
          throw Error(Error::Kind::input, "no version of a bundle has this number");
        reading_.version = static_cast<int>(version);
      }
      std::set<std::string> listed = {file.path};
      for (const auto& row : manifest.at("files").items())
        check_listed(folder + row.at("path").string(), row.at("sha256").string(), listed);
      for (const auto& other : below(files_, folder))
        if (!listed.contains(other.path))
          fault(other.path, "manifest.json does not list it: it came later",
                "find out who put it there, and copy the bundle again from the workspace");
    } catch (const Error& error) {
      fault(file.path, "a manifest that cannot be read: " + error.message,
            "copy the folder of the bundle again");
    }
    return true;
  }

  void check_listed(const std::string& path, const std::string& sha256,
                    std::set<std::string>& listed) {
    const bool again = !listed.insert(path).second;
    const auto* file = find(path);
    if (again)
      fault(path, "manifest.json lists it twice", "copy the folder of the bundle again");
    else if (!file)
      fault(path, "manifest.json lists it and it is not there", "copy the folder again");
    else if (to_hex(ossl::hash(ossl::Digest::sha256, file->content)) != sha256)
      fault(path, "it is not as it was written: its SHA-256 is not that of manifest.json",
            "copy it again from the workspace, and find out who changed it");
  }

  void fault(const std::string& file, std::string message, std::string remedy) {
    add_bounded(reading_.faults,
                Fault{Fault::Severity::error, {file, ""}, std::move(message), std::move(remedy)});
  }

  /// Outermost first: what is below one belongs to it.
  std::vector<std::string> folders_of_backups() const {
    std::vector<std::string> folders;
    for (const auto& file : files_)
      if (equal_ignoring_case(name_of(file.path), "Backup.xml"))
        folders.push_back(folder_of(file.path));
    std::sort(folders.begin(), folders.end());
    folders.erase(
        std::unique(folders.begin(), folders.end(),
                    [](const auto& outer, const auto& inner) { return inner.starts_with(outer); }),
        folders.end());
    return folders;
  }

  /// A backup: what the console puts into its folder, and no more.
  void read_backup(const std::string& folder) {
    add(folder.empty() ? "." : folder.substr(0, folder.size() - 1), [&](Contents& contents) {
      contents.format = "gpo";
      read_gpo_backup(Folder(below(files_, folder), folder), contents);
    });
    for (const auto& file : below(files_, folder)) {
      const std::string path = ascii_lower(file.path.substr(folder.size()));
      if (path.starts_with("domainsysvol/") || path == "backup.xml" || path == "bkupinfo.xml" ||
          path == "gpreport.xml")
        taken_.insert(file.path);
    }
  }

  /// The folders that our install-trust.sh and update-ca-certificates take.
  void read_anchors() {
    std::set<std::string> folders;
    for (const auto& file : files_)
      if (name_of(file.path) == "install-trust.sh") folders.insert(folder_of(file.path));
    for (const auto& folder : folders)
      add(folder + "anchors", [&](Contents& contents) {
        contents.format = "linux";
        for (const auto& file : below(files_, folder + "anchors/")) {
          if (!file.path.ends_with(".crt")) continue;
          taken_.insert(file.path);
          read_certificate_file(file, contents);
        }
        taken_.insert(folder + "anchors.pem");  // The same, in one file.
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
    if (format == FileFormat::zip && archives_ == Archives::read) return read_archive(file);
    if (format == FileFormat::manifest) return;  // Looked at already.
    // Beside a backup's folder, for the console.
    if (format == FileFormat::gpo_part && equal_ignoring_case(name_of(file.path), "manifest.xml"))
      return;
    const bool of_another = format == FileFormat::certificates && belongs_to_another(file.path);
    if (!format || format == FileFormat::zip || of_another || is_empty_script(file, *format)) {
      reading_.skipped.push_back(file.path);
      return;
    }
    add(file.path, [&](Contents& contents) {
      read_one(file, *format, files_beside(folder_of(file.path)), contents);
    });
  }

  /// Scripts of other kinds lie beside ours.
  static bool is_empty_script(const OutputFile& file, FileFormat format) {
    if (format != FileFormat::powershell_script) return false;
    try {
      Contents contents;
      read_powershell_script(file.content, file.path, contents);
    } catch (const Error& error) {
      return error.message == no_table;
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
    for (const auto& one : inside) unpacked_bytes_ += one.content.size();
    if (unpacked_bytes_ > max_unpacked_bytes)
      return add(file.path, [&](Contents&) {
        throw Error(Error::Kind::input, "the archives of the folder hold more than 256 MiB",
                    "unpack them, and inspect what is in them one by one");
      });
    std::sort(inside.begin(), inside.end(),
              [](const OutputFile& a, const OutputFile& b) { return a.path < b.path; });
    auto reading = FolderReader(inside, Archives::skip).read();
    for (auto& contents : reading.imports) {
      contents.path = file.path + "/" + contents.path;
      reading_.imports.push_back(std::move(contents));
    }
    for (auto& fault : reading.faults) {
      fault.position.file = file.path + "/" + fault.position.file;
      add_bounded(reading_.faults, std::move(fault));
    }
    for (const auto& path : reading.skipped) reading_.skipped.push_back(file.path + "/" + path);
  }

  const std::vector<OutputFile>& files_;
  Archives archives_;
  std::size_t unpacked_bytes_ = 0;
  Reading reading_;
  std::set<std::string> taken_;
  std::map<std::string, Folder> folders_;
};

}  // namespace

Reading read_folder(const std::vector<OutputFile>& files) { return FolderReader(files).read(); }

}  // namespace sealwright::bundle
