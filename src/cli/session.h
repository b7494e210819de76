#pragma once
// What commands that work on a workspace do first.

#include <memory>

#include "base/windows_version.h"
#include "cli/command.h"
#include "workspace/keys.h"
#include "workspace/lock.h"

namespace sealwright::cli {

/// The workspace meant by -C or the current folder. What an earlier run left unfinished is settled
/// and said.
workspace::Workspace open_workspace(Context& context);
/// The same for a command that changes it: of two runs at once the second waits, says so, and finds
/// what the first made. The lock is held as long as this lives.
struct WorkspaceToChange {
  std::unique_ptr<workspace::Lock> lock;
  workspace::Workspace workspace;
};
WorkspaceToChange open_workspace_to_change(Context& context);
/// The same, or nothing where there is none and none was named: for commands that work without.
std::unique_ptr<workspace::Workspace> open_workspace_if_any(Context& context);

/// Where what opens keys comes from.
struct KeyWords {
  std::string passphrase_file, pin_file, pin_env;
};
/// Adds their options to a command whose Options derive from KeyWords.
template <class O>
void add_key_options(CommandBuilder<O>& builder) {
  builder
      .template option<std::string>("--passphrase-file", "FILE", &O::passphrase_file,
                                    "Holds the passphrase of the workspace")
      .template option<std::string>("--pin-file", "FILE", &O::pin_file,
                                    "Holds the PIN of the token")
      .template option<std::string>("--pin-env", "VAR", &O::pin_env,
                                    "The environment variable that holds the PIN (default "
                                    "SEALWRIGHT_PIN)");
}

/// The keyrings and tokens of `workspace`; passphrase and PIN are read when first needed.
workspace::Keys open_keys(workspace::Workspace& workspace, const KeyWords& words, Context& context);
/// For commands that have no --pin-…: the PIN comes from the environment, or a person is asked.
workspace::Keys open_keys(workspace::Workspace& workspace, const std::string& passphrase_file,
                          Context& context);

/// "2026-11-21" or with a time; throws Error::Kind::usage.
Time parse_at(const std::string& text);
/// --at where given, else now.
Time judged_time(const std::string& at, const Context& context);

/// Windows versions of --os. Throws Error::Kind::usage for one that is not known.
std::vector<const WindowsTarget*> parse_os(const std::vector<std::string>& given);

/// Comma-separated words, also given several times.
std::vector<std::string> split_list(const std::vector<std::string>& given);

}  // namespace sealwright::cli
