#include "base/template_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright {
namespace {

constexpr std::size_t max_template_bytes = std::size_t{1} << 20;
constexpr std::size_t max_sections = 32;
constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  const auto first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
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
    const auto text = rest_.substr(0, length);
    if (const auto last = text.rfind('\n'); last != std::string_view::npos) {
      line_start_ = out_.size() + last + 1;
      line_is_blank_ = true;
    }
    const auto on_line = text.substr(text.rfind('\n') + 1);  // npos + 1 is 0
    if (on_line.find_first_not_of(blanks) != std::string_view::npos) line_is_blank_ = false;
    out_ += text;
    count_lines(text);
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
      count_lines(whole);
      return;
    }
    line_is_blank_ = false;
    if (sigil == '#' || sigil == '^') {
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
    const auto after = rest_.find_first_not_of(blanks);
    const auto behind = after == std::string_view::npos ? std::string_view{} : rest_.substr(after);
    const bool ends = behind.empty() || behind[0] == '\n' || behind.starts_with("\r\n");
    if (!line_is_blank_ || !ends) return;
    out_.resize(line_start_);
    rest_ = behind;
    if (behind.empty()) return;
    rest_.remove_prefix(behind[0] == '\n' ? 1 : 2);
    ++line_;
  }

  std::string_view rest_;
  std::string out_;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;  ///< Where the line being written starts in out_.
  bool line_is_blank_ = true;   ///< Whether there are only blanks in it so far.
  std::vector<Section> open_;
};

}  // namespace

std::string normalize(std::string_view text) {
  if (text.size() > max_template_bytes)
    throw Error(Error::Kind::input, "the template is longer than 1 MiB");
  return Normalizer(text).run();
}

TagName decode_name(std::string_view encoded) {
  const auto colon = encoded.find(':');
  std::size_t line = 0;
  std::from_chars(encoded.data() + 1, encoded.data() + colon, line);
  return {encoded[0] == 'v' ? Use::value : Use::section, line, encoded.substr(colon + 1)};
}

}  // namespace sealwright
