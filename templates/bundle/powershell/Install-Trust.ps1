# Puts the certificates of the bundle into the stores of this machine, takes out what left the
# bundle, and sets what the bundle sets. Needs an elevated prompt. Run it again: nothing changes.
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
  foreach ($certificate in $Wanted) {
    $what = '{0} {1} ({2})' -f $certificate.Store, $certificate.Thumbprint, $certificate.Name
    if ($PSCmdlet.ShouldProcess($what, 'install')) {
      $key = Get-CertificateKey $certificate
      if (-not (Test-Path -LiteralPath $key)) { [void] (New-Item -Path $key -Force) }
      $blob = [System.Convert]::FromBase64String($certificate.Blob)
      [void] (New-ItemProperty -LiteralPath $key -Name 'Blob' -PropertyType Binary -Value $blob -Force)
      Add-Result 'installed' $what
    }
  }
  foreach ($certificate in $Unwanted) {
    $what = '{0} {1} ({2})' -f $certificate.Store, $certificate.Thumbprint, $certificate.Name
    $key = Get-CertificateKey $certificate
    if ((Test-Path -LiteralPath $key) -and $PSCmdlet.ShouldProcess($what, 'remove')) {
      Remove-Item -LiteralPath $key -Recurse
      Add-Result 'removed' $what
    }
  }
  foreach ($setting in $Settings) {
    $what = '{0} {1}' -f $setting.Key, $setting.Name
    if ((-not (Test-Setting $setting)) -and $PSCmdlet.ShouldProcess($what, 'set')) {
      $value = $setting.Value
      if ($setting.Bits) {
        $there = Get-Setting $setting
        if ($null -eq $there) { $there = $setting.Default }
        $value = $there -bor $setting.Value
      }
      Write-Setting $setting $value
      Add-Result 'set' $what
    }
  }
  foreach ($setting in $UnwantedSettings) {
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
  Save-Result 'Install-Trust' $failure
}
