#include "base/template_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright {
namespace {

constexpr std::size_t max_sections = 32;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_name(std::string_view name) {
  if (name == ".") return true;
  bool part_begun = false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!letter && !(c == '.' && part_begun)) return false;
    part_begun = letter;
  }
  return part_begun;
}

class Normalizer {
 public:
  explicit Normalizer(std::string_view text) : rest_(text) {}

  std::string run() {
    for (;;) {
      const auto start = rest_.find("{{");
      take_text(std::min(start, rest_.size()));
      if (start == std::string_view::npos) break;
      take_tag();
    }
    if (!open_.empty()) {
      line_ = open_.back().line;
      fail(fmt::format("section '{}' is not closed", open_.back().name));
    }
    return std::move(out_);
  }

 private:
  struct Section {
    std::string_view name;
    std::string encoded;
    std::size_t line;
  };

  [[noreturn]] void fail(const std::string& message) const {
    throw Error(Error::Kind::input, fmt::format("line {}: {}", line_, message));
  }

  void count_lines(std::string_view text) {
    line_ += static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }

  void take_text(std::size_t length) {
    out_ += rest_.substr(0, length);
    count_lines(rest_.substr(0, length));
    rest_.remove_prefix(length);
  }

  void take_tag() {
    if (rest_.starts_with("{{{")) fail("unescaped output '{{{' is not allowed");
    const auto end = rest_.find("}}");
    if (end == std::string_view::npos) fail("a tag is not closed");
    const auto whole = rest_.substr(2, end - 2);
    rest_.remove_prefix(end + 2);
    const auto content = trimmed(whole);
    const char sigil = content.empty() ? ' ' : content[0];
    const auto name = content.empty() ? content : trimmed(content.substr(1));
    if (sigil == '!') {
      drop_line_of_comment();
    } else if (sigil == '#' || sigil == '^') {
      open_section(sigil, name);
    } else if (sigil == '/') {
      close_section(name);
    } else if (sigil == '&') {
      fail("unescaped output '{{&' is not allowed");
    } else if (sigil == '>') {
      fail("partials are not allowed");
    } else if (sigil == '=') {
      fail("other delimiters are not allowed");
    } else {
      out_ += "{{" + encode('v', content) + "}}";
    }
    count_lines(whole);
  }

  std::string encode(char use, std::string_view name) const {
    if (!is_name(name)) fail(fmt::format("'{}' is not a name", printable(name, 60)));
    return fmt::format("{}{}:{}", use, line_, name);
  }

  void open_section(char sigil, std::string_view name) {
    if (open_.size() >= max_sections)
      fail(fmt::format("sections are nested more than {} levels deep", max_sections));
    open_.push_back({name, encode('s', name), line_});
    out_ += fmt::format("{{{{{}{}}}}}", sigil, open_.back().encoded);
  }

  void close_section(std::string_view name) {
    if (open_.empty()) fail(fmt::format("section '{}' is not open", printable(name, 60)));
    if (open_.back().name != name)
      fail(fmt::format("section '{}' is closed by '{}'", open_.back().name, printable(name, 60)));
    out_ += "{{/" + open_.back().encoded + "}}";
    open_.pop_back();
  }

  /// A comment alone on its line takes the line with it.
  void drop_line_of_comment() {
    constexpr std::string_view blanks = " \t";
    const auto before = out_.find_last_not_of(blanks);
    const bool begins = before == std::string::npos || out_[before] == '\n';
    const auto after = rest_.find_first_not_of(blanks);
    const auto behind = after == std::string_view::npos ? std::string_view{} : rest_.substr(after);
    const bool ends = behind.empty() || behind[0] == '\n' || behind.starts_with("\r\n");
    if (!begins || !ends) return;
    out_.resize(before == std::string::npos ? 0 : before + 1);
    if (behind.empty()) {
      rest_ = behind;
      return;
    }
    rest_ = behind.substr(behind[0] == '\n' ? 1 : 2);
    ++line_;
  }

  std::string_view rest_;
  std::string out_;
  std::size_t line_ = 1;
  std::vector<Section> open_;
};

}  // namespace

std::string normalize(std::string_view text) { return Normalizer(text).run(); }

TagName decode_name(std::string_view encoded) {
  const auto colon = encoded.find(':');
  std::size_t line = 0;
  std::from_chars(encoded.data() + 1, encoded.data() + colon, line);
  return {encoded[0] == 'v' ? Use::value : Use::section, line, encoded.substr(colon + 1)};
}

}  // namespace sealwright
