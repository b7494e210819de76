#pragma once
// A project for Windows Configuration Designer, which builds provisioning packages (.ppkg) on
// Windows ("Certificates (Windows Configuration Designer reference)").

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// customizations.xml with RootCertificates and CACertificates, certificates/STORE-THUMBPRINT.cer,
/// and remove.cmd: a package adds certificates and takes none out. The reference has no setting for
/// publishers and distrust, nor for State, so these are left out. The package's id is the same in
/// all versions of the bundle, and its version grows with them.
std::vector<OutputFile> ppkg_files(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
