@echo off
rem Puts the certificates of lab-trust, version 3, into the stores of this machine, and takes out those
rem that left the bundle. Elevated prompt. Exit code 0: all done.
setlocal
set failed=0
certutil -f -addstore Root "%~dp0certificates\Root-81225E492A854F02E2BD263BF7AE6C789D800F88.cer" || set failed=1
certutil -f -addstore CA "%~dp0certificates\CA-BCB74718BD3DC9A3DE05FDA138DD2CD2DA4E1B70.cer" || set failed=1
certutil -delstore TrustedPublisher 60956572BC26CFD0D705D51CB78C983D31919641 >nul 2>&1
exit /b %failed%
