#pragma once
// Inside verify only: a driver package taken apart for its verdict.

#include <string>
#include <unordered_map>
#include <vector>

#include "driver/package_check.h"
#include "verify/file_verdict.h"

namespace sealwright::verify {

/// A catalog that an INF names, judged.
struct JudgedCatalog {
  const driver::CatalogCheck* check = nullptr;
  JudgedFile judged;
  std::optional<trust::DriverSignature> kernel;  ///< What kernels see in its signature.
  std::vector<const driver::FileCheck*> files;   ///< Those that it must list.

  /// What keeps it from counting, or null. That its publisher is merely unknown is no such thing.
  const Check* fault() const;
  /// Whether its publisher is one that Windows asks about.
  bool asks() const;
};

/// A file that INFs install, judged against every catalog that must list it.
struct JudgedPackageFile {
  const driver::PackageFile* file = nullptr;
  std::vector<const driver::FileCheck*> checks;
  JudgedFile judged;
  /// Of drivers: the signatures by which kernels may load it, its own and those of catalogs that
  /// list it.
  std::vector<trust::DriverSignature> signatures;
  bool is_driver() const;  ///< A .sys file: what kernels load.
};

/// Everything that is known of a package.
struct PackageFacts {
  std::string name;  ///< The folder as named.
  driver::PackageCheck check;
  std::vector<JudgedCatalog> catalogs;
  std::vector<JudgedPackageFile> files;

  std::unordered_map<std::string, std::size_t> places;  ///< Of catalogs, by lower-case name.

  /// Null where no INF names such a catalog.
  const JudgedCatalog* find_catalog(std::string_view wanted) const;
  std::string path_of(std::string_view relative) const;
};

/// Fills `catalogs` and `places`.
void judge_catalogs(PackageFacts& facts, const Question& question);
/// Fills `files`; after the catalogs.
void judge_files(PackageFacts& facts, const Question& question);
/// The package as a whole.
Verdict judge_whole(const PackageFacts& facts, const Question& question);

}  // namespace sealwright::verify
