@echo off
rem Takes the certificates of {{bundle}}, version {{version}}, out of the stores of this machine. Elevated prompt.
{{#certificates}}
rem SHA-256 {{sha256}}
certutil -delstore {{store}} {{thumbprint}}
{{/certificates}}
{{#removed}}
rem SHA-256 {{sha256}}
certutil -delstore {{store}} {{thumbprint}}
{{/removed}}
exit /b 0
