#include <fmt/core.h>

#include <algorithm>

#include "base/encoding.h"
#include "policy/tree.h"

namespace sealwright::policy {
namespace {
/// What is shown of a long line: this many characters, the caret's among them.
constexpr std::size_t window = 100;

/// The characters of a line, each made safe to print in one column.
std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> made;
  for (std::size_t at = 0; at < line.size();) {
    const auto start = at;
    const auto point = next_code_point(line, at);
    const auto bytes = line.substr(start, at - start);
    const bool shown = point && *point >= 0x20 && printable(bytes) == bytes;
    made.emplace_back(shown ? bytes : *point == '\t' ? " " : "?");
  }
  return made;
}

std::string excerpt(std::string_view line, int number, std::size_t column) {
  const auto all = cells(line);
  const std::size_t first = column > window ? column - window / 2 : 0;
  const std::size_t last = std::min(all.size(), first + window);
  std::string shown;
  for (std::size_t i = first; i < last; ++i) shown += all[i];
  return fmt::format("{:>6} | {}\n{:>6} | {:>{}}", number, shown, "", "^", column - first);
}
}  // namespace

Source::Source(std::string file, std::string text)
    : file_(std::move(file)), text_(std::move(text)) {
  starts_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1))
    starts_.push_back(at + 1);
}

std::string_view Source::line(int number) const {
  if (number < 1 || number > lines()) return {};
  const auto start = starts_[static_cast<std::size_t>(number) - 1];
  const auto end = std::min(text_.find('\n', start), text_.size());
  return std::string_view(text_).substr(start, end - start);
}

Place Source::place(int number, int byte_column) const {
  const auto text = line(number);
  int column = 1;
  for (std::size_t at = 0; at < text.size() && at + 1 < static_cast<std::size_t>(byte_column);) {
    next_code_point(text, at);
    ++column;
  }
  return {file_, number, column};
}

Error Source::error(int number, int byte_column, const std::string& message, std::string hint,
                    Error::Kind kind) const {
  const auto where = place(number, byte_column);
  Error error(kind, to_text(where) + ": " + message, std::move(hint));
  error.excerpt = excerpt(line(number), number, static_cast<std::size_t>(where.column));
  return error;
}

const Node* Node::find(std::string_view key) const {
  for (const auto& member : members)
    if (member.key.value == key) return &member.value;
  return nullptr;
}

Place Node::place() const { return source->place(line, byte_column); }

Error Node::error(const std::string& message, std::string hint, Error::Kind kind) const {
  return source->error(line, byte_column, message, std::move(hint), kind);
}

std::string to_text(const Place& place) {
  return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

}  // namespace sealwright::policy
