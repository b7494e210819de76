#include "bundle/cmd_text.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"

namespace sealwright::bundle {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// What '(' opens a block behind.
bool takes_block(const std::string& word) {
  return equal_ignoring_case(word, "if") || equal_ignoring_case(word, "else") ||
         equal_ignoring_case(word, "for");
}

}  // namespace

char CmdReader::peek(std::size_t ahead) const {
  return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\n';
}

bool CmdReader::at_start() const { return command_.words.empty() && !in_word_; }

void CmdReader::end_word() {
  if (in_word_ && !std::exchange(drop_word_, false)) command_.words.push_back(std::move(word_));
  word_.clear();
  in_word_ = false;
}

void CmdReader::skip_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }

/// Outside quotes a caret takes its meaning from the next character, and at the end of a line joins
/// it with the next.
void CmdReader::take_caret() {
  ++at_;
  if (peek() == '\r') ++at_;
  if (at_ >= text_.size()) return;
  if (text_[at_] == '\n') {
    ++line_;
  } else {
    word_ += text_[at_];
    in_word_ = true;
  }
  ++at_;
}

/// ">nul", "2>&1", ">> FILE": the number before it and the file behind it are no words.
void CmdReader::take_redirection() {
  if (word_.size() == 1 && word_[0] >= '0' && word_[0] <= '9') {
    word_.clear();
    in_word_ = false;
  }
  end_word();
  while (peek() == '>' || peek() == '<') ++at_;
  if (peek() == '&') {
    at_ = std::min(at_ + 2, text_.size());
    return;
  }
  while (at_ < text_.size() && is_blank(peek())) ++at_;
  drop_word_ = true;
}

/// Whether `c`, outside quotes, ended the command.
bool CmdReader::take_special(char c) {
  const bool opens = c == '(' && !in_word_ && (at_start() || takes_block(command_.words.front()));
  if (opens) ++blocks_;
  const bool closes = c == ')' && blocks_ > 0;
  if (closes) --blocks_;
  if (c != '&' && c != '|' && !opens && !closes) return false;
  ++at_;
  return true;
}

void CmdReader::read_command() {
  while (at_ < text_.size() && text_[at_] != '\n') {
    const char c = text_[at_];
    if (c == '\r') {
      ++at_;  // Before LF; cmd.exe drops the others too.
    } else if (c == '"') {
      quoted_ = !quoted_;
      in_word_ = true;
      ++at_;
    } else if (quoted_) {
      word_ += c;
      ++at_;
    } else if (at_start() && c == ':') {
      skip_line();
    } else if (c == '^') {
      take_caret();
    } else if (c == '>' || c == '<') {
      take_redirection();
    } else if (take_special(c)) {
      return;
    } else if (is_blank(c) || (c == '@' && at_start())) {
      end_word();
      ++at_;
      if (command_.words.size() == 1 && equal_ignoring_case(command_.words[0], "rem")) skip_line();
    } else {
      word_ += c;
      in_word_ = true;
      ++at_;
    }
  }
}

std::optional<CmdCommand> CmdReader::next() {
  while (at_ < text_.size()) {
    command_ = {line_, {}};
    quoted_ = drop_word_ = false;
    read_command();
    end_word();
    if (peek() == '\n' && at_ < text_.size()) {
      ++at_;
      ++line_;
    }
    if (!command_.words.empty() && !equal_ignoring_case(command_.words[0], "rem"))
      return std::move(command_);
  }
  return std::nullopt;
}

}  // namespace sealwright::bundle
