function Get-CertificateKey($Certificate) {
  'Registry::HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\{0}\Certificates\{1}' -f
    $Certificate.Store, $Certificate.Thumbprint
}

# Whether the machine has it, by whatever way it came, and it is the very certificate.
function Test-Certificate($Certificate) {
  $path = 'Cert:\LocalMachine\{0}\{1}' -f $Certificate.Store, $Certificate.Thumbprint
  if (-not (Test-Path -LiteralPath $path)) { return $false }
  $sha256 = [System.Security.Cryptography.SHA256]::Create()
  $digest = $sha256.ComputeHash((Get-Item -LiteralPath $path).RawData)
  return ([System.BitConverter]::ToString($digest) -replace '-', '') -eq $Certificate.Sha256
}

# The number that is there, or nothing.
function Get-Setting($Setting) {
  if (-not (Test-Path -LiteralPath $Setting.Key)) { return $null }
  return (Get-Item -LiteralPath $Setting.Key).GetValue($Setting.Name, $null)
}

function Test-Setting($Setting) {
  $there = Get-Setting $Setting
  if ($null -eq $there) { $there = $Setting.Default }
  if ($null -eq $there) { return $false }
  if ($Setting.Bits) { return ($there -band $Setting.Value) -eq $Setting.Value }
  return $there -eq $Setting.Value
}

# One line for each thing that is not as the bundle says.
function Get-Difference {
  foreach ($certificate in $Wanted) {
    if (-not (Test-Certificate $certificate)) {
      'missing: {0} {1}' -f $certificate.Store, $certificate.Thumbprint
    }
  }
  foreach ($certificate in $Unwanted) {
    if (Test-Path -LiteralPath (Get-CertificateKey $certificate)) {
      'still there: {0} {1}' -f $certificate.Store, $certificate.Thumbprint
    }
  }
  foreach ($setting in $Settings) {
    if (-not (Test-Setting $setting)) { 'not set: {0} {1}' -f $setting.Key, $setting.Name }
  }
}
