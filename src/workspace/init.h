#pragma once
// Making a workspace.

#include <functional>

#include "workspace/keys.h"

namespace sealwright::workspace {

struct InitOptions {
  std::filesystem::path folder;
  std::string hierarchy;       ///< Name of one that came with the program, or a file.
  std::string organization;    ///< Empty: as the hierarchy says.
  bool no_passphrase = false;  ///< Labs only: a key file beside the inventory opens it.
  bool offline = false;        ///< The workspace in the safe: for the keys the YAML calls offline.
  AskPassphrase new_passphrase;
  Clock clock;
  ca::KeyringOptions keyring_options;
};

struct InitResult {
  std::filesystem::path folder;
  policy::Hierarchy hierarchy;
  std::vector<std::string> files;      ///< Written, relative to the folder.
  std::vector<std::string> key_files;  ///< Of these; whoever has one opens keyrings.
};

/// Writes sealwright.yaml, the policies it uses (pinned), .gitignore and an empty inventory with
/// its keyrings; in the safe only those of offline keys. A sealwright.yaml and policies that are in
/// the folder already are kept and used. Throws Error::Kind::policy for a safe that the YAML has no
/// use for, and Error::Kind::state where there is an inventory already, and leaves nothing
/// half-made: what this call wrote is removed again when it fails.
InitResult init(const InitOptions& options);

}  // namespace sealwright::workspace
