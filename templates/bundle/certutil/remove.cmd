@echo off
rem Takes the certificates of {{bundle}}, version {{version}}, out of the stores of this machine. Elevated prompt.
{{#certificates}}
certutil -delstore {{store}} {{thumbprint}}
{{/certificates}}
{{#removed}}
certutil -delstore {{store}} {{thumbprint}}
{{/removed}}
exit /b 0
