#include "driver/package.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "driver/inf_facts.h"

namespace sealwright::driver {
namespace {
/// Whether the file's name ends in `extension`, in any case.
bool has_extension(std::string_view name, std::string_view extension) {
  return name.size() > extension.size() &&
         equal_ignoring_case(name.substr(name.size() - extension.size()), extension);
}

/// "scream.inf:12: bad" → the line; the message without the place.
Finding unreadable(const std::string& name, const Error& error) {
  Finding finding{
      Finding::Severity::error, "inf-not-readable", "", name, 0, error.message, error.hint};
  std::string_view rest = error.message;
  const auto shown = printable(name) + ":";
  if (rest.starts_with(shown)) rest.remove_prefix(shown.size());
  std::size_t digits = 0;
  while (digits < rest.size() && digits < 9 && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
  if (digits > 0 && rest.substr(digits).starts_with(": ")) {
    finding.line = std::stoi(std::string(rest.substr(0, digits)));
    rest.remove_prefix(digits + 1);
  }
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  finding.message = rest;
  return finding;
}

void read_infs(PackageReading& reading) {
  for (const auto& name : reading.folder.root_files()) {
    if (!has_extension(name, ".inf")) continue;
    try {
      auto inf = read_inf(reading.folder.root() / name);
      reading.infs.emplace(ascii_lower(name), std::move(inf));
    } catch (const Error& error) {
      if (error.kind != Error::Kind::input) throw;
      reading.findings.push_back(unreadable(name, error));
    }
  }
}

/// Architectures whose catalogs matter: those asked for, else those that the INF has models for.
std::vector<Architecture> catalog_architectures(const PackageReading& reading,
                                                const Models& models) {
  if (!reading.options.targets.empty()) return reading.platforms.architectures();
  if (!models.architectures.empty()) return models.architectures;
  std::set<Architecture> used;
  for (const auto& install : models.installs) used.insert(install.architecture);
  return {used.begin(), used.end()};
}

/// A catalog cannot list itself.
bool is_own_catalog(const PackageFile& file, const PackageInf& inf, PackageReading& reading) {
  for (const auto& [architecture, name] : inf.catalogs) {
    if (!equal_ignoring_case(name, file.relative)) continue;
    reading.findings.push_back({Finding::Severity::warning, "catalog-copied", "", inf.name,
                                file.line,
                                "[" + printable(file.section) + "] copies the catalog '" +
                                    printable(name) + "': it cannot list itself",
                                "remove the line: Windows installs the catalog by itself"});
    return true;
  }
  return false;
}

PackageInf read_one(const Inf& inf, PackageReading& reading) {
  PackageInf made;
  made.name = inf.name();
  if (inf.stray_text_line() > 0)
    reading.findings.push_back({Finding::Severity::warning, "text-before-section", "", inf.name(),
                                inf.stray_text_line(), "text before the first section is ignored",
                                "start comments with ';'"});
  auto models = read_models(inf, reading);
  read_version_section(inf, catalog_architectures(reading, models), reading, made);
  made.hardware_ids = std::move(models.hardware_ids);
  made.architectures = std::move(models.architectures);
  made.files.push_back({reading.folder.root() / inf.name(), inf.name(), ascii_lower(inf.name()),
                        inf.name(), "", 0, true});
  for (auto& file : read_copied_files(inf, models.installs, reading))
    if (file.relative != inf.name() && !is_own_catalog(file, made, reading))
      made.files.push_back(std::move(file));
  return made;
}

void read_installation_infs(PackageReading& reading, Package& package) {
  for (const auto& [lower, inf] : reading.infs) {
    if (is_installation_inf(inf)) {
      package.infs.push_back(read_one(inf, reading));
      continue;
    }
    package.findings.push_back({Finding::Severity::note, "not-an-installation-inf", "", inf.name(),
                                0, "installs nothing by itself: no catalog lists it", ""});
  }
  const bool any_error =
      std::any_of(package.findings.begin(), package.findings.end(),
                  [](const auto& finding) { return finding.id == "inf-not-readable"; });
  if (package.infs.empty() && !any_error)
    package.findings.push_back({Finding::Severity::error, "no-inf", "", "", 0,
                                "no installation INF found in the root of the package",
                                "name the folder that holds the INF itself"});
}

void list_other_files(Folder& folder, Package& package) {
  std::set<std::string> installed, catalogs;
  for (const auto& inf : package.infs) {
    for (const auto& file : inf.files) installed.insert(file.relative);
    for (const auto& [architecture, name] : inf.catalogs) catalogs.insert(ascii_lower(name));
  }
  for (const auto& file : folder.all_files()) {
    const bool in_root = file.find('/') == std::string::npos;
    if (in_root && catalogs.contains(ascii_lower(file)))
      package.catalogs_present.push_back(file);
    else if (in_root && has_extension(file, ".cat"))
      package.stray_catalogs.push_back(file);
    else if (!installed.contains(file))
      package.unlisted.push_back(file);
  }
}
}  // namespace

std::string_view to_text(Finding::Severity severity) {
  switch (severity) {
    case Finding::Severity::error:
      return "error";
    case Finding::Severity::warning:
      return "warning";
    case Finding::Severity::note:
      return "note";
  }
  return "";
}

std::string Finding::text() const {
  auto made = printable(file);
  if (line > 0) made += ":" + std::to_string(line);
  if (!made.empty()) made += ": ";
  made += message;
  return alias.empty() ? made : made + " (" + alias + ")";
}

bool Package::acceptable() const {
  return std::none_of(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.severity == Finding::Severity::error;
  });
}

void Package::require_acceptable() const {
  std::optional<Error> first;
  for (const auto& finding : findings) {
    if (finding.severity != Finding::Severity::error) continue;
    if (first)
      first->causes.push_back(finding.text());
    else
      first.emplace(Error::Kind::input, finding.text(), finding.remedy);
  }
  if (first) throw *first;
}

/// Where no INF has models for any architecture, a catalog would be for nothing.
void refuse_without_any_models(Package& package, std::size_t architectures) {
  const auto missing = std::count_if(package.findings.begin(), package.findings.end(),
                                     [](const auto& one) { return one.id == "no-models"; });
  if (missing == 0 || static_cast<std::size_t>(missing) < package.infs.size() * architectures)
    return;
  package.findings.push_back({Finding::Severity::error, "no-models-at-all", "", "", 0,
                              "no INF has models for the Windows versions asked for",
                              "name versions of the architecture that the INF is for with --os"});
}

Package read_package(const std::filesystem::path& path, const PackageOptions& options) {
  Folder folder(path);
  Package package;
  package.folder = folder.root();
  package.options = options;
  PackageReading reading{folder, options, Platforms(options), {}, package.findings};
  read_infs(reading);
  read_installation_infs(reading, package);
  refuse_without_any_models(package, reading.platforms.architectures().size());
  std::stable_sort(
      package.findings.begin(), package.findings.end(), [](const auto& a, const auto& b) {
        return std::pair(ascii_lower(a.file), a.line) < std::pair(ascii_lower(b.file), b.line);
      });
  list_other_files(folder, package);
  return package;
}

}  // namespace sealwright::driver
