#include "driver/package_sign.h"

#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "driver/file_hash.h"
#include "driver/staging.h"

namespace sealwright::driver {
namespace {
namespace fs = std::filesystem;

std::string relative_to(const fs::path& folder, const fs::path& path) {
  return path.lexically_relative(folder).generic_string();
}

class PackageSigner {
 public:
  PackageSigner(Package package, const signing::Identity& identity,
                const PackageSignOptions& options)
      : identity_(identity), options_(options), staging_(package.folder) {
    made_.package = std::move(package);
  }

  PackageSigned sign() {
    if (options_.binaries != Binaries::none) sign_binaries();
    sign_catalogs();
    staging_.commit();
    return std::move(made_);
  }

 private:
  void sign_binaries() {
    std::set<fs::path> seen;
    for (const auto& inf : made_.package.infs)
      for (const auto& file : inf.files)
        if (!file.is_inf && seen.insert(file.source).second) sign_binary(file);
  }

  void sign_binary(const PackageFile& file) {
    // Through links to the file itself: what is replaced is that.
    const auto path = fs::canonical(file.source);
    bool has_signature = false;
    {
      const InputFile input(path);
      const auto layout = signable_layout(input);
      if (!layout) return;
      has_signature = layout->has_table();
    }
    PackageSignStep step;
    step.relative = file.relative;
    if (has_signature && options_.binaries == Binaries::without_signature) {
      step.action = PackageSignStep::Action::kept_binary;
      made_.steps.push_back(std::move(step));
      return;
    }
    const auto [known, added] = signed_.try_emplace(path);
    if (added) {
      known->second = staging_.path_for(path);
      step.signed_ = sign_one(step.relative, path, known->second, options_.sign, Existing::refuse);
      made_.steps.push_back(std::move(step));
    }
    read_instead_[file.source] = known->second;
  }

  signing::SignedFile sign_one(const std::string& relative, const fs::path& in, const fs::path& out,
                               const signing::SignOptions& sign, Existing existing) {
    if (options_.before) options_.before(relative, in);
    auto result = signing::sign_file(in, out, identity_, sign, existing, options_.progress);
    if (options_.after) options_.after(out, result);
    return result;
  }

  void sign_catalogs() {
    auto options = options_.catalog;
    options.read_instead = read_instead_;
    auto sign = options_.sign;
    sign.page_hashes = false;  // of PE files only
    for (const auto& built : build_catalogs(made_.package, options)) {
      PackageSignStep step;
      step.action = PackageSignStep::Action::signed_catalog;
      step.relative = relative_to(made_.package.folder, built.path);
      step.file_count = built.file_count;
      step.catalog_version = built.catalog.version;
      step.replaced = fs::exists(built.path);
      const auto path = staging_.path_for(built.path);
      write_file(path, signing::encode_unsigned(built.catalog));
      step.signed_ = sign_one(step.relative, path, path, sign, Existing::replace);
      made_.steps.push_back(std::move(step));
    }
  }

  const signing::Identity& identity_;
  const PackageSignOptions& options_;
  Staging staging_;
  PackageSigned made_;
  std::map<fs::path, fs::path> signed_, read_instead_;
};
}  // namespace

PackageSigned sign_package(const fs::path& folder, const signing::Identity& identity,
                           const PackageSignOptions& options) {
  auto package = read_package(folder, options.package);
  package.require_acceptable();
  return PackageSigner(std::move(package), identity, options).sign();
}

std::vector<BuiltCatalog> write_catalogs(const Package& package, const CatalogOptions& options,
                                         Existing existing) {
  auto built = build_catalogs(package, options);
  Staging staging(package.folder);
  for (const auto& catalog : built) {
    if (existing == Existing::refuse && fs::exists(fs::symlink_status(catalog.path)))
      throw Error(Error::Kind::state,
                  "'" + printable(catalog.path.native(), 4096) + "' already exists",
                  "pass --overwrite to replace it");
    write_file(staging.path_for(catalog.path), signing::encode_unsigned(catalog.catalog));
  }
  staging.commit();
  return built;
}

}  // namespace sealwright::driver
