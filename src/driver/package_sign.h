#pragma once
// Signs a driver package in order: binaries, then catalogs, then the catalogs' signatures. All or
// nothing.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "driver/catalog_build.h"
#include "signing/file.h"

namespace sealwright::driver {

/// Which binaries (PE files that an INF installs) get a signature of their own. A catalog covers
/// all of them in any case; a boot-start driver needs its own.
enum class Binaries {
  without_signature,  ///< Those that nobody has signed; a vendor's signature stays.
  all,                ///< All: a signature that is there is replaced.
  none,
};

struct PackageSignOptions {
  PackageOptions package;  ///< With at least one target.
  CatalogOptions catalog;
  signing::SignOptions sign;
  Binaries binaries = Binaries::without_signature;
  /// Called before a file is signed (its name within the package, and what is about to be signed),
  /// and after (where it was written; it moves into its place at the end). Either may be empty;
  /// what they throw ends the work.
  std::function<void(const std::string& relative, const std::filesystem::path& file)> before;
  std::function<void(const std::filesystem::path& written, const signing::SignedFile& result)>
      after;
  Progress progress;
};

/// What was done with one file.
struct PackageSignStep {
  enum class Action { signed_binary, kept_binary, signed_catalog };
  Action action = Action::signed_binary;
  std::string relative;         ///< Within the package.
  signing::SignedFile signed_;  ///< Empty for kept_binary.
  std::size_t file_count = 0;   ///< signed_catalog: files listed.
  int catalog_version = 0;      ///< signed_catalog.
  bool replaced = false;        ///< signed_catalog: one of that name was there.
};

struct PackageSigned {
  Package package;  ///< As read, with its warnings and notes.
  std::vector<PackageSignStep> steps;
};

/// Signs the package in `folder` in place. Everything is made in a hidden folder inside it and
/// moved into place at the end; on any failure, also of the last moves, every file is as before.
///
/// Throws what read_package(), build_catalogs() and signing::sign_file() throw; Error::Kind::input
/// for a package that is not acceptable.
PackageSigned sign_package(const std::filesystem::path& folder, const signing::Identity& identity,
                           const PackageSignOptions& options);

/// Writes the package's catalogs without signatures. A catalog that is there is replaced if
/// `existing` allows it, else Error::Kind::state. Returns the catalogs written.
std::vector<BuiltCatalog> write_catalogs(const Package& package, const CatalogOptions& options,
                                         Existing existing);

}  // namespace sealwright::driver
