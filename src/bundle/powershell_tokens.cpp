#include "bundle/powershell_tokens.h"

#include <algorithm>

#include "base/encoding.h"

namespace sealwright::bundle {
namespace {

using Kind = PowerShellToken::Kind;

constexpr std::string_view single_quote = "'", double_quote = "\"";

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == ':';
}

bool ends_word(char c) {
  return std::string_view(" \t\r\n'\"(){};,=$|&`").find(c) != std::string_view::npos;
}

}  // namespace

/// The length of a quote of this kind that stands here, or 0. PowerShell takes U+2018 to U+201B for
/// single quotes, and U+201C to U+201E for double ones.
std::size_t PowerShellLexer::quote(std::string_view ascii) const {
  if (at(ascii)) return 1;
  if (at_ + 3 > text_.size() || !at("\xe2\x80")) return 0;
  const auto last = static_cast<unsigned char>(text_[at_ + 2]);
  const bool is =
      ascii == single_quote ? last >= 0x98 && last <= 0x9b : last >= 0x9c && last <= 0x9e;
  return is ? 3 : 0;
}

PowerShellToken PowerShellLexer::made(Kind kind, std::string value) const {
  return {kind, std::move(value), token_line_};
}

/// Moves on, and counts the lines on the way.
void PowerShellLexer::skip_to(std::size_t end) {
  end = std::min(end, text_.size());
  line_ +=
      static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                          text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
  at_ = end;
}

/// White space, comments, and lines that a backtick joins.
void PowerShellLexer::skip_blank() {
  for (;;) {
    if (at("#")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (at("<#")) {
      const auto end = text_.find("#>", at_ + 2);
      skip_to(end == std::string_view::npos ? text_.size() : end + 2);
    } else if (at("`")) {
      skip_to(at_ + (at("`\r\n") ? 3 : 2));
    } else if (at(" ") || at("\t") || at("\r")) {
      ++at_;
    } else {
      return;
    }
  }
}

PowerShellToken PowerShellLexer::symbol(std::size_t length) {
  at_ += length;
  return made(Kind::symbol, std::string(text_.substr(at_ - length, length)));
}

/// Of two quotes in a row, of whatever form, the second stands in the string.
PowerShellToken PowerShellLexer::single_quoted() {
  std::string value;
  for (at_ += quote(single_quote); at_ < text_.size();) {
    const auto length = quote(single_quote);
    at_ += length;
    const auto kept = length == 0 ? 1 : quote(single_quote);
    if (kept == 0) return made(Kind::text, std::move(value));
    value += text_.substr(at_, kept);
    skip_to(at_ + kept);
  }
  return made(Kind::end);
}

PowerShellToken PowerShellLexer::double_quoted() {
  for (at_ += quote(double_quote); at_ < text_.size();) {
    const auto length = quote(double_quote);
    if (length == 0) {
      skip_to(at_ + (at("`") ? 2 : 1));
      continue;
    }
    at_ += length;
    if (quote(double_quote) == 0) return made(Kind::expandable);
    at_ += quote(double_quote);
  }
  return made(Kind::end);
}

/// @' or @", then whole lines up to one that starts with the same and '@'.
PowerShellToken PowerShellLexer::here_string() {
  const auto mark = at("@'") ? std::string_view("\n'@") : std::string_view("\n\"@");
  const auto end = text_.find(mark, at_);
  skip_to(end == std::string_view::npos ? text_.size() : end + mark.size());
  return made(end == std::string_view::npos ? Kind::end : Kind::expandable);
}

PowerShellToken PowerShellLexer::variable() {
  const bool braces = at("${");
  std::size_t end = at_ += braces ? 2 : 1;
  while (end < text_.size() && (braces ? text_[end] != '}' : is_name(text_[end]))) ++end;
  std::string_view name = text_.substr(at_, end - at_);
  name.remove_prefix(std::min(name.rfind(':') + 1, name.size()));  // npos + 1 is 0
  auto token = made(Kind::variable, ascii_lower(name));
  skip_to(braces ? end + 1 : end);
  return token;
}

PowerShellToken PowerShellLexer::word() {
  const auto start = at_++;
  while (at_ < text_.size() && !ends_word(text_[at_]) && quote(single_quote) == 0 &&
         quote(double_quote) == 0)
    ++at_;
  return made(Kind::word, std::string(text_.substr(start, at_ - start)));
}

PowerShellToken PowerShellLexer::next() {
  skip_blank();
  token_line_ = line_;
  if (at_ >= text_.size()) return made(Kind::end);
  if (at("\n")) {
    skip_to(at_ + 1);
    return made(Kind::line_end);
  }
  if (at("@'") || at("@\"")) return here_string();
  if (at("@(") || at("@{")) return symbol(2);
  if (quote(single_quote)) return single_quoted();
  if (quote(double_quote)) return double_quoted();
  if (at("$") && at_ + 1 < text_.size() && (is_name(text_[at_ + 1]) || text_[at_ + 1] == '{'))
    return variable();
  if (std::string_view("(){};,=").find(text_[at_]) != std::string_view::npos) return symbol(1);
  return word();
}

}  // namespace sealwright::bundle
