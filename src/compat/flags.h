#pragma once
// compat knows the command lines that old build scripts call: makecert, cert2spc, pvk2pfx, certmgr.
// Each tool is a table of flags and a function; one reader turns words into a CommandLine. What the
// tools do is done by the folders below.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ossl/secret.h"

namespace sealwright::compat {

/// One word of a tool's table. `sv` is typed -sv, /sv, or in any other case; `--explain`, one of
/// ours, only like that.
struct Flag {
  std::string_view name;
  std::string_view
      values;  ///< What stands for its values in help, one word each: "FILE". "" = none.
  std::string_view help;
  bool secret = false;  ///< Its last value is a password.
};

/// The words of one call, told apart.
class CommandLine {
 public:
  bool has(std::string_view flag) const { return values_.contains(flag); }
  /// The value of a flag that has one; nothing when it was not given.
  std::optional<std::string> value(std::string_view flag) const;
  std::string value_or(std::string_view flag, std::string_view otherwise) const;
  /// All values of a flag that takes several (its secret, which is the last, left out).
  std::vector<std::string> values(std::string_view flag) const;
  /// How many files stood before it: what it is about, where a tool's words have an order.
  std::size_t files_before(std::string_view flag) const;
  const ossl::Secret* secret(std::string_view flag) const;          ///< Null when it was not given.
  bool has_secret() const { return !secrets_.empty(); }             ///< A password stood in argv.
  const std::vector<std::string>& files() const { return files_; }  ///< Words that are no flags.

 private:
  friend CommandLine read_words(std::span<const Flag> table, std::span<char* const> words);
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::map<std::string, std::size_t, std::less<>> files_before_;
  std::map<std::string, ossl::Secret, std::less<>> secrets_;
  std::vector<std::string> files_;
};

/// `words` is argv without the tool's name. `-x` or `/x` is a flag only where the whole word is in
/// `table`, whatever its case: /home/u/out.cer is a file. Passwords are overwritten in `words`,
/// so that no list of processes shows them for longer than it takes to get here.
///
/// Throws Error::Kind::usage for `-x` that the table does not have, a flag that comes twice, or
/// whose value is missing or is another flag of the table.
CommandLine read_words(std::span<const Flag> table, std::span<char* const> words);

}  // namespace sealwright::compat
