#pragma once
// Inside bundle only: the command lines of a .cmd or .bat, as far as one can tell them without
// running it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealwright::bundle {

/// One command: "a b || c" and "if x ( a b )" are two.
struct CmdCommand {
  std::size_t line = 0;            ///< Where it starts.
  std::vector<std::string> words;  ///< Without quotes and carets, nothing expanded.
};

/// Reads one command after the other; comments (rem and ::), labels and redirections are left out.
/// Never throws: any text is a script.
class CmdReader {
 public:
  /// `text` must outlive it.
  explicit CmdReader(std::string_view text) : text_(text) {}
  std::optional<CmdCommand> next();

 private:
  char peek(std::size_t ahead = 0) const;
  bool at_start() const;
  void end_word();
  bool take_special(char c);
  void take_caret();
  void take_redirection();
  void skip_line();
  void read_command();

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1, blocks_ = 0;
  CmdCommand command_;
  std::string word_;
  bool in_word_ = false, quoted_ = false, drop_word_ = false;
};

}  // namespace sealwright::bundle
