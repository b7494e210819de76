#pragma once
// Runs a tool in this process as cli/ runs it, with a clock that stands still and passwords from a
// map.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../workspace/fixture.h"
#include "compat/tool.h"
#include "support.h"

namespace sealwright::test {

/// What came of a command line.
struct ToolRan {
  bool done = false;                         ///< Else `error` says why not.
  std::string out, err;                      ///< As cli/ prints them.
  std::string error, hint;                   ///< What was thrown.
  std::vector<std::string> notes, warnings;  ///< In order.
  std::string all_notes() const;             ///< Each on a line.
  std::string all_warnings() const;
};

/// One folder, one clock, at most one workspace.
class ToolBench {
 public:
  ToolBench();
  /// A lab for the tools to find; without this there is none.
  LabWorkspace& make_workspace();
  workspace::Workspace open_workspace();
  /// "@" before a word puts it into the folder.
  ToolRan run(const compat::Tool& tool, std::vector<std::string> words);
  /// The same, of words separated by blanks; 'quotes' keep blanks together.
  ToolRan run(const compat::Tool& tool, const std::string& line);
  std::filesystem::path path(const std::string& name) const { return scratch_ / name; }

  Time now;
  std::map<std::string, std::string> passwords;  ///< By variable: what the environment would hold.
  std::vector<std::string> targets;              ///< Windows versions of the workspace.

 private:
  std::optional<ossl::Secret> password(const compat::PasswordWish& wish) const;
  Scratch scratch_;
  std::unique_ptr<LabWorkspace> lab_;
};

/// As the shell splits a line of this simple kind.
std::vector<std::string> words_of(const std::string& line);

}  // namespace sealwright::test
