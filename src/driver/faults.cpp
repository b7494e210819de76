#include "driver/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::driver {
namespace {
namespace fs = std::filesystem;

struct Row {
  Fault fault;
  std::string_view name, meaning;
};

constexpr std::array rows = {
    Row{Fault::none, "none", "signed and timestamped as it should be"},
    Row{Fault::unsigned_catalog, "unsigned-catalog", "the catalog carries no signature"},
    Row{Fault::no_catalog, "no-catalog", "nothing is signed, and there is no catalog"},
    Row{Fault::tampered_file, "tampered-file", "an installed file was changed after signing"},
    Row{Fault::missing_member, "missing-member", "the catalog does not list an installed file"},
    Row{Fault::extra_file, "extra-file", "a file lies in the package that nothing installs"},
    Row{Fault::lf_line_ends, "lf-line-ends", "the line ends of the INF were changed after signing"},
    Row{Fault::wrong_os_attribute, "wrong-os-attribute", "the catalog is for a later Windows"},
    Row{Fault::no_timestamp, "no-timestamp", "the signatures have no timestamp"},
    Row{Fault::untrusted_timestamp, "untrusted-timestamp",
        "the timestamps are by an authority that nobody trusts"},
    Row{Fault::signature_only_in_binary, "signature-only-in-binary",
        "the binaries are signed, but there is no catalog"},
};

/// A newer Windows takes catalogs of an older one, so it must be one that is not out yet.
constexpr const char* later_kernel = "2:11.0";

constexpr std::size_t max_changed_file_bytes = std::size_t{512} << 20;

/// Everything but catalogs, which are made anew.
void copy_package(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  for (auto entry = fs::recursive_directory_iterator(from);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path target = to / entry->path().lexically_relative(from);
    if (entry->is_directory() && !entry->is_symlink())
      fs::create_directory(target);
    else if (entry->is_regular_file() && ascii_lower(entry->path().extension().string()) != ".cat")
      fs::copy_file(entry->path(), target);
  }
}

void remove_catalogs(const Package& package) {
  for (const auto& inf : package.infs)
    for (const auto& [architecture, name] : inf.catalogs) fs::remove(package.folder / name);
}

/// The file that is changed or left out: data first, since a binary has a signature of its own.
const PackageFile& victim(const Package& package) {
  const PackageFile* found = nullptr;
  for (const auto& inf : package.infs)
    for (const auto& file : inf.files) {
      if (file.is_inf || fs::file_size(file.source) == 0) continue;
      const bool binary = signing::is_pe(InputFile(file.source));
      if (!binary) return file;
      if (!found) found = &file;
    }
  if (found) return *found;
  throw Error(Error::Kind::input,
              "'" + printable(package.folder.string(), 4096) +
                  "' installs no file beside its INF that could be broken",
              "take a package that installs a file");
}

/// A byte that the catalog's hash covers.
std::uint64_t covered_byte(const fs::path& path) {
  const InputFile file(path);
  if (!signing::is_pe(file)) return file.size() - 1;
  return signing::read_pe(file).content_end() - 1;
}

FaultyPackage tamper(const Package& package) {
  const auto& file = victim(package);
  const std::uint64_t at = covered_byte(file.source);
  Bytes bytes = read_file(file.source, max_changed_file_bytes);
  bytes.at(at) ^= 0xff;
  write_file(file.source, bytes, {Access::everyone, Existing::replace});
  return {fmt::format("byte {} of '{}' was changed", at, printable(file.relative)), file.relative};
}

/// CR LF becomes LF, in UTF-16 too. A file without CR LF gets some, which is the same fault.
Bytes other_line_ends(const Bytes& from) {
  const bool wide = from.size() >= 2 &&
                    ((from[0] == 0xff && from[1] == 0xfe) || (from[0] == 0xfe && from[1] == 0xff));
  const bool big_endian = wide && from[0] == 0xfe;
  const std::size_t unit = wide ? 2 : 1;
  const auto is = [&](std::size_t at, std::uint8_t wanted) {
    if (at + unit > from.size()) return false;
    if (!wide) return from[at] == wanted;
    return from[at + (big_endian ? 1 : 0)] == wanted && from[at + (big_endian ? 0 : 1)] == 0;
  };
  Bytes without, with;
  for (std::size_t at = 0; at < from.size(); at += unit) {
    const auto put = [&](Bytes& to) {
      to.insert(to.end(), from.begin() + std::ptrdiff_t(at),
                from.begin() + std::ptrdiff_t(std::min(at + unit, from.size())));
    };
    if (!(is(at, '\r') && is(at + unit, '\n'))) put(without);
    if (is(at, '\n')) {
      if (wide && big_endian) with.push_back(0);
      with.push_back('\r');
      if (wide && !big_endian) with.push_back(0);
    }
    put(with);
  }
  return without == from ? with : without;
}

FaultyPackage change_line_ends(const Package& package) {
  const auto& inf = package.infs.front();
  const fs::path path = inf.files.front().source;
  write_file(path, other_line_ends(read_file(path, max_changed_file_bytes)),
             {Access::everyone, Existing::replace});
  return {"the line ends of '" + printable(inf.name) + "' were changed after signing", inf.name};
}

FaultyPackage add_file(const Package& package) {
  constexpr const char* name = "nothing-installs-this.txt";
  write_file(package.folder / name, view("No INF of this package installs this file.\r\n"));
  return {std::string("'") + name + "' was added", name};
}

class FaultyWriter {
 public:
  FaultyWriter(fs::path to, Fault fault, const FaultySigning& signing)
      : to_(std::move(to)), fault_(fault), signing_(signing), options_(signing.options) {
    if (fault == Fault::no_timestamp) options_.sign.timestamp = nullptr;
    if (fault == Fault::untrusted_timestamp) options_.sign.timestamp = signing.untrusted;
    if (fault == Fault::no_catalog) options_.binaries = Binaries::none;
    // The catalog's version is not what is wrong with it.
    if (options_.catalog.version == CatalogVersion::automatic)
      options_.catalog.version = resolve(CatalogVersion::automatic, options_.package.targets) == 1
                                     ? CatalogVersion::v1
                                     : CatalogVersion::v2;
  }

  FaultyPackage write() {
    (void)sign_package(to_, signing_.identity, options_);
    const Package package = read_package(to_, options_.package);
    switch (fault_) {
      case Fault::none:
      case Fault::no_timestamp:
      case Fault::untrusted_timestamp:
        return {std::string(meaning(fault_)), ""};
      case Fault::no_catalog:
      case Fault::signature_only_in_binary:
        remove_catalogs(package);
        return {std::string(meaning(fault_)), ""};
      case Fault::unsigned_catalog:
        (void)write_catalogs(package, options_.catalog, Existing::replace);
        return {std::string(meaning(fault_)), ""};
      case Fault::tampered_file:
        return tamper(package);
      case Fault::extra_file:
        return add_file(package);
      case Fault::lf_line_ends:
        return change_line_ends(package);
      case Fault::missing_member:
        return leave_out(package);
      case Fault::wrong_os_attribute:
        return misattribute(package);
    }
    throw Error(Error::Kind::internal, "an unknown fault");
  }

 private:
  FaultyPackage leave_out(const Package& package) {
    const auto& file = victim(package);
    const auto hashes = hash_file(file.source);
    for (auto built : build_catalogs(package, options_.catalog)) {
      std::erase_if(built.catalog.members, [&](const signing::CatalogMember& member) {
        const Bytes digest = copy(member.digest());
        return digest == hashes.sha1 || digest == hashes.sha256;
      });
      sign_catalog(built);
    }
    return {"'" + printable(file.relative) + "' is not in the catalog", file.relative};
  }

  FaultyPackage misattribute(const Package& package) {
    for (auto built : build_catalogs(package, options_.catalog)) {
      for (auto& member : built.catalog.members)
        for (auto& attribute : member.attributes)
          if (attribute.name == "OSAttr")
            attribute = signing::NameValue::of_text("OSAttr", later_kernel);
      sign_catalog(built);
    }
    return {std::string("the catalog says OSAttr ") + later_kernel, ""};
  }

  void sign_catalog(const BuiltCatalog& built) {
    write_file(built.path, signing::encode_unsigned(built.catalog),
               {Access::everyone, Existing::replace});
    auto sign = options_.sign;
    sign.page_hashes = false;  // of PE files only
    const std::string relative = built.path.lexically_relative(to_).generic_string();
    if (options_.before) options_.before(relative, built.path);
    const auto result = signing::sign_file(built.path, built.path, signing_.identity, sign,
                                           Existing::replace, options_.progress);
    if (options_.after) options_.after(built.path, result);
  }

  fs::path to_;
  Fault fault_;
  const FaultySigning& signing_;
  PackageSignOptions options_;
};

}  // namespace

std::string_view to_text(Fault fault) { return rows.at(std::size_t(fault)).name; }

std::string_view meaning(Fault fault) { return rows.at(std::size_t(fault)).meaning; }

std::optional<Fault> fault_by_name(std::string_view name) {
  for (const auto& row : rows)
    if (row.name == name) return row.fault;
  return std::nullopt;
}

FaultyPackage write_faulty(const fs::path& from, const fs::path& to, Fault fault,
                           const FaultySigning& signing) {
  copy_package(from, to);
  return FaultyWriter(fs::absolute(to), fault, signing).write();
}

}  // namespace sealwright::driver
