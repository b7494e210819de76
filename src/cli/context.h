#pragma once
// What a subcommand gets from the world: where to print, the clock, randomness, and the options
// every command has.

#include <filesystem>
#include <iosfwd>
#include <string>

#include "base/progress.h"
#include "base/time.h"
#include "ossl/random.h"

namespace sealwright::cli {

/// Options that every command takes.
struct Globals {
  std::string workspace;  ///< -C, --workspace, $SEALWRIGHT_WORKSPACE; empty = the nearest parent
                          ///< that holds sealwright.yaml.
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_progress = false;
  std::string color = "auto";
};

struct Context {
  std::ostream& out;  ///< What was asked for.
  std::ostream& err;  ///< All talk.
  Clock clock;
  ossl::Random random;
  Globals globals;
  bool terminal = false;  ///< stdin and stderr are a terminal: questions may be asked.
  int exit_code = 0;      ///< 1 = checked, and the answer is no.

  /// Talk on stderr, unless --quiet.
  void say(const std::string& line);
  void warn(const std::string& line);
  /// Draws a bar on a terminal; empty in a pipe or with --quiet or --no-progress.
  Progress progress(const std::string& what);
};

}  // namespace sealwright::cli
