#pragma once
// A Group Policy Object as a backup folder that Import-GPO reads ([MS-GPOL], [MS-GPPREF], and
// backups made by the Group Policy console).

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// Files: manifest.xml and {BACKUP-ID}/{Backup.xml, bkupInfo.xml, gpreport.xml, DomainSysvol/…}.
/// GUIDs are derived from workspace, bundle and content.
///
/// The flavour of the request: "policy" has the certificates in registry.pol, under
/// Software\Policies; "preference" (where none is said) in Preferences/Registry/Registry.xml, right
/// in the machine's stores. What a preference wrote stays when the policy goes: the folder remove/
/// then holds a second backup, which takes everything out again.
std::vector<OutputFile> gpo_backup(const State& state, const FormatRequest& request);

/// Whether the request asks for the flavour that tattoos.
bool is_preference(const FormatRequest& request);

/// The id of the backup, with braces: what `Import-GPO -BackupId` takes.
std::string gpo_backup_id(const State& state, const FormatRequest& request);
/// Of the backup in remove/.
std::string gpo_removal_id(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
