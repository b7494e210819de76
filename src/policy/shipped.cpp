// The hierarchies that come with the program, and how one becomes a user's own.

#include <algorithm>

#include "base/embedded.h"
#include "base/encoding.h"
#include "base/suggest.h"
#include "policy/load.h"
#include "policy/tree.h"

namespace sealwright::policy {
namespace {
constexpr std::string_view folder = "ca/", suffix = ".yaml";

/// The first sentence of the comment at the head of a file.
std::string head_comment(std::string_view text) {
  std::string sentence;
  while (text.starts_with('#')) {
    auto line = text.substr(1, text.find('\n') - 1);
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (line.empty()) break;
    sentence += (sentence.empty() ? "" : " ") + std::string(line);
    const auto end = text.find('\n');
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  const auto stop = sentence.find(". ");
  if (stop != std::string::npos) sentence.resize(stop);
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

/// A double-quoted YAML scalar.
std::string quoted(const std::string& value) {
  std::string made = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

/// How many bytes of `line` the scalar that begins it takes.
std::size_t scalar_length(std::string_view line) {
  const char quote = line.empty() ? '\0' : line[0];
  if (quote == '"' || quote == '\'') {
    for (std::size_t at = 1; at < line.size(); ++at) {
      if (quote == '"' && line[at] == '\\') {
        ++at;
      } else if (line[at] == quote) {
        if (quote == '"' || at + 1 == line.size() || line[at + 1] != '\'') return at + 1;
        ++at;
      }
    }
    return line.size();
  }
  auto length = std::min(line.find(" #"), line.size());
  while (length > 0 && line[length - 1] == ' ') --length;
  return length;
}
}  // namespace

std::vector<ShippedHierarchy> shipped_hierarchies() {
  std::vector<ShippedHierarchy> found;
  for (const auto& file : embedded_files()) {
    if (!file.path.starts_with(folder) || !file.path.ends_with(suffix)) continue;
    const auto name =
        file.path.substr(folder.size(), file.path.size() - folder.size() - suffix.size());
    found.push_back({std::string(name), head_comment(file.content), std::string(file.content)});
  }
  return found;
}

ShippedHierarchy shipped_hierarchy(const std::string& name) {
  std::vector<std::string> names;
  for (auto& shipped : shipped_hierarchies()) {
    if (shipped.name == name) return shipped;
    names.push_back(shipped.name);
  }
  throw Error(Error::Kind::usage, "there is no hierarchy '" + printable(name, 60) + "'",
              did_you_mean(name, names));
}

std::string instantiate(const std::string& text, const std::string& organization) {
  if (organization.empty()) return text;
  const auto document = parse_document(text, "hierarchy");
  const auto& source = document->source;
  const Node* value = document->root.find("organization");
  const Node* after = document->root.find("name");
  std::string made = source.text();
  const auto line_start = [&](const Node& node) {
    return static_cast<std::size_t>(source.line(node.line).data() - source.text().data());
  };
  if (value && value->type == Node::Type::scalar) {
    const auto column = static_cast<std::size_t>(value->byte_column) - 1;
    made.replace(line_start(*value) + column,
                 scalar_length(source.line(value->line).substr(column)), quoted(organization));
  } else if (!value && after) {
    const auto end = std::min(made.find('\n', line_start(*after)), made.size());
    made.insert(end, "\norganization: " + quoted(organization));
  } else {
    throw document->root.error("this hierarchy cannot be given an organization");
  }
  const auto check = parse_document(made, "hierarchy");
  const auto* written = check->root.find("organization");
  if (!written || written->value != organization)
    throw Error(
        Error::Kind::input,
        "the organization '" + printable(organization, 60) + "' cannot be written to this file",
        "put it on one line of its own");
  return made;
}

}  // namespace sealwright::policy
