#pragma once
// A Group Policy Object as a backup folder that Import-GPO reads ([MS-GPOL], and backups made by
// the Group Policy console).

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// The policy flavour: certificates in registry.pol. Files: manifest.xml and
/// {BACKUP-ID}/{Backup.xml, bkupInfo.xml, gpreport.xml, DomainSysvol/GPO/Machine/registry.pol}.
/// GUIDs are derived from workspace, bundle and version.
std::vector<OutputFile> gpo_backup(const State& state);

/// The id of the backup, with braces: what `Import-GPO -BackupId` takes.
std::string gpo_backup_id(const State& state);

}  // namespace sealwright::bundle
