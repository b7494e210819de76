#include "cli/all_commands.h"

namespace sealwright::cli {

std::vector<Command> commands() {
  return {init_command(),    import_command(),   plan_command(),       apply_command(),
          status_command(),  activate_command(), rename_command(),     issue_command(),
          request_command(), ceremony_command(), revoke_command(),     crl_command(),
          list_command(),    tree_command(),     show_command(),       export_command(),
          bundle_command(),  catalog_command(),  package_command(),    sign_command(),
          verify_command(),  matrix_command(),   lint_command(),       policy_command(),
          schema_command(),  explain_command(),  completion_command(), man_command()};
}

}  // namespace sealwright::cli
