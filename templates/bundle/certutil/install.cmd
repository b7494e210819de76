@echo off
rem Puts the certificates of {{bundle}}, version {{version}}, into the stores of this machine, and takes out those
rem that left the bundle. Elevated prompt. Exit code 0: all done.
setlocal
set failed=0
{{#certificates}}
rem SHA-256 {{sha256}}
certutil -f -addstore {{store}} "%~dp0certificates\{{store}}-{{thumbprint}}.cer" || set failed=1
{{/certificates}}
{{#removed}}
rem SHA-256 {{sha256}}
certutil -delstore {{store}} {{thumbprint}} >nul 2>&1
{{/removed}}
exit /b %failed%
