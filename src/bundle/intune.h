#pragma once
// Rows for the RootCATrustedCertificates configuration service provider: Intune and other device
// management (RootCATrustedCertificates CSP, MS-MDE2, OMA SyncML 1.2).

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// profile.json, the body of a Graph windows10CustomConfiguration with a row for each thumbprint;
/// install.xml and remove.xml, the same as SyncML bodies; certificates/STORE-THUMBPRINT.cer, what a
/// person uploads into a row by hand. The provider knows no purposes of roots and no settings.
std::vector<OutputFile> intune_files(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
