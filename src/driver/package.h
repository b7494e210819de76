#pragma once
// A driver package: a folder with INFs in its root, the files they install, and the catalogs they
// name. What inf2cat reads from INFs, and what it refuses, is what this folder does.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/windows_version.h"
#include "driver/inf.h"

namespace sealwright::driver {

/// Something about a package that a person should know. Errors keep it from being catalogued.
struct Finding {
  enum class Severity { error, warning, note };
  Severity severity = Severity::error;
  std::string id;     ///< Stable: "missing-file", "no-catalog-file", …
  std::string alias;  ///< What inf2cat calls it ("22.9.1"), or "".
  std::string file;   ///< Within the package, or "".
  int line = 0;       ///< 0 where it has none.
  std::string message;
  std::string remedy;

  /// "scream.inf:12: 'x.sys' … (22.9.1)"
  std::string text() const;
};
std::string_view to_text(Finding::Severity severity);  ///< "error", "warning", "note"

/// A file that an INF installs: what a catalog must list.
struct PackageFile {
  std::filesystem::path source;  ///< Absolute path of the file that is there.
  std::string relative;          ///< Within the package, with '/', as it is spelled on disk.
  std::string destination;       ///< Its name after installation, lower case: a catalog's File.
  std::string inf;      ///< Which INF installs it; an INF itself is listed under its own name.
  std::string section;  ///< Where it says so; "" for the INF itself.
  int line = 0;
  bool is_inf = false;
};

/// An INF in the root of a package, as far as its catalog is concerned.
struct PackageInf {
  std::string name;  ///< As it is spelled on disk.
  std::string driver_class, class_guid, provider, signature;
  std::string driver_date;     ///< ISO, from DriverVer; "" where that is not well-formed.
  std::string driver_version;  ///< "1.2.3.4"
  int driver_ver_line = 0;
  /// Lower case, no duplicates, in the order of the INF; a leading '*' is dropped, as inf2cat does.
  std::vector<std::string> hardware_ids;
  /// Which catalog it names for an architecture (the architectures asked for): CatalogFile.ntamd64,
  /// .nt, or plain.
  std::map<Architecture, std::string> catalogs;
  /// Architectures that its models sections are decorated for.
  std::vector<Architecture> architectures;
  std::vector<PackageFile> files;  ///< The INF first. A file may be installed under two names.
};

struct PackageOptions {
  /// The Windows versions it is for: sections for other architectures are passed over. Empty = all
  /// architectures.
  std::vector<const WindowsTarget*> targets;
  Time now{};  ///< DriverVer must not be later (UTC).
};

struct Package {
  std::filesystem::path folder;  ///< Absolute.
  PackageOptions options;
  std::vector<PackageInf> infs;   ///< In the order of their names.
  std::vector<Finding> findings;  ///< In the order of files and lines.
  std::vector<std::string>
      unlisted;  ///< Files of the folder that no INF installs, catalogs left out.
  std::vector<std::string> catalogs_present;  ///< Catalogs in the root that an INF names.
  std::vector<std::string> stray_catalogs;    ///< .cat files in the root that no INF names.

  /// Whether inf2cat would write its catalogs: no finding is an error.
  bool acceptable() const;
  /// Throws Error::Kind::input with the first error's text and remedy, and the others in `causes`.
  void require_acceptable() const;
};

constexpr std::size_t max_package_files = 200'000;

/// Reads all INFs in the root of `folder` and finds every file they install. What is wrong with the
/// package is in `findings`; INFs that cannot be read are findings too. Nothing outside the folder
/// is read, whatever paths INFs and symbolic links name. Names are found in any case, as on
/// Windows.
///
/// Throws Error::Kind::io where the folder cannot be read, Error::Kind::input where it is no
/// folder.
Package read_package(const std::filesystem::path& folder, const PackageOptions& options = {});

}  // namespace sealwright::driver
