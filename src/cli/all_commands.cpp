#include "cli/all_commands.h"

namespace sealwright::cli {

std::vector<Command> commands() {
  return {init_command(),     plan_command(),    apply_command(),   status_command(),
          activate_command(), list_command(),    show_command(),    export_command(),
          bundle_command(),   catalog_command(), package_command(), sign_command(),
          verify_command(),   lint_command(),    policy_command(),  schema_command(),
          explain_command()};
}

}  // namespace sealwright::cli
