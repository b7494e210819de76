#pragma once
// Inside bundle only: which format a file is of, by its content.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sealwright::bundle {

enum class FileFormat {
  registry_pol,
  reg,
  registry_xml,
  lgpo,
  serialized_store,
  ldif,
  syncml,
  intune_profile,
  certutil_script,
  powershell_script,
  provisioning_package,  ///< customizations.xml
  blob,
  certificates,  ///< DER, PEM, PKCS#7
  pfx,
  zip,
  manifest,  ///< Of a bundle of ours.
  gpo_part,  ///< Backup.xml, bkupInfo.xml, manifest.xml, gpreport.xml
};

/// What the manifest.json of a bundle says of itself.
constexpr std::string_view bundle_schema = "sealwright.bundle/1";

/// Nothing where the bytes are of no format that bundles have. Throws Error::Kind::input for XML
/// that is not well-formed.
std::optional<FileFormat> recognize(BytesView bytes, const std::string& name);

}  // namespace sealwright::bundle
