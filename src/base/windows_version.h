#pragma once
// The one table of Windows versions, in both spellings people use: "win11-24h2" (short name, as in
// sealwright.yaml) and "10_GE_X64" (inf2cat's /os name), with what catalogs, INF decorations and
// the rules of each version need to know about it.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealwright {

enum class Architecture { x86, x64, arm, arm64, ia64 };

std::string_view to_text(Architecture architecture);         ///< "x86" "x64" "arm" "arm64" "ia64"
std::string_view inf_decoration(Architecture architecture);  ///< "x86" "amd64" "arm" "arm64" "ia64"

/// One Windows version on one architecture.
struct WindowsTarget {
  std::string_view id;     ///< "win10-22h2"
  std::string_view title;  ///< "Windows 10 22H2"
  Architecture architecture = Architecture::x64;
  /// "10_VB_X64": several versions may share one (2004 to 22H2 are all "VB").
  std::string_view inf2cat;
  std::string_view catalog_os;  ///< What a catalog's OS attribute calls it: "_v100_X64_Vb".
  /// What OSAttr calls it: "2:10.0"; for XP x64 two entries, "2:5.1,2:5.2".
  std::string_view os_attribute;
  int major = 0, minor = 0, build = 0;
  bool server = false;
  std::string_view released;  ///< ISO date of general availability.
  /// The earliest DriverVer date a driver for it may carry (ISO), or empty: 2009-04-21 from Windows
  /// 7 on.
  std::string_view oldest_driver_date;
  int table_order =
      0;  ///< Catalogs list their systems in this order; equal for equal inf2cat names.

  /// Whether its catalogs look up files by SHA-1 only, and so need version 1 (before Windows 8).
  bool needs_catalog_v1() const { return major < 6 || (major == 6 && minor < 2); }
};

/// Every version on every architecture, in the order of catalogs; oldest version first under one
/// inf2cat name.
std::span<const WindowsTarget> windows_targets();

/// The targets that `name` stands for: "win10-22h2" and "10_VB" its x86, x64 and ARM64 variants as
/// far as they exist, "win10-22h2-x64" and "10_VB_X64" one (of an inf2cat name, the oldest
/// version). inf2cat names in any case. Empty when unknown. The pointers live as long as the
/// program.
std::vector<const WindowsTarget*> parse_windows_target(std::string_view name);

/// The same for a list; each target once, in table order. Throws Error::Kind::input "unknown
/// Windows version 'X'" with the nearest name as hint.
std::vector<const WindowsTarget*> parse_windows_targets(const std::vector<std::string>& names);

/// The known name (of either spelling) nearest to a mistyped one, or "".
std::string nearest_windows_target(std::string_view name);

}  // namespace sealwright
