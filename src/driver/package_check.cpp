#include "driver/package_check.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "driver/line_ends.h"
#include "signing/file.h"

namespace sealwright::driver {
namespace {
namespace fs = std::filesystem;

// Text files in packages are small; a larger file is not tried with other line ends.
constexpr std::uint64_t max_text_bytes = 16 * 1024 * 1024;

/// A catalog and what its members were matched with.
struct Opened {
  CatalogCheck check;
  std::unique_ptr<signing::CatalogIndex> index;
  std::set<const signing::CatalogMember*> matched;
  std::set<std::string> names;  ///< File attributes, lower case.
};

Opened open_catalog(const Package& package, const std::string& name) {
  Opened opened;
  opened.check.name = name;
  for (const auto& there : package.catalogs_present)
    if (equal_ignoring_case(there, name)) opened.check.path = package.folder / there;
  if (opened.check.path.empty()) {
    opened.check.defect = "is not in the package";
    return opened;
  }
  try {
    opened.check.catalog =
        signing::read_catalog(read_file(opened.check.path, signing::max_catalog_bytes));
  } catch (const Error& error) {
    if (error.kind != Error::Kind::input) throw;
    opened.check.defect = error.message;
  }
  return opened;
}

class Checker {
 public:
  explicit Checker(Package package) { made_.package = std::move(package); }

  PackageCheck check() {
    open_catalogs();
    hash_all();
    for (const auto& inf : made_.package.infs) check_inf(inf);
    for (auto& opened : opened_) {
      list_unmatched(opened);
      made_.catalogs.push_back(std::move(opened.check));
    }
    return std::move(made_);
  }

 private:
  Opened* find(const std::string& name) {
    for (auto& opened : opened_)
      if (equal_ignoring_case(opened.check.name, name)) return &opened;
    return nullptr;
  }

  void open_catalogs() {
    for (const auto& inf : made_.package.infs)
      for (const auto& [architecture, name] : inf.catalogs) {
        auto* opened = find(name);
        if (!opened) opened = &opened_.emplace_back(open_catalog(made_.package, name));
        auto& check = opened->check;
        if (std::find(check.architectures.begin(), check.architectures.end(), architecture) ==
            check.architectures.end())
          check.architectures.push_back(architecture);
        if (check.infs.empty() || check.infs.back() != inf.name) check.infs.push_back(inf.name);
      }
    // Members are pointed to from here on, so the list does not grow any more.
    for (auto& opened : opened_) {
      if (!opened.check.catalog) continue;
      opened.index = std::make_unique<signing::CatalogIndex>(*opened.check.catalog);
      for (const auto& member : opened.check.catalog->members)
        opened.names.insert(ascii_lower(member.attribute("File")));
    }
  }

  void hash_all() {
    std::vector<fs::path> paths;
    for (const auto& inf : made_.package.infs)
      for (const auto& file : inf.files)
        if (place_.emplace(file.source, paths.size()).second) paths.push_back(file.source);
    hashes_ = hash_files(paths);
  }

  void check_inf(const PackageInf& inf) {
    std::set<std::string> names;
    for (const auto& [architecture, name] : inf.catalogs) names.insert(ascii_lower(name));
    if (names.empty()) names.insert("");
    for (const auto& name : names)
      for (const auto& file : inf.files) check_file(file, find(name));
  }

  void check_file(const PackageFile& file, Opened* opened) {
    FileCheck check;
    check.file = file;
    check.hashes = hashes_[place_.at(file.source)];
    if (opened) check.catalog = opened->check.name;
    if (!opened || !opened->index)
      check.membership = Membership::no_catalog;
    else
      look_up(check, *opened);
    made_.files.push_back(std::move(check));
  }

  static void look_up(FileCheck& check, Opened& opened) {
    for (const auto& hash : {check.hashes.sha1, check.hashes.sha256})
      for (const auto* member : opened.index->find(hash)) {
        opened.matched.insert(member);
        note_member(check, *member);
      }
    if (!check.found_by.empty())
      check.membership = Membership::listed;
    else if (listed_with(check, opened, LineEnds::crlf))
      check.membership = Membership::line_endings_crlf;
    else if (listed_with(check, opened, LineEnds::lf))
      check.membership = Membership::line_endings_lf;
    else if (opened.names.contains(check.file.destination))
      check.membership = Membership::changed;
  }

  static void note_member(FileCheck& check, const signing::CatalogMember& member) {
    const auto algorithm = *member.algorithm();
    if (std::find(check.found_by.begin(), check.found_by.end(), algorithm) == check.found_by.end())
      check.found_by.push_back(algorithm);
    // Of members with equal hashes, the one for this name speaks.
    const auto name = member.attribute("File");
    if (check.listed_name.empty() || equal_ignoring_case(name, check.file.destination)) {
      check.listed_name = name;
      check.os_attribute = member.attribute("OSAttr");
    }
  }

  /// Whether the file would be listed, had version control not changed the ends of its lines.
  static bool listed_with(const FileCheck& check, Opened& opened, LineEnds ends) {
    if (check.hashes.kind != signing::MemberKind::flat) return false;
    std::error_code code;
    if (fs::file_size(check.file.source, code) > max_text_bytes || code) return false;
    const auto changed = with_line_ends(read_file(check.file.source, max_text_bytes), ends);
    bool found = false;
    for (const auto algorithm : {ossl::Digest::sha1, ossl::Digest::sha256})
      for (const auto* member : opened.index->find(ossl::hash(algorithm, changed))) {
        opened.matched.insert(member);
        found = true;
      }
    return found;
  }

  static void list_unmatched(Opened& opened) {
    if (!opened.check.catalog) return;
    std::set<std::string> known;
    for (const auto& member : opened.check.catalog->members) {
      // The entries of version 2 without data repeat those with.
      if (opened.matched.contains(&member) || !member.data) continue;
      auto name = member.attribute("File");
      if (name.empty()) name = member.tag_text();
      if (known.insert(name).second) opened.check.unmatched_members.push_back(std::move(name));
    }
  }

  PackageCheck made_;
  std::vector<Opened> opened_;
  std::map<fs::path, std::size_t> place_;
  std::vector<FileHashes> hashes_;
};
}  // namespace

std::string_view to_text(Membership membership) {
  switch (membership) {
    case Membership::listed:
      return "listed";
    case Membership::line_endings_crlf:
      return "listed with CRLF line ends";
    case Membership::line_endings_lf:
      return "listed with LF line ends";
    case Membership::changed:
      return "changed";
    case Membership::not_listed:
      return "not listed";
    case Membership::no_catalog:
      return "no catalog";
  }
  return "";
}

bool PackageCheck::complete() const {
  return std::all_of(files.begin(), files.end(),
                     [](const auto& file) { return file.membership == Membership::listed; });
}

PackageCheck check_package(const fs::path& folder, const PackageOptions& options) {
  return Checker(read_package(folder, options)).check();
}

}  // namespace sealwright::driver
