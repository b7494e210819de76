#pragma once
// Runs a tool in this process, with a clock that stands still and passwords from a map.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compat/tool.h"
#include "support.h"

namespace sealwright::test {

/// What came of a command line.
struct ToolRan {
  bool done = false;                         ///< Else `error` says why not.
  std::string out, error, hint;              ///< What was printed; what was thrown.
  std::vector<std::string> notes, warnings;  ///< In order.
  std::string all_notes() const;             ///< Each on a line.
  std::string all_warnings() const;
};

/// One folder, one clock, one workspace.
class ToolBench {
 public:
  ToolBench();
  ~ToolBench();
  /// A workspace of the hierarchy driver-lab, whose keys open without a passphrase.
  void make_workspace();
  workspace::Workspace open_workspace();
  /// Words separated by blanks; 'quotes' keep blanks together; "@" before a file puts it into the
  /// folder. $NAME in `passwords` is what the environment would hold.
  ToolRan run(const compat::Tool& tool, const std::string& line);
  std::filesystem::path path(const std::string& name) const { return scratch_ / name; }

  Time now;
  std::map<std::string, std::string> passwords;

 private:
  Scratch scratch_;
};

/// As the shell splits a line of this simple kind.
std::vector<std::string> words_of(const std::string& line);

}  // namespace sealwright::test
