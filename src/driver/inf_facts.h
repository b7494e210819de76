#pragma once
// Inside driver only: reads what one INF says, and adds what is wrong with it to the package's
// findings.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "driver/decoration.h"
#include "driver/folder.h"
#include "driver/package.h"

namespace sealwright::driver {

/// What reading the INFs of one package shares.
struct PackageReading {
  Folder& folder;
  const PackageOptions& options;
  Platforms platforms;
  std::map<std::string, Inf> infs;  ///< By lower-case name.
  std::vector<Finding>& findings;
};

/// The [Version] section: class, DriverVer, the names of catalogs.
void read_version_section(const Inf& inf, const std::vector<Architecture>& architectures,
                          PackageReading& reading, PackageInf& made);

/// An install section and the architectures it is for.
struct InstallSection {
  std::string name;  ///< Without decoration.
  int line = 0;      ///< Where it is named.
  Architecture architecture;
};
struct Models {
  std::vector<InstallSection> installs;  ///< No duplicates.
  std::vector<Architecture> architectures;
  std::vector<std::string> hardware_ids;
};
/// [Manufacturer], the models sections it names as far as they are for the package's platforms, and
/// DefaultInstall, ClassInstall32 and InterfaceInstall32.
Models read_models(const Inf& inf, PackageReading& reading);
/// Whether an INF installs anything by itself.
bool is_installation_inf(const Inf& inf);

/// Every file that the install sections copy, found in the folder; duplicates left out.
std::vector<PackageFile> read_copied_files(const Inf& inf,
                                           const std::vector<InstallSection>& installs,
                                           PackageReading& reading);

}  // namespace sealwright::driver
