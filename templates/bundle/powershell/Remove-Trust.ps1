# Takes everything that the bundle put into the stores of this machine out again, distrust too, and
# takes back its settings. Needs an elevated prompt.
#
#   -WhatIf      says what it would do
#   -Json FILE   writes what was done
#   -Log FILE    appends what was done
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess = $true)]
param(
  [string] $Json,
  [string] $Log
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

{{! insert desired-state.ps1 }}

{{! insert look.ps1 }}

{{! insert act.ps1 }}

$failure = ''
try {
  foreach ($certificate in @($Wanted) + @($Unwanted)) {
    $what = '{0} {1} ({2})' -f $certificate.Store, $certificate.Thumbprint, $certificate.Name
    $key = Get-CertificateKey $certificate
    if ((Test-Path -LiteralPath $key) -and $PSCmdlet.ShouldProcess($what, 'remove')) {
      Remove-Item -LiteralPath $key -Recurse
      Add-Result 'removed' $what
    }
  }
  foreach ($setting in @($Settings) + @($UnwantedSettings)) {
    $what = '{0} {1}' -f $setting.Key, $setting.Name
    if ($PSCmdlet.ShouldProcess($what, 'take back')) {
      Undo-Setting $setting
      Add-Result 'taken back' $what
    }
  }
} catch {
  $failure = [string] $_
  throw
} finally {
  Save-Result 'Remove-Trust' $failure
}
