#include "driver/inf.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "driver/inf_text.h"

namespace sealwright::driver {
namespace {
// Beyond any real INF; keeps memory use within a small multiple of the file.
constexpr std::size_t max_fields = 2'000'000;
constexpr std::size_t max_expanded_bytes = 64 * 1024 * 1024;
constexpr std::size_t max_undefined_strings = 1000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }
bool is_line_end(char c) { return c == '\n' || c == '\r'; }

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
}  // namespace

/// Reads text into sections: first the lines as written, then, when all strings are known, their
/// %strings%.
class InfBuilder {
 public:
  InfBuilder(std::string name, InfEncoding encoding, std::string_view text) : text_(text) {
    inf_.name_ = std::move(name);
    inf_.encoding_ = encoding;
  }

  Inf build() {
    while (skip_to_content()) {
      if (peek() == '[')
        read_header();
      else
        read_entry();
    }
    collect_strings();
    for (auto& section : inf_.sections_) {
      const auto name = ascii_lower(section.name);
      if (name == "strings" || name.starts_with("strings.")) continue;
      for (auto& entry : section.entries) substitute(entry);
    }
    return std::move(inf_);
  }

 private:
  [[noreturn]] void fail(int line, const std::string& message, std::string hint = {}) const {
    throw Error(Error::Kind::input,
                printable(inf_.name_) + ":" + std::to_string(line) + ": " + message,
                std::move(hint));
  }

  // Control-Z ended text files in DOS, and still ends an INF.
  bool at_end() const { return at_ >= text_.size() || text_[at_] == '\x1a'; }
  char peek() const { return text_[at_]; }
  bool at_line_end() const { return at_end() || is_line_end(peek()); }

  void next_line() {
    if (at_end()) return;
    if (peek() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }
  void skip_blanks() {
    while (!at_end() && is_blank(peek())) ++at_;
  }
  void skip_comment() {
    while (!at_line_end()) ++at_;
  }

  /// To the next character of a header or an entry; false at the end.
  bool skip_to_content() {
    while (true) {
      skip_blanks();
      if (at_end()) return false;
      if (is_line_end(peek()))
        next_line();
      else if (peek() == ';')
        skip_comment();
      else
        return true;
    }
  }

  void read_header() {
    ++at_;
    const auto start = at_;
    while (!at_line_end() && peek() != ']') ++at_;
    if (at_line_end()) fail(line_, "the section name is not closed", "write it as [Name]");
    auto name = text_.substr(start, at_ - start);
    ++at_;
    while (!name.empty() && is_blank(name.front())) name.remove_prefix(1);
    while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    if (characters(name) > max_inf_field_characters)
      fail(line_, "the section name is longer than " + std::to_string(max_inf_field_characters) +
                      " characters");
    const auto [found, added] = inf_.by_name_.try_emplace(ascii_lower(name), inf_.sections_.size());
    if (added) inf_.sections_.push_back({std::string(name), line_, {}});
    current_ = found->second;
    count_field();
  }

  void count_field() {
    if (++fields_ > max_fields)
      fail(line_, "has more than " + std::to_string(max_fields) + " fields: not an INF file");
  }

  void read_entry() {
    if (!current_) {
      if (inf_.stray_text_line_ == 0) inf_.stray_text_line_ = line_;
      skip_comment();
      return;
    }
    InfEntry entry;
    entry.line = line_;
    char stop = 0;
    auto field = read_field(entry, stop);
    if (stop == '=') {
      entry.key = std::move(field);
      field = read_field(entry, stop);
    }
    entry.values.push_back(std::move(field));
    while (stop == ',') entry.values.push_back(read_field(entry, stop));
    // "key =" has no values rather than an empty one.
    if (entry.values.size() == 1 && entry.values[0].empty()) entry.values.clear();
    inf_.sections_[*current_].entries.push_back(std::move(entry));
  }

  /// One field, up to a comma, the end of the line, or (of the first one) an equals sign: `stop`
  /// tells which.
  std::string read_field(const InfEntry& entry, char& stop) {
    const bool may_be_key = !entry.key && entry.values.empty();
    count_field();
    std::string field;
    std::size_t kept = 0;  // Blanks at the end are dropped unless quoted.
    stop = 0;
    skip_blanks();
    while (!at_line_end()) {
      const char c = peek();
      if (c == ';') {
        skip_comment();
        break;
      }
      if (c == ',' || (c == '=' && may_be_key)) {
        stop = c;
        ++at_;
        break;
      }
      if (c == '\\' && continues()) {
        next_line();
        skip_blanks();
        continue;
      }
      if (c == '"') {
        read_quoted(field);
        kept = field.size();
        continue;
      }
      field += c;
      ++at_;
      if (!is_blank(c)) kept = field.size();
    }
    field.resize(kept);
    if (field.size() > max_inf_field_characters && characters(field) > max_inf_field_characters)
      fail(entry.line,
           "a field is longer than " + std::to_string(max_inf_field_characters) + " characters");
    return field;
  }

  void read_quoted(std::string& field) {
    ++at_;
    while (!at_line_end()) {
      const char c = peek();
      ++at_;
      if (c == '"') {
        if (at_line_end() || peek() != '"') return;
        ++at_;
      }
      field += c;
    }
  }

  /// Whether the backslash here is the last thing on its line; then moves to the line's end.
  bool continues() {
    auto at = at_ + 1;
    while (at < text_.size() && is_blank(text_[at])) ++at;
    if (at < text_.size() && text_[at] == ';')
      while (at < text_.size() && !is_line_end(text_[at])) ++at;
    if (at < text_.size() && !is_line_end(text_[at])) return false;
    at_ = at;
    return true;
  }

  void collect_strings() {
    if (const auto* plain = inf_.find("Strings")) collect_strings(*plain);
    for (const auto& section : inf_.sections_)
      if (ascii_lower(section.name).starts_with("strings.")) collect_strings(section);
  }
  void collect_strings(const InfSection& section) {
    for (const auto& entry : section.entries)
      if (entry.key) strings_.try_emplace(ascii_lower(*entry.key), entry.value(0));
  }

  void substitute(InfEntry& entry) {
    if (entry.key) substitute(*entry.key, entry.line);
    for (auto& value : entry.values) substitute(value, entry.line);
  }

  void substitute(std::string& field, int line) {
    if (field.find('%') == std::string::npos) return;
    std::string made;
    std::size_t at = 0;
    while (at < field.size()) {
      const auto open = field.find('%', at);
      const auto close = open == std::string::npos ? open : field.find('%', open + 1);
      made.append(field, at, std::min(open, field.size()) - at);
      if (open == std::string::npos) break;
      if (close == std::string::npos) {
        made.append(field, open);
        break;
      }
      const auto text = replacement(field.substr(open + 1, close - open - 1), line);
      expanded_ += text.size();
      if (made.size() + text.size() > 4 * max_inf_field_characters ||
          expanded_ > max_expanded_bytes)
        fail(line, "strings expand to too much text");
      made += text;
      at = close + 1;
    }
    field = std::move(made);
  }

  std::string replacement(const std::string& name, int line) {
    if (name.empty()) return "%";
    const auto found = strings_.find(ascii_lower(name));
    if (found != strings_.end()) return found->second;
    if (!is_number(name) && inf_.undefined_.size() < max_undefined_strings)
      inf_.undefined_.push_back({line, name});
    return "%" + name + "%";
  }

  Inf inf_;
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::size_t fields_ = 0, expanded_ = 0;
  std::optional<std::size_t> current_;
  std::unordered_map<std::string, std::string> strings_;
};

const std::string& InfEntry::value(std::size_t index) const {
  static const std::string none;
  return index < values.size() ? values[index] : none;
}

const InfEntry* InfSection::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key && equal_ignoring_case(*entry.key, key)) return &entry;
  return nullptr;
}

std::vector<const InfEntry*> InfSection::find_all(std::string_view key) const {
  std::vector<const InfEntry*> found;
  for (const auto& entry : entries)
    if (entry.key && equal_ignoring_case(*entry.key, key)) found.push_back(&entry);
  return found;
}

const InfSection* Inf::find(std::string_view section) const {
  const auto found = by_name_.find(ascii_lower(section));
  return found == by_name_.end() ? nullptr : &sections_[found->second];
}

std::string Inf::value(std::string_view section, std::string_view key) const {
  const auto* found = find(section);
  const auto* entry = found ? found->find(key) : nullptr;
  return entry ? entry->value(0) : "";
}

Inf read_inf(BytesView bytes, std::string name) {
  if (bytes.size() > max_inf_bytes)
    throw Error(Error::Kind::input, printable(name) + ": larger than " +
                                        std::to_string(max_inf_bytes >> 20) +
                                        " MiB: not an INF file");
  InfText decoded;
  try {
    decoded = decode_inf(bytes);
  } catch (const Error& error) {
    throw with_prefix(error, printable(name));
  }
  return InfBuilder(std::move(name), decoded.encoding, decoded.utf8).build();
}

Inf read_inf(const std::filesystem::path& path) {
  return read_inf(read_file(path, max_inf_bytes), path.filename().native());
}

}  // namespace sealwright::driver
