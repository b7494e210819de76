// [Version]: "INF Version Section", "INF DriverVer Directive".

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "base/encoding.h"
#include "driver/inf_facts.h"

namespace sealwright::driver {
namespace {
struct DriverVer {
  Time date{};
  std::string version;
};

std::optional<unsigned> number(std::string_view text, std::size_t max_digits) {
  unsigned value = 0;
  if (text.empty() || text.size() > max_digits) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = text.find_first_of(separators);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

/// "mm/dd/yyyy" or "mm-dd-yyyy", month and day with two digits.
std::optional<Time> read_date(std::string_view text) {
  const auto parts = split(text, "/-");
  if (parts.size() != 3 || parts[0].size() != 2 || parts[1].size() != 2 || parts[2].size() != 4)
    return std::nullopt;
  const auto month = number(parts[0], 2), day = number(parts[1], 2), year = number(parts[2], 4);
  if (!month || !day || !year) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date));
}

/// "w.x.y.z", each at most 65535, not all zero.
bool is_version(std::string_view text) {
  const auto parts = split(text, ".");
  if (parts.size() > 4) return false;
  bool any = false;
  for (const auto part : parts) {
    const auto value = number(part, 5);
    if (!value || *value > 65535) return false;
    any = any || *value != 0;
  }
  return any;
}

std::optional<DriverVer> read_driver_ver(const InfEntry& entry) {
  const auto date = read_date(entry.value(0));
  if (!date) return std::nullopt;
  const auto& version = entry.value(1);
  if (!version.empty() && !is_version(version)) return std::nullopt;
  return DriverVer{*date, version};
}

/// The release date before which no driver for the newest target can be, or nothing.
const WindowsTarget* newest_with_limit(const PackageOptions& options) {
  const WindowsTarget* newest = nullptr;
  for (const auto* target : options.targets)
    if (!target->oldest_driver_date.empty() &&
        (!newest || target->oldest_driver_date > newest->oldest_driver_date))
      newest = target;
  return newest;
}

void check_date(const DriverVer& found, int line, PackageReading& reading, const std::string& inf) {
  if (reading.options.now != Time{} && found.date > reading.options.now)
    reading.findings.push_back({Finding::Severity::error, "driver-date-in-future", "22.9.7", inf,
                                line,
                                "DriverVer is set to a date in the future (" + to_date(found.date) +
                                    "; today is " + to_date(reading.options.now) + " UTC)",
                                "set DriverVer to today or an earlier date"});
  const auto* newest = newest_with_limit(reading.options);
  if (newest && to_date(found.date) < newest->oldest_driver_date)
    reading.findings.push_back({Finding::Severity::error, "driver-date-too-old", "22.9.7", inf,
                                line,
                                "DriverVer " + to_date(found.date) + " is before " +
                                    std::string(newest->oldest_driver_date) +
                                    ", the earliest that " + std::string(newest->title) + " takes",
                                "set DriverVer to the day of the build"});
}

void malformed_driver_ver(const InfEntry* entry, PackageReading& reading, const PackageInf& made) {
  const bool written = entry && !entry->value(0).empty();
  const auto what = written ? "DriverVer '" + printable(entry->value(0)) +
                                  (entry->values.size() > 1 ? "," : "") +
                                  printable(entry->value(1)) + "' is in incorrect format"
                            : "DriverVer is missing";
  reading.findings.push_back({Finding::Severity::error, "driver-ver-malformed", "22.9.6", made.name,
                              made.driver_ver_line, what,
                              "write DriverVer = mm/dd/yyyy,w.x.y.z with two-digit month and day"});
}

void read_driver_ver(const InfSection& version, PackageReading& reading, PackageInf& made) {
  const auto* entry = version.find("DriverVer");
  made.driver_ver_line = entry ? entry->line : version.line;
  const auto found = entry ? read_driver_ver(*entry) : std::nullopt;
  if (!found) return malformed_driver_ver(entry, reading, made);
  made.driver_date = to_date(found->date);
  made.driver_version = found->version;
  check_date(*found, made.driver_ver_line, reading, made.name);
}

/// Catalog names end up as files in the folder: a name must not reach anything else.
bool is_catalog_name(std::string_view name) {
  const auto lower = ascii_lower(name);
  if (printable(name, name.size()) != name) return false;
  return lower.size() > 4 && lower.ends_with(".cat") && !lower.starts_with('.') &&
         lower.find_first_of("/\\:\n\r\t\"*?<>|") == std::string::npos && lower.size() <= 255;
}

/// CatalogFile.ntamd64, else CatalogFile.nt, else CatalogFile.
const InfEntry* catalog_entry(const InfSection& version, Architecture architecture) {
  const auto decorated = "CatalogFile.nt" + std::string(inf_decoration(architecture));
  for (const auto& key : {decorated, std::string("CatalogFile.nt"), std::string("CatalogFile")})
    if (const auto* entry = version.find(key); entry && !entry->value(0).empty()) return entry;
  return nullptr;
}

void missing_catalog(const InfSection& version, Architecture architecture, PackageReading& reading,
                     const std::string& inf) {
  const auto name = std::string(inf_decoration(architecture));
  reading.findings.push_back(
      {Finding::Severity::error, "no-catalog-file", "22.9.4", inf, version.line,
       "missing " + ascii_upper(name) + " CatalogFile entry (CatalogFile.nt" + name +
           ", CatalogFile.nt, CatalogFile) in [Version]",
       "add CatalogFile = " + ascii_lower(inf.substr(0, inf.rfind('.'))) + ".cat to [Version]"});
}

void read_catalog_names(const InfSection& version, const std::vector<Architecture>& architectures,
                        PackageReading& reading, PackageInf& made) {
  std::set<std::string> refused;
  for (const auto architecture : architectures) {
    const auto* entry = catalog_entry(version, architecture);
    if (!entry) {
      missing_catalog(version, architecture, reading, made.name);
    } else if (is_catalog_name(entry->value(0))) {
      made.catalogs[architecture] = entry->value(0);
    } else if (refused.insert(entry->value(0)).second) {
      reading.findings.push_back(
          {Finding::Severity::error, "bad-catalog-name", "", made.name, entry->line,
           "'" + printable(entry->value(0)) + "' cannot be the name of a catalog",
           "use a file name that ends in .cat, without a folder"});
    }
  }
}

void check_signature(const InfSection& version, PackageReading& reading, const PackageInf& made) {
  for (const auto* known : {"$Windows NT$", "$Chicago$", "$Windows 95$"})
    if (equal_ignoring_case(made.signature, known)) return;
  reading.findings.push_back(
      {Finding::Severity::error, "bad-signature-entry", "", made.name, version.line,
       made.signature.empty() ? "Signature is missing in [Version]"
                              : "Signature '" + printable(made.signature) + "' is not known",
       "write Signature = \"$Windows NT$\""});
}
}  // namespace

void read_version_section(const Inf& inf, const std::vector<Architecture>& architectures,
                          PackageReading& reading, PackageInf& made) {
  const auto* version = inf.find("Version");
  if (!version) {
    reading.findings.push_back({Finding::Severity::error, "no-version-section", "", made.name, 0,
                                "has no [Version] section",
                                "add one, or remove the file from the package"});
    return;
  }
  made.signature = inf.value("Version", "Signature");
  made.driver_class = inf.value("Version", "Class");
  made.class_guid = inf.value("Version", "ClassGuid");
  made.provider = inf.value("Version", "Provider");
  check_signature(*version, reading, made);
  read_driver_ver(*version, reading, made);
  read_catalog_names(*version, architectures, reading, made);
}

}  // namespace sealwright::driver
