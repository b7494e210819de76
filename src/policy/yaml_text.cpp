#include "policy/yaml_text.h"

#include "base/encoding.h"

namespace sealwright::policy {
namespace {

void check_characters(const Source& source, int number) {
  const auto line = source.line(number);
  for (std::size_t at = 0; at < line.size();) {
    const auto column = static_cast<int>(at) + 1;
    const auto point = next_code_point(line, at);
    if (!point) throw source.error(number, column, "this is not UTF-8", "save the file as UTF-8");
    if (*point == '\t') continue;
    if (*point < 0x20 || (*point >= 0x7f && *point < 0xa0) || *point == 0xfeff)
      throw source.error(number, column, "control characters are not allowed");
  }
}

/// Whether the line is `marker` alone or followed by white space (YAML 1.2, 9.1.2).
bool is_marker(std::string_view line, std::string_view marker) {
  return line.starts_with(marker) && (line.size() == marker.size() || line[marker.size()] == ' ' ||
                                      line[marker.size()] == '\t');
}
}  // namespace

std::string cleaned_yaml_text(std::string text, const std::string& file) {
  if (text.size() > max_yaml_bytes) throw Error(Error::Kind::input, file + " is longer than 1 MiB");
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  std::string cleaned;
  cleaned.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at)
    if (text[at] != '\r' || at + 1 == text.size() || text[at + 1] != '\n') cleaned += text[at];
  return cleaned;
}

void check_yaml_lines(const Source& source) {
  bool content = false, ended = false;
  for (int number = 1; number <= source.lines(); ++number) {
    const auto line = source.line(number);
    check_characters(source, number);
    const auto first = line.find_first_not_of(' ');
    if (first == std::string_view::npos) continue;
    const auto column = static_cast<int>(first) + 1;
    if (line[first] == '\t')
      throw source.error(number, column, "a tab cannot indent", "indent with spaces");
    if (line[first] == '#') continue;
    if (ended) throw source.error(number, column, "text after the end of the document ('...')");
    if (line[0] == '%') throw source.error(number, 1, "directives are not supported");
    if (is_marker(line, "---") && content)
      throw source.error(number, 1, "a second document begins here", "a file holds one document");
    ended = is_marker(line, "...");
    content = true;
  }
}

}  // namespace sealwright::policy
