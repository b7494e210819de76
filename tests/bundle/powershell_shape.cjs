// Prints the shape of PowerShell scripts (the types of their syntax nodes), one line each. Exit code 1 where one is no
// PowerShell or runs something else than its own functions and cmdlets of Windows PowerShell 5.1; 3 where the parser is
// not installed (scripts/setup does that).
const fs = require('fs');

// Of the modules that every Windows PowerShell 5.1 has: Microsoft.PowerShell.Core, Management, Security and Utility, PKI.
const cmdlets = new Set(`
  ForEach-Object Get-Command Get-Help Get-Module Import-Module Out-Null Set-StrictMode Where-Object

  Add-Content Clear-Content Clear-Item Clear-ItemProperty Convert-Path Copy-Item Copy-ItemProperty Get-ChildItem
  Get-Content Get-Item Get-ItemProperty Get-ItemPropertyValue Get-Location Get-Process Get-PSDrive Get-PSProvider
  Get-Service Get-WmiObject Invoke-Item Join-Path Move-Item Move-ItemProperty New-Item New-ItemProperty New-PSDrive
  Pop-Location Push-Location Remove-Item Remove-ItemProperty Remove-PSDrive Rename-Item Rename-ItemProperty
  Resolve-Path Restart-Service Set-Content Set-Item Set-ItemProperty Set-Location Split-Path Start-Process
  Start-Service Stop-Process Stop-Service Test-Path Wait-Process Write-EventLog

  ConvertFrom-SecureString ConvertTo-SecureString Get-Acl Get-AuthenticodeSignature Get-ExecutionPolicy
  Set-Acl Set-AuthenticodeSignature

  Add-Member Add-Type Compare-Object ConvertFrom-Csv ConvertFrom-Json ConvertTo-Csv ConvertTo-Html ConvertTo-Json
  ConvertTo-Xml Export-Clixml Export-Csv Format-List Format-Table Get-Culture Get-Date Get-FileHash Get-Host
  Get-Member Get-Random Get-Unique Get-Variable Group-Object Import-Clixml Import-Csv Invoke-RestMethod
  Invoke-WebRequest Measure-Command Measure-Object New-Guid New-Object New-TimeSpan New-Variable Out-File Out-Host
  Out-String Read-Host Remove-Variable Select-Object Select-String Select-Xml Set-Variable Sort-Object Start-Sleep
  Tee-Object Write-Debug Write-Error Write-Host Write-Information Write-Output Write-Progress Write-Verbose
  Write-Warning

  Export-Certificate Get-Certificate Import-Certificate Import-PfxCertificate Test-Certificate
`.trim().split(/\s+/));

const complain = (node, what) => {
  console.error(`line ${node.startPosition.row + 1}: ${what.slice(0, 80)}`);
  process.exitCode = 1;
};
const all = (node) => [node, ...node.children.flatMap(all)];

const checkCommands = (nodes) => {
  const own = new Set(nodes.filter((node) => node.type === 'function_name').map((node) => node.text));
  for (const command of nodes.filter((node) => node.type === 'command')) {
    const name = command.children.find((child) => child.type === 'command_name');
    if (!name) complain(command, `a command without a name of its own: ${command.text}`);
    else if (!own.has(name.text) && !cmdlets.has(name.text))
      complain(name, `${name.text} is no cmdlet of Windows PowerShell 5.1`);
  }
};

const shape = (node) => {
  const inner = node.children.map(shape).join(' ');
  return inner ? `(${node.type} ${inner})` : node.type;
};

(async () => {
  let parsers, grammar;
  try {
    parsers = require('web-tree-sitter');
    grammar = require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm');
  } catch {
    process.exit(3);
  }
  await parsers.Parser.init();
  const parser = new parsers.Parser();
  parser.setLanguage(await parsers.Language.load(grammar));
  for (const file of process.argv.slice(2)) {
    const root = parser.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '')).rootNode;
    const nodes = all(root);
    for (const node of nodes) if (node.type === 'ERROR' || node.isMissing) complain(node, node.text);
    checkCommands(nodes);
    console.log(shape(root));
  }
})();
