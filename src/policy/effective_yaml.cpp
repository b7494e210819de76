// A tree of values as YAML: on one line where it fits, below its name where not.

#include <algorithm>

#include "policy/effective.h"

namespace sealwright::policy {
namespace {
constexpr std::size_t max_line = 100;

/// Words that some reader of YAML takes for something else than text.
bool has_meaning(std::string word) {
  for (auto& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const auto words = {"",    "~", "null", "true", "false", "yes",  "no",  "on",
                      "off", "y", "n",    "=",    "<<",    ".inf", ".nan"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Digits that another reader might take for a number: "0500" is octal to some.
bool is_number_like(const std::string& text) {
  return text.find_first_not_of("0123456789.eE") == std::string::npos &&
         std::count(text.begin(), text.end(), '.') <= 1;
}

std::string scalar_text(const Json& value) {
  if (value.type() == Json::Type::boolean) return value.boolean() ? "true" : "false";
  if (value.type() == Json::Type::integer) return std::to_string(value.integer());
  const auto& text = value.string();
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const bool is_plain = !has_meaning(text) && !is_number_like(text) && is_word(text.front()) &&
                        is_word(text.back()) && !text.starts_with("0x") &&
                        std::all_of(text.begin(), text.end(), [&](char c) {
                          return is_word(c) || c == ' ' || c == '-' || c == '.' || c == '/';
                        });
  if (is_plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '\n') {
      quoted += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string on_one_line(const Json& value) {
  const bool is_object = value.type() == Json::Type::object;
  if (!is_object && value.type() != Json::Type::array) return scalar_text(value);
  std::string line;
  if (is_object)
    for (const auto& [name, member] : value.members())
      line += (line.empty() ? "" : ", ") + name + ": " + on_one_line(member);
  else
    for (const auto& item : value.items()) line += (line.empty() ? "" : ", ") + on_one_line(item);
  return is_object ? "{" + line + "}" : "[" + line + "]";
}

void write_members(const Json& object, const std::string& indent, std::string& to) {
  for (const auto& [name, value] : object.members()) {
    const auto line = on_one_line(value);
    const bool fits = indent.size() + name.size() + 2 + line.size() <= max_line;
    to += indent + name + ":";
    if (fits || (value.type() != Json::Type::object && value.type() != Json::Type::array)) {
      to += " " + line + "\n";
      continue;
    }
    to += "\n";
    if (value.type() == Json::Type::object) {
      write_members(value, indent + "  ", to);
    } else {
      for (const auto& item : value.items()) to += indent + "  - " + on_one_line(item) + "\n";
    }
  }
}
}  // namespace

std::string to_yaml(const Policy& policy) {
  std::string text;
  write_members(effective(policy), "", text);
  return text;
}

}  // namespace sealwright::policy
