@echo off
rem Takes the certificates of lab-trust, version 3, out of the stores of this machine. Elevated prompt.
certutil -delstore Root 81225E492A854F02E2BD263BF7AE6C789D800F88
certutil -delstore CA BCB74718BD3DC9A3DE05FDA138DD2CD2DA4E1B70
certutil -delstore TrustedPublisher 60956572BC26CFD0D705D51CB78C983D31919641

exit /b 0
