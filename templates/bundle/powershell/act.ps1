$Results = New-Object System.Collections.ArrayList

function Add-Result([string] $Action, [string] $What) {
  [void] $Results.Add(@{ action = $Action; what = $What })
  $line = '{0}: {1}' -f $Action, $What
  Write-Output $line
  if ($Log) {
    $time = [System.DateTime]::UtcNow.ToString('u')
    Add-Content -LiteralPath $Log -Encoding UTF8 -Value ('{0} {1}' -f $time, $line) -WhatIf:$false
  }
}

function Save-Result([string] $Script, [string] $Failure) {
  if (-not $Json) { return }
  $report = @{
    script = $Script; bundle = $Bundle; version = $Version; computer = $env:COMPUTERNAME
    whatIf = [bool] $WhatIfPreference; failure = $Failure; results = @($Results)
  }
  ConvertTo-Json -InputObject $report -Depth 4 |
    Set-Content -LiteralPath $Json -Encoding UTF8 -WhatIf:$false
}

function Write-Setting($Setting, $Value) {
  if (-not (Test-Path -LiteralPath $Setting.Key)) {
    [void] (New-Item -Path $Setting.Key -Force)
  }
  [void] (New-ItemProperty -LiteralPath $Setting.Key -Name $Setting.Name -PropertyType DWord -Value $Value -Force)
}

# Takes back what the bundle added, and leaves the rest as it is.
function Undo-Setting($Setting) {
  $there = Get-Setting $Setting
  if ($null -eq $there) { return }
  if ($Setting.Bits) {
    $added = $Setting.Value -band (-bnot $Setting.Default)
    Write-Setting $Setting ($there -band (-bnot $added))
  } else {
    Remove-ItemProperty -LiteralPath $Setting.Key -Name $Setting.Name
  }
}
