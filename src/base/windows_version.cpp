#include "base/windows_version.h"

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"

namespace sealwright {
namespace {
using enum Architecture;

/// What inf2cat's /os option tells apart, in the order its catalogs list them.
struct Family {
  std::string_view stem;  ///< inf2cat name without the architecture; joins Version::stem.
  Architecture architecture;
  std::string_view inf2cat, catalog_os;
};

// The OS strings and their order were read from catalogs that inf2cat wrote.
constexpr Family families[] = {
    {"2000", x86, "2000", "2000"},
    {"XP", x86, "XP_X86", "XPX86"},
    {"XP", x64, "XP_X64", "XPX64"},
    {"Server2003", x86, "Server2003_X86", "Server2003X86"},
    {"Server2003", ia64, "Server2003_IA64", "Server2003IA64"},
    {"Server2003", x64, "Server2003_X64", "Server2003X64"},
    {"Vista", x86, "Vista_X86", "VistaX86"},
    {"Vista", x64, "Vista_X64", "VistaX64"},
    {"Server2008", x86, "Server2008_X86", "Server2008X86"},
    {"Server2008", ia64, "Server2008_IA64", "Server2008IA64"},
    {"Server2008", x64, "Server2008_X64", "Server2008X64"},
    {"7", x86, "7_X86", "7X86"},
    {"7", x64, "7_X64", "7X64"},
    {"Server2008R2", ia64, "Server2008R2_IA64", "Server2008R2IA64"},
    {"Server2008R2", x64, "Server2008R2_X64", "Server2008R2X64"},
    {"8", x86, "8_X86", "8X86"},
    {"8", x64, "8_X64", "8X64"},
    {"8", arm, "8_ARM", "8ARM"},
    {"Server8", x64, "Server8_X64", "Server2012X64"},
    {"6_3", x86, "6_3_X86", "_v63"},
    {"6_3", x64, "6_3_X64", "_v63_X64"},
    {"6_3", arm, "6_3_ARM", "_v63_ARM"},
    {"Server6_3", x64, "Server6_3_X64", "_v63_Server_X64"},
    {"10", x86, "10_X86", "_v100"},
    {"10", x64, "10_X64", "_v100_X64"},
    {"Server10", x64, "Server10_X64", "Server_v100_X64"},
    {"Server10", arm64, "Server10_ARM64", "Server_v100_ARM64"},
    {"10_AU", x86, "10_AU_X86", "_v100_RS1"},
    {"10_AU", x64, "10_AU_X64", "_v100_X64_RS1"},
    {"Server2016", x64, "Server2016_X64", "Server_v100_X64_RS1"},
    {"10_RS2", x86, "10_RS2_X86", "_v100_RS2"},
    {"10_RS2", x64, "10_RS2_X64", "_v100_X64_RS2"},
    {"10_RS3", x86, "10_RS3_X86", "_v100_RS3"},
    {"10_RS3", x64, "10_RS3_X64", "_v100_X64_RS3"},
    {"10_RS3", arm64, "10_RS3_ARM64", "_v100_ARM64_RS3"},
    {"10_RS4", x86, "10_RS4_X86", "_v100_RS4"},
    {"10_RS4", x64, "10_RS4_X64", "_v100_X64_RS4"},
    {"10_RS4", arm64, "10_RS4_ARM64", "_v100_ARM64_RS4"},
    {"10_RS5", x86, "10_RS5_X86", "_v100_RS5"},
    {"10_RS5", x64, "10_RS5_X64", "_v100_X64_RS5"},
    {"10_RS5", arm64, "10_RS5_ARM64", "_v100_ARM64_RS5"},
    {"ServerRS5", x64, "ServerRS5_X64", "Server_v100_X64_RS5"},
    {"ServerRS5", arm64, "ServerRS5_ARM64", "Server_v100_ARM64_RS5"},
    {"10_19H1", x86, "10_19H1_X86", "_v100_19H1"},
    {"10_19H1", x64, "10_19H1_X64", "_v100_X64_19H1"},
    {"10_19H1", arm64, "10_19H1_ARM64", "_v100_ARM64_19H1"},
    {"10_VB", x86, "10_VB_X86", "_v100_Vb"},
    {"10_VB", x64, "10_VB_X64", "_v100_X64_Vb"},
    {"10_VB", arm64, "10_VB_ARM64", "_v100_ARM64_Vb"},
    {"ServerFE", x64, "ServerFE_X64", "Server_v100_X64_21H2"},
    {"10_CO", x64, "10_CO_X64", "_v100_X64_21H2"},
    {"10_CO", arm64, "10_CO_ARM64", "_v100_ARM64_21H2"},
    {"10_NI", x64, "10_NI_X64", "_v100_X64_22H2"},
    {"10_NI", arm64, "10_NI_ARM64", "_v100_ARM64_22H2"},
    {"10_GE", x64, "10_GE_X64", "_v100_X64_24H2"},
    {"10_GE", arm64, "10_GE_ARM64", "_v100_ARM64_24H2"},
    {"Server2025", x64, "Server2025_X64", "Server_v100_X64_24H2"},
    {"Server2025", arm64, "Server2025_ARM64", "Server_v100_ARM64_24H2"},
    {"10_25H2", x64, "10_25H2_X64", "_v100_X64_25H2"},
    {"10_25H2", arm64, "10_25H2_ARM64", "_v100_ARM64_25H2"},
};

/// What people call a Windows version.
struct Version {
  std::string_view id, title, stem;
  int major, minor, build;
  std::string_view released;
};

// Oldest first within a stem. The first of a stem is what the bare inf2cat name stands for.
constexpr Version versions[] = {
    {"win2000", "Windows 2000", "2000", 5, 0, 2195, "2000-02-17"},
    {"xp", "Windows XP", "XP", 5, 1, 2600, "2001-10-25"},
    {"xp-sp2", "Windows XP SP2", "XP", 5, 1, 2600, "2004-08-25"},
    {"xp-sp3", "Windows XP SP3", "XP", 5, 1, 2600, "2008-04-21"},
    {"server2003", "Windows Server 2003", "Server2003", 5, 2, 3790, "2003-04-24"},
    {"vista", "Windows Vista", "Vista", 6, 0, 6000, "2007-01-30"},
    {"vista-sp1", "Windows Vista SP1", "Vista", 6, 0, 6001, "2008-02-04"},
    {"vista-sp2", "Windows Vista SP2", "Vista", 6, 0, 6002, "2009-04-28"},
    {"server2008", "Windows Server 2008", "Server2008", 6, 0, 6001, "2008-02-27"},
    {"win7", "Windows 7", "7", 6, 1, 7600, "2009-10-22"},
    {"win7-sp1", "Windows 7 SP1", "7", 6, 1, 7601, "2011-02-22"},
    {"server2008r2", "Windows Server 2008 R2", "Server2008R2", 6, 1, 7600, "2009-10-22"},
    {"win8", "Windows 8", "8", 6, 2, 9200, "2012-10-26"},
    {"server2012", "Windows Server 2012", "Server8", 6, 2, 9200, "2012-09-04"},
    {"win81", "Windows 8.1", "6_3", 6, 3, 9600, "2013-10-17"},
    {"server2012r2", "Windows Server 2012 R2", "Server6_3", 6, 3, 9600, "2013-10-18"},
    {"win10", "Windows 10", "10", 10, 0, 10240, "2015-07-29"},
    {"win10-1507", "Windows 10 1507", "10", 10, 0, 10240, "2015-07-29"},
    {"win10-1511", "Windows 10 1511", "10", 10, 0, 10586, "2015-11-10"},
    {"server10", "Windows Server 2016 and later", "Server10", 10, 0, 14393, "2016-10-12"},
    {"win10-1607", "Windows 10 1607", "10_AU", 10, 0, 14393, "2016-08-02"},
    {"server2016", "Windows Server 2016", "Server2016", 10, 0, 14393, "2016-10-12"},
    {"win10-1703", "Windows 10 1703", "10_RS2", 10, 0, 15063, "2017-04-05"},
    {"win10-1709", "Windows 10 1709", "10_RS3", 10, 0, 16299, "2017-10-17"},
    {"win10-1803", "Windows 10 1803", "10_RS4", 10, 0, 17134, "2018-04-30"},
    {"win10-1809", "Windows 10 1809", "10_RS5", 10, 0, 17763, "2018-11-13"},
    {"server2019", "Windows Server 2019", "ServerRS5", 10, 0, 17763, "2018-11-13"},
    {"win10-1903", "Windows 10 1903", "10_19H1", 10, 0, 18362, "2019-05-21"},
    {"win10-1909", "Windows 10 1909", "10_19H1", 10, 0, 18363, "2019-11-12"},
    {"win10-2004", "Windows 10 2004", "10_VB", 10, 0, 19041, "2020-05-27"},
    {"win10-20h2", "Windows 10 20H2", "10_VB", 10, 0, 19042, "2020-10-20"},
    {"win10-21h1", "Windows 10 21H1", "10_VB", 10, 0, 19043, "2021-05-18"},
    {"win10-21h2", "Windows 10 21H2", "10_VB", 10, 0, 19044, "2021-11-16"},
    {"win10-22h2", "Windows 10 22H2", "10_VB", 10, 0, 19045, "2022-10-18"},
    {"server2022", "Windows Server 2022", "ServerFE", 10, 0, 20348, "2021-08-18"},
    {"win11-21h2", "Windows 11 21H2", "10_CO", 10, 0, 22000, "2021-10-04"},
    {"win11-22h2", "Windows 11 22H2", "10_NI", 10, 0, 22621, "2022-09-20"},
    {"win11-23h2", "Windows 11 23H2", "10_NI", 10, 0, 22631, "2023-10-31"},
    {"win11-24h2", "Windows 11 24H2", "10_GE", 10, 0, 26100, "2024-10-01"},
    {"server2025", "Windows Server 2025", "Server2025", 10, 0, 26100, "2024-11-01"},
    {"win11-25h2", "Windows 11 25H2", "10_25H2", 10, 0, 26200, "2025-09-30"},
};

std::string_view os_attribute(int major, int minor) {
  switch (major * 10 + minor) {
    case 50:
      return "2:5.00";
    case 51:
      return "2:5.1";
    case 52:
      return "2:5.2";
    case 60:
      return "2:6.0";
    case 61:
      return "2:6.1";
    case 62:
      return "2:6.2";
    case 63:
      return "2:6.3";
    default:
      return "2:10.0";
  }
}

WindowsTarget target(const Version& version, const Family& family, int order) {
  WindowsTarget made;
  made.id = version.id;
  made.title = version.title;
  made.architecture = family.architecture;
  made.inf2cat = family.inf2cat;
  made.catalog_os = family.catalog_os;
  made.major = version.major;
  made.minor = version.minor;
  made.build = version.build;
  made.os_attribute = os_attribute(version.major, version.minor);
  made.server = family.stem.starts_with("Server");
  made.released = version.released;
  if (version.major > 6 || (version.major == 6 && version.minor >= 1))
    made.oldest_driver_date = "2009-04-21";
  made.table_order = order;
  // XP for x64 is built from Server 2003, and its catalogs name both kernels.
  if (family.inf2cat == "XP_X64") {
    made.minor = 2;
    made.build = 3790;
    made.os_attribute = "2:5.1,2:5.2";
  }
  return made;
}

std::vector<WindowsTarget> make_targets() {
  std::vector<WindowsTarget> made;
  for (std::size_t i = 0; i < std::size(families); ++i)
    for (const auto& version : versions)
      // Service pack 3 of XP exists for x86 only.
      if (version.stem == families[i].stem &&
          !(version.id == "xp-sp3" && families[i].architecture == x64))
        made.push_back(target(version, families[i], static_cast<int>(i)));
  return made;
}

using Index = std::map<std::string, std::vector<const WindowsTarget*>>;

/// Every spelling (lower case) → what it stands for. Itanium and 32-bit ARM are never meant by a
/// name without architecture.
Index make_index() {
  Index index, stems;
  for (const auto& target : windows_targets()) {
    const auto architecture = std::string(to_text(target.architecture));
    const bool common = target.architecture != ia64 && target.architecture != arm;
    const auto id = std::string(target.id);
    if (common) index[id].push_back(&target);
    index[id + "-" + architecture].push_back(&target);
    const auto full = ascii_lower(target.inf2cat);
    auto& named = index[full];
    if (!named.empty()) continue;  // an older version has the name
    named.push_back(&target);
    const auto suffix = "_" + architecture;
    if (common && full.ends_with(suffix))
      stems[full.substr(0, full.size() - suffix.size())].push_back(&target);
  }
  index.merge(
      stems);  // "vista" is a short name and "Vista_X86" without architecture: the former counts
  index["win8.1"] = index["win81"];
  return index;
}

const Index& index() {
  static const Index made = make_index();
  return made;
}
}  // namespace

std::string_view to_text(Architecture architecture) {
  switch (architecture) {
    case x86:
      return "x86";
    case x64:
      return "x64";
    case arm:
      return "arm";
    case arm64:
      return "arm64";
    case ia64:
      return "ia64";
  }
  return "";
}

std::string_view inf_decoration(Architecture architecture) {
  return architecture == x64 ? "amd64" : to_text(architecture);
}

std::span<const WindowsTarget> windows_targets() {
  static const std::vector<WindowsTarget> made = make_targets();
  return made;
}

std::vector<const WindowsTarget*> parse_windows_target(std::string_view name) {
  const auto found = index().find(ascii_lower(name));
  return found == index().end() ? std::vector<const WindowsTarget*>() : found->second;
}

std::vector<const WindowsTarget*> parse_windows_targets(const std::vector<std::string>& names) {
  std::vector<const WindowsTarget*> all;
  for (const auto& name : names) {
    const auto found = parse_windows_target(name);
    if (found.empty()) {
      const auto near = nearest_windows_target(name);
      throw Error(
          Error::Kind::input, "unknown Windows version '" + printable(name) + "'",
          near.empty() ? "names are like win11-24h2 or 10_GE_X64" : "did you mean '" + near + "'?");
    }
    all.insert(all.end(), found.begin(), found.end());
  }
  std::sort(all.begin(), all.end());  // one array, in table order
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::string nearest_windows_target(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& target : windows_targets()) {
    names.emplace_back(target.id);
    names.emplace_back(target.inf2cat);
  }
  return nearest(name, names);
}

}  // namespace sealwright
