#pragma once
// Inside bundle only: as much of PowerShell's lexical grammar as it takes to find tables of plain
// values in a script, and not to be misled by comments and strings (PowerShell Language
// Specification 3.0, section 2).

#include <string>
#include <string_view>

namespace sealwright::bundle {

struct PowerShellToken {
  enum class Kind {
    variable,    ///< Its name in lower case, without scope: "$script:Wanted" is "wanted".
    text,        ///< A single-quoted string, unquoted.
    expandable,  ///< A double-quoted or here-string: what it is, only PowerShell knows.
    word,        ///< Anything else: "Store", "0x1", "+", "-Force".
    symbol,      ///< "@(" "@{" "(" ")" "{" "}" "=" ";" ","
    line_end,
    end,
  };
  Kind kind = Kind::end;
  std::string value;
  std::size_t line = 0;

  bool is(std::string_view symbol) const { return kind == Kind::symbol && value == symbol; }
};

/// Copying one looks ahead. Never throws: a string without end ends with the script, as `end`.
class PowerShellLexer {
 public:
  /// `text` must outlive it.
  explicit PowerShellLexer(std::string_view text) : text_(text) {}
  PowerShellToken next();

 private:
  bool at(std::string_view part) const { return text_.substr(at_).starts_with(part); }
  void skip_blank();
  std::size_t quote(std::string_view ascii) const;
  PowerShellToken made(PowerShellToken::Kind kind, std::string value = {}) const;
  PowerShellToken symbol(std::size_t length);
  PowerShellToken single_quoted();
  PowerShellToken double_quoted();
  PowerShellToken here_string();
  PowerShellToken variable();
  PowerShellToken word();
  void skip_to(std::size_t end);

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1, token_line_ = 1;
};

}  // namespace sealwright::bundle
