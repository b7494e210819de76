#pragma once
// Compares a driver package with its catalogs: which catalog lists which file, by which hash.
// Signatures are not looked at; that is verify's part.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "driver/catalog_build.h"
#include "driver/package.h"

namespace sealwright::driver {

/// Whether a file is what its catalog lists.
enum class Membership {
  listed,             ///< Its hash is in the catalog.
  line_endings_crlf,  ///< It would be, if its lines ended in CR LF (version control changed them).
  line_endings_lf,    ///< It would be, if its lines ended in LF.
  changed,            ///< A member has its name, but not its hash.
  not_listed,         ///< Neither.
  no_catalog,         ///< The INF names no catalog, or it is not there, or cannot be read.
};
std::string_view to_text(Membership membership);  ///< "listed", "changed", …

struct FileCheck {
  PackageFile file;
  std::string catalog;  ///< The catalog's name that its INF gives.
  Membership membership = Membership::not_listed;
  FileHashes hashes;
  std::vector<ossl::Digest> found_by;  ///< Hashes under which it is listed.
  std::string os_attribute;            ///< OSAttr of the member that was found, or "".
  std::string listed_name;             ///< File of that member, or "".
};

struct CatalogCheck {
  std::string name;                         ///< As CatalogFile spells it.
  std::filesystem::path path;               ///< Where it is; empty where it is not there.
  std::vector<Architecture> architectures;  ///< For which it was named.
  std::vector<std::string> infs;
  std::string defect;  ///< Why it cannot be read; `catalog` is then empty.
  std::optional<signing::Catalog> catalog;
  /// Members that no file of the package matches: files that were changed or are not there. By
  /// their File attribute, or their tag where they have none.
  std::vector<std::string> unmatched_members;
};

struct PackageCheck {
  Package package;
  std::vector<CatalogCheck> catalogs;  ///< One for each name that an INF gives.
  std::vector<FileCheck>
      files;  ///< Of each INF, each file once for each catalog that must list it.

  /// Whether every file is listed.
  bool complete() const;
};

PackageCheck check_package(const std::filesystem::path& folder, const PackageOptions& options = {});

}  // namespace sealwright::driver
