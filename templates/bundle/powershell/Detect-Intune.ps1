# Detection script of an Intune remediation: exit code 0 means as it shall be, 1 means to be mended
# by Install-Trust.ps1. Let it run in 64-bit PowerShell, as the system.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

{{! insert desired-state.ps1 }}

{{! insert look.ps1 }}

try {
  $differences = @(Get-Difference)
} catch {
  Write-Output ('cannot look: {0}' -f $_)
  exit 1
}
if ($differences.Count -eq 0) {
  Write-Output ('{0} version {1} is installed' -f $Bundle, $Version)
  exit 0
}
Write-Output ($differences -join '; ')
exit 1
