#include "ca/import_config.h"

#include <cctype>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::ca {
namespace {

constexpr std::size_t max_value_bytes = 4096;
constexpr const char* default_section = "default";  // What stands before the first [section].

using Section = std::map<std::string, std::string, std::less<>>;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

class Config {
 public:
  Config(std::string_view text, const std::string& file) : file_(file) {
    std::string joined;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      std::string_view line = trimmed(text.substr(at, end - at));
      at = end + 1;
      ++line_;
      const bool goes_on = line.ends_with('\\');
      if (goes_on) line.remove_suffix(1);
      joined += line;
      if (joined.size() > max_value_bytes) refuse("the line is longer than 4 KiB");
      if (goes_on && at < text.size()) continue;
      read_line(without_comment(joined));
      joined.clear();
    }
  }

  std::string value(const std::string& section, std::string_view name) const {
    for (const auto& where : {section, std::string(default_section)}) {
      const auto found = sections_.find(where);
      if (found == sections_.end()) continue;
      if (const auto value = found->second.find(name); value != found->second.end())
        return value->second;
    }
    return {};
  }

  bool has(const std::string& section) const { return sections_.contains(section); }

 private:
  [[noreturn]] void refuse(const std::string& message) const {
    throw Error(Error::Kind::input, file_ + ":" + std::to_string(line_) + ": " + message);
  }

  static std::string_view without_comment(std::string_view line) {
    char quote = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (line[at] == '\\')
        ++at;
      else if (quote)
        quote = line[at] == quote ? 0 : quote;
      else if (line[at] == '"' || line[at] == '\'')
        quote = line[at];
      else if (line[at] == '#')
        return trimmed(line.substr(0, at));
    }
    return trimmed(line);
  }

  void read_line(std::string_view line) {
    if (line.empty() || line.starts_with('.')) return;
    if (line.front() == '[') {
      if (!line.ends_with(']')) refuse("a section lacks its ']'");
      section_ = trimmed(line.substr(1, line.size() - 2));
      sections_[section_];
      return;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) refuse("neither [section] nor name = value");
    std::string section = section_;
    std::string_view name = trimmed(line.substr(0, equals));
    if (const auto colons = name.find("::"); colons != std::string_view::npos) {
      section = name.substr(0, colons);
      name.remove_prefix(colons + 2);
    }
    sections_[section][std::string(name)] = expanded(trimmed(line.substr(equals + 1)), section);
  }

  /// Where a $ reference in `text` at `at` leads; `at` is moved behind it.
  std::string reference(std::string_view text, std::size_t& at, const std::string& section) const {
    const char close = at < text.size() && text[at] == '{'   ? '}'
                       : at < text.size() && text[at] == '(' ? ')'
                                                             : '\0';
    if (close) ++at;
    const auto word = [&] {
      const std::size_t from = at;
      while (at < text.size() && is_name(text[at])) ++at;
      return std::string(text.substr(from, at - from));
    };
    std::string where = section, name = word();
    if (text.substr(at).starts_with("::")) {
      at += 2;
      where = std::exchange(name, word());
    }
    if (close && (at >= text.size() || text[at++] != close))
      refuse("a '$' reference is not closed");
    return where == "ENV" ? std::string() : value(where, name);
  }

  std::string expanded(std::string_view text, const std::string& section) const {
    std::string made;
    char quote = 0;
    for (std::size_t at = 0; at < text.size();) {
      const char c = text[at++];
      if (c == '\\' && at < text.size())
        made += text[at++];
      else if (quote ? c == quote : c == '"' || c == '\'')
        quote = quote ? '\0' : c;
      else if (c == '$' && quote != '\'')
        made += reference(text, at, section);
      else
        made += c;
      if (made.size() > max_value_bytes) refuse("the value is longer than 4 KiB");
    }
    return made;
  }

  const std::string& file_;
  std::size_t line_ = 0;
  std::string section_ = default_section;
  std::map<std::string, Section, std::less<>> sections_;
};

}  // namespace

OpensslCaConfig read_openssl_config(BytesView text, const std::string& file) {
  const Config config({reinterpret_cast<const char*>(text.data()), text.size()}, file);
  OpensslCaConfig made;
  made.section = config.value("ca", "default_ca");
  if (made.section.empty() || !config.has(made.section))
    throw Error(Error::Kind::input, file + ": [ca] default_ca leads to no section",
                "name the folder that holds index.txt instead");
  const auto get = [&](const char* name) { return config.value(made.section, name); };
  made.database = get("database");
  made.serial = get("serial");
  made.crlnumber = get("crlnumber");
  made.new_certs_dir = get("new_certs_dir");
  made.certificate = get("certificate");
  made.private_key = get("private_key");
  made.crl = get("crl");
  return made;
}

}  // namespace sealwright::ca
