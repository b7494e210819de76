#pragma once
// Makes the catalogs that a driver package needs.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "driver/package.h"
#include "ossl/random.h"
#include "signing/catalog.h"

namespace sealwright::driver {

/// automatic: 1 if any target is older than Windows 8, which looks files up by SHA-1 only; else 2.
enum class CatalogVersion { automatic, v1, v2 };
/// "auto", "1", "2"; nothing for other words.
std::optional<CatalogVersion> catalog_version_by_name(std::string_view name);
/// 1 or 2.
int resolve(CatalogVersion version, const std::vector<const WindowsTarget*>& targets);

/// The hashes of a file as catalogs list it.
struct FileHashes {
  signing::MemberKind kind =
      signing::MemberKind::flat;  ///< pe: Authenticode digests; by content, never by name.
  Bytes sha1, sha256;
};
FileHashes hash_file(const std::filesystem::path& path);
/// Many files, on all cores; the result is in the order given. The first error (in that order) is
/// thrown.
std::vector<FileHashes> hash_files(const std::vector<std::filesystem::path>& paths,
                                   const Progress& progress = {});

struct CatalogOptions {
  CatalogVersion version = CatalogVersion::automatic;
  Time time{};          ///< thisUpdate
  ossl::Random random;  ///< For the list identifier.
  /// Where to read a member file instead of PackageFile::source (a copy that is going to replace
  /// it).
  std::map<std::filesystem::path, std::filesystem::path> read_instead;
  Progress progress;
};

/// A catalog that belongs into the package's folder.
struct BuiltCatalog {
  std::string name;            ///< As CatalogFile spells it.
  std::filesystem::path path;  ///< Where it belongs; the spelling of a file that is there already.
  signing::Catalog catalog;
  std::vector<std::string> infs;              ///< The INFs that name it.
  std::vector<const WindowsTarget*> targets;  ///< Those whose architecture it is for.
  std::size_t file_count = 0;                 ///< Files listed; version 2 has two members for each.
};

/// One catalog for each distinct name, in the order of the INFs: INF and installed files of every
/// INF that names it, with the attributes File and OSAttr; OS and HWIDn of the catalog as inf2cat
/// writes them.
///
/// `package` was read for at least one target, and is acceptable: throws Error::Kind::input as
/// Package::require_acceptable() does, Error::Kind::usage without targets.
std::vector<BuiltCatalog> build_catalogs(const Package& package, const CatalogOptions& options);

/// "7X64,_v100_X64": the OS attribute, in table order.
std::string os_list(const std::vector<const WindowsTarget*>& targets);
/// "2:6.1,2:10.0": the OSAttr attribute, ascending.
std::string os_attribute(const std::vector<const WindowsTarget*>& targets);

}  // namespace sealwright::driver
