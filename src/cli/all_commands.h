#pragma once
// One function per file of this folder.

#include "cli/command.h"

namespace sealwright::cli {

Command activate_command();
Command apply_command();
Command bundle_command();
Command catalog_command();
Command ceremony_command();
Command completion_command();
Command crl_command();
Command explain_command();
Command export_command();
Command import_command();
Command init_command();
Command issue_command();
Command lint_command();
Command list_command();
Command man_command();
Command matrix_command();
Command package_command();
Command plan_command();
Command policy_command();
Command rename_command();
Command request_command();
Command revoke_command();
Command schema_command();
Command show_command();
Command sign_command();
Command status_command();
Command tree_command();
Command verify_command();

}  // namespace sealwright::cli
