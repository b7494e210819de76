#pragma once
// A tool as data, and what it gets from the world.

#include <functional>
#include <iosfwd>
#include <memory>

#include "base/time.h"
#include "compat/flags.h"
#include "ossl/random.h"
#include "workspace/keys.h"
#include "workspace/lock.h"

namespace sealwright::compat {

/// A workspace held for changing (its lock), and what opens its keys.
struct OpenWorkspace {
  std::unique_ptr<workspace::Lock> lock;
  workspace::Workspace workspace;
  std::function<workspace::Keys(workspace::Workspace&)> keys;
};

/// A password that may be given outside argv: a file (`--password-file`), a variable, a prompt.
struct PasswordWish {
  std::string what;      ///< "password of 'root.pvk'"
  std::string file;      ///< What the option said, or empty.
  std::string variable;  ///< "SEALWRIGHT_PASSWORD"
  bool is_new = false;   ///< A prompt asks twice; an empty answer means none.
  /// Where it may be as well, before anybody is asked.
  std::string other_file{}, other_variable{};
  bool ask = true;  ///< Whether anybody is asked where it is in none of its places.
};

/// The streams, the clock, randomness, secrets, and the workspace.
struct World {
  std::ostream& out;  ///< The words the model prints: "Succeeded".
  std::ostream& err;  ///< All other talk.
  Clock clock;
  ossl::Random random;
  /// Nothing where it is in none of its places and nobody can be asked; empty: no password.
  std::function<std::optional<ossl::Secret>(const PasswordWish&)> password;
  /// The workspace of --workspace, $SEALWRIGHT_WORKSPACE or the current folder. Throws
  /// Error::Kind::state when there is none.
  std::function<OpenWorkspace()> open_workspace;
  /// Prints "TOOL: note: …" or "TOOL: warning: …" on err.
  std::function<void(const std::string&)> note, warn;
  /// The Windows versions that the workspace is for; none where there is no workspace.
  std::function<std::vector<std::string>()> targets = {};
};

/// One of the model's tools. `run` prints what the model prints on success; what could not be done
/// is thrown, and printed by whoever called it.
struct Tool {
  std::string_view name;     ///< "makecert"
  std::string_view usage;    ///< "makecert [OPTIONS] [OUT.cer]"
  std::string_view summary;  ///< One sentence.
  std::span<const Flag> flags;
  void (*run)(const CommandLine&, World&);
  std::string_view failed = "Failed";  ///< The word the model prints on failure.
};

std::span<const Tool> tools();
/// The tool whose name is `program`'s last part ("/usr/lib/sealwright/makecert", "MakeCert.exe");
/// null for any other.
const Tool* find_tool(std::string_view program);

/// What -? prints.
std::string help_text(const Tool& tool);

// Options that every tool has beside the model's; a tool's table begins with them.
#define SEALWRIGHT_COMMON_FLAGS                                                            \
  {"?", "", "Print this help"}, {"--help", "", "Print this help"},                         \
      {"--workspace", "DIR",                                                               \
       "The workspace (default: $SEALWRIGHT_WORKSPACE, or the nearest "                    \
       "parent that holds sealwright.yaml)"},                                              \
      {"--passphrase-file", "FILE", "Holds the passphrase of the workspace"}, {            \
    "--explain", "", "Do nothing; print the sealwright.yaml that makes the same, properly" \
  }

}  // namespace sealwright::compat
