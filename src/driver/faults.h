#pragma once
// Driver packages that are wrong in exactly one way: for machines that must refuse them, and say
// why.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/package_sign.h"

namespace sealwright::driver {

enum class Fault {
  none,
  unsigned_catalog,
  no_catalog,          ///< Nothing is signed, and the catalog that the INF names is not there.
  tampered_file,       ///< One byte of an installed file was changed after signing.
  missing_member,      ///< The catalog does not list one installed file.
  extra_file,          ///< A file that no INF installs: no fault at all to Windows.
  lf_line_ends,        ///< Version control changed the line ends of an INF.
  wrong_os_attribute,  ///< The catalog is for a Windows later than any.
  no_timestamp,
  untrusted_timestamp,       ///< Stamped by an authority that no machine trusts.
  signature_only_in_binary,  ///< The binaries are signed, the catalog is not there.
};
std::string_view to_text(Fault fault);  ///< "unsigned-catalog": as in YAML
std::optional<Fault> fault_by_name(std::string_view name);
std::string_view meaning(Fault fault);  ///< For people, one line.

/// How a faulty package is signed.
struct FaultySigning {
  const signing::Identity& identity;
  PackageSignOptions
      options;  ///< With the timestamper for all but the two faults about timestamps.
  signing::Timestamper* untrusted = nullptr;  ///< For untrusted_timestamp.
};

/// What was done, in words: "byte 1024 of 'sample.sys' was changed".
struct FaultyPackage {
  std::string change;
  std::string file;  ///< That the fault is about, relative to the package; or empty.
};

/// Copies the package in `from` to the new folder `to`, signs it and breaks it in this one way.
/// `from` is only read; catalogs in it are left behind.
///
/// Throws what sign_package() throws; Error::Kind::input where the package offers no place for the
/// fault (no installed file beside the INF).
FaultyPackage write_faulty(const std::filesystem::path& from, const std::filesystem::path& to,
                           Fault fault, const FaultySigning& signing);

}  // namespace sealwright::driver
