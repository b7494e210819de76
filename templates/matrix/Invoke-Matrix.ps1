# Tries the cases of matrix '{{matrix}}' on this machine. Test machines only: it adds roots and drivers, and
# takes them out again. See README.txt.
[CmdletBinding(SupportsShouldProcess = $true)]
param(
  [string[]]$Case = @(),
  [string]$Results = (Join-Path $PSScriptRoot 'results'),
  [switch]$Interactive
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$identity = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
if (-not $identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
  throw 'Run this in an elevated PowerShell.'
}

Add-Type -TypeDefinition @'
using System;
using System.Runtime.InteropServices;
public static class SealwrightMatrix {
  [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
  struct FileInfo { public uint cbStruct; public string path; public IntPtr handle; public IntPtr subject; }
  [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
  struct TrustData {
    public uint cbStruct; public IntPtr policy; public IntPtr sip; public uint ui; public uint revocation;
    public uint choice; public IntPtr file; public uint action; public IntPtr state; public IntPtr url;
    public uint flags; public uint context; public IntPtr settings;
  }
  [DllImport("wintrust.dll", CharSet = CharSet.Unicode)]
  static extern uint WinVerifyTrust(IntPtr window, ref Guid action, ref TrustData data);

  [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
  struct SignerInfo {
    public uint cbSize;
    [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 260)] public string catalog;
    [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 260)] public string signer;
    [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 260)] public string version;
    public uint score;
  }
  [DllImport("setupapi.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool SetupVerifyInfFileW(string inf, IntPtr platform, ref SignerInfo info);
  [DllImport("setupapi.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool SetupCopyOEMInfW(string inf, string source, uint media, uint style,
                                      System.Text.StringBuilder target, uint size, out uint needed, IntPtr name);
  [DllImport("setupapi.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool SetupUninstallOEMInfW(string inf, uint flags, IntPtr reserved);

  // WINTRUST_ACTION_GENERIC_VERIFY_V2, no dialog, the whole chain.
  public static uint VerifyFile(string path) {
    Guid action = new Guid("00AAC56B-CD44-11d0-8CC2-00C04FC295EE");
    FileInfo file = new FileInfo();
    file.cbStruct = (uint)Marshal.SizeOf(typeof(FileInfo));
    file.path = path;
    IntPtr memory = Marshal.AllocHGlobal(Marshal.SizeOf(typeof(FileInfo)));
    try {
      Marshal.StructureToPtr(file, memory, false);
      TrustData data = new TrustData();
      data.cbStruct = (uint)Marshal.SizeOf(typeof(TrustData));
      data.ui = 2; data.revocation = 1; data.choice = 1; data.file = memory; data.action = 1;
      uint answer = WinVerifyTrust(new IntPtr(-1), ref action, ref data);
      data.action = 2;
      WinVerifyTrust(new IntPtr(-1), ref action, ref data);
      return answer;
    } finally {
      Marshal.FreeHGlobal(memory);
    }
  }
  public static uint VerifyInf(string inf) {
    SignerInfo info = new SignerInfo();
    info.cbSize = (uint)Marshal.SizeOf(typeof(SignerInfo));
    return SetupVerifyInfFileW(inf, IntPtr.Zero, ref info) ? 0 : (uint)Marshal.GetLastWin32Error();
  }
  // Adds the package to the driver store; 0, or the error. The name it got is in `added`.
  public static uint Add(string inf, out string added) {
    System.Text.StringBuilder target = new System.Text.StringBuilder(260);
    uint needed;
    bool good = SetupCopyOEMInfW(inf, null, 0, 0, target, 260, out needed, IntPtr.Zero);
    uint error = good ? 0 : (uint)Marshal.GetLastWin32Error();
    added = good ? System.IO.Path.GetFileName(target.ToString()) : "";
    return error;
  }
  public static void Remove(string inf) { SetupUninstallOEMInfW(inf, 1, IntPtr.Zero); }
}
'@

function Format-Code([uint32]$value) { '0x{0:X8}' -f $value }

# Adds what is not there yet, and returns it, so that exactly that is taken out again.
function Add-Trust([string]$folder) {
  $added = @()
  foreach ($name in 'Root', 'CA', 'TrustedPublisher', 'Disallowed') {
    $files = @(Get-ChildItem -Path (Join-Path $folder $name) -Filter '*.cer' -ErrorAction SilentlyContinue)
    if ($files.Count -eq 0) { continue }
    $store = New-Object Security.Cryptography.X509Certificates.X509Store($name, 'LocalMachine')
    $store.Open('ReadWrite')
    foreach ($file in $files) {
      $certificate = New-Object Security.Cryptography.X509Certificates.X509Certificate2($file.FullName)
      $there = $store.Certificates.Find('FindByThumbprint', $certificate.Thumbprint, $false).Count -gt 0
      if (-not $there) {
        $store.Add($certificate)
        $added += , @($name, $certificate)
      }
    }
    $store.Close()
  }
  foreach ($file in @(Get-ChildItem -Path (Join-Path $folder 'crl') -Filter '*.crl' -ErrorAction SilentlyContinue)) {
    & certutil.exe -f -addstore CA $file.FullName | Out-Null
  }
  , $added
}

function Remove-Trust($added) {
  foreach ($entry in $added) {
    $store = New-Object Security.Cryptography.X509Certificates.X509Store($entry[0], 'LocalMachine')
    $store.Open('ReadWrite')
    $store.Remove($entry[1])
    $store.Close()
  }
}

$stateKey = 'HKCU:\Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\Software Publishing'

function Get-State {
  $item = Get-ItemProperty -Path $stateKey -Name State -ErrorAction SilentlyContinue
  if ($item) { $item.State } else { $null }
}

function Set-State($value) {
  if ($null -eq $value) {
    Remove-ItemProperty -Path $stateKey -Name State -ErrorAction SilentlyContinue
  } else {
    if (-not (Test-Path $stateKey)) { New-Item -Path $stateKey -Force | Out-Null }
    New-ItemProperty -Path $stateKey -Name State -PropertyType DWord -Value $value -Force | Out-Null
  }
}

function Test-Case([string]$folder) {
  $package = Join-Path $folder 'package'
  $inf = @(Get-ChildItem -Path $package -Filter '*.inf')[0].FullName
  $catalog = @(Get-ChildItem -Path $package -Filter '*.cat')
  $answer = @{ signature = '0x800B0100'; setup = ''; dialog = 'unknown' }
  if ($catalog.Count -gt 0) {
    $answer.signature = Format-Code ([SealwrightMatrix]::VerifyFile($catalog[0].FullName))
  }
  $setup = [SealwrightMatrix]::VerifyInf($inf)
  # ERROR_AUTHENTICODE_TRUST_NOT_ESTABLISHED would ask a question.
  $asks = (Format-Code $setup) -eq '0xE0000242'
  if (-not $asks -or $Interactive) {
    $added = ''
    $copy = [SealwrightMatrix]::Add($inf, [ref]$added)
    if ($copy -ne 0) { $setup = $copy }
    if ($added) { [SealwrightMatrix]::Remove($added) }
    if (-not $asks) { if ($copy -eq 0) { $answer.dialog = 'none' } else { $answer.dialog = 'refused' } }
  }
  if ($Interactive -and $asks) {
    $answer.dialog = Read-Host 'What did you see? none, publisher-question or refused'
  }
  $answer.setup = Format-Code $setup
  $answer
}

$cases = @(
{{#cases}}
  @{ name = '{{name}}'; trust = '{{trust}}' }
{{/cases}}
)
if ($Case.Count -gt 0) { $cases = @($cases | Where-Object { $Case -contains $_.name }) }
$system = Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$machine = '{0}, build {1}' -f $system.ProductName, $system.CurrentBuildNumber
New-Item -ItemType Directory -Force -Path $Results | Out-Null

foreach ($one in $cases) {
  if (-not $PSCmdlet.ShouldProcess($one.name, 'put trust in place, try the package, take both out again')) { continue }
  $trust = Join-Path (Join-Path $PSScriptRoot 'trust') $one.trust
  $settings = Get-Content -Raw (Join-Path $trust 'settings.json') | ConvertFrom-Json
  $before = Get-State
  $added = Add-Trust $trust
  try {
    if ($settings.PSObject.Properties.Name -contains 'wintrust_state') { Set-State $settings.wintrust_state }
    $answer = Test-Case (Join-Path (Join-Path $PSScriptRoot 'cases') $one.name)
  } finally {
    Set-State $before
    Remove-Trust $added
  }
  $record = New-Object PSObject -Property @{
    schema = 'sealwright.matrix-result/1'; case = $one.name; machine = $machine
    signature = $answer.signature; setup = $answer.setup; dialog = $answer.dialog
  }
  $file = Join-Path $Results ('{0}--{1}.json' -f $one.name, $env:COMPUTERNAME)
  [IO.File]::WriteAllText($file, ($record | ConvertTo-Json))
  '{0,-50} signature {1}  setup {2}  dialog {3}' -f $one.name, $answer.signature, $answer.setup, $answer.dialog
}
