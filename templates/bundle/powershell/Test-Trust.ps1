# Whether this machine is as the bundle says. Changes nothing. Exit code 0: it is; 1: it is not, and
# each difference is a line.
#
#   -Json FILE   writes the answer
#   -Log FILE    appends the answer
#Requires -Version 5.1
[CmdletBinding()]
param(
  [string] $Json,
  [string] $Log
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

{{! insert desired-state.ps1 }}

{{! insert look.ps1 }}

$differences = @(Get-Difference)
if ($differences.Count -eq 0) { $lines = @('{0} version {1} is installed' -f $Bundle, $Version) }
else { $lines = $differences }
Write-Output $lines
if ($Log) {
  $time = [System.DateTime]::UtcNow.ToString('u')
  foreach ($line in $lines) {
    Add-Content -LiteralPath $Log -Encoding UTF8 -Value ('{0} {1}' -f $time, $line)
  }
}
if ($Json) {
  $report = @{
    script = 'Test-Trust'; bundle = $Bundle; version = $Version; computer = $env:COMPUTERNAME
    installed = ($differences.Count -eq 0); differences = $differences
  }
  ConvertTo-Json -InputObject $report -Depth 4 | Set-Content -LiteralPath $Json -Encoding UTF8
}
if ($differences.Count -eq 0) { exit 0 }
exit 1
