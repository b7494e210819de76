# Detection method of a Configuration Manager application: exit code 0 and one line mean installed,
# exit code 0 and silence mean not installed.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

{{! insert desired-state.ps1 }}

{{! insert look.ps1 }}

try {
  if (@(Get-Difference).Count -eq 0) {
    Write-Output ('{0} version {1} is installed' -f $Bundle, $Version)
  }
} catch {
  # Whatever cannot be looked at is not installed; an error text would count as installed.
  exit 0
}
exit 0
