#pragma once
// PowerShell scripts for single machines and management systems, with cmdlets of Windows
// PowerShell 5.1 only.

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// Install-Trust.ps1, Remove-Trust.ps1 and Test-Trust.ps1 for people; Detect-ConfigMgr.ps1 and
/// Detect-Intune.ps1 for management systems. UTF-8 with byte order mark (without one, Windows
/// PowerShell reads the system's code page) and CRLF. Whatever comes from a certificate stands in
/// single-quoted strings only.
std::vector<OutputFile> powershell_files(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
