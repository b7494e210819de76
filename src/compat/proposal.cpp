#include "compat/proposal.h"

#include <algorithm>
#include <cctype>

#include "base/encoding.h"

namespace sealwright::compat {
namespace {

constexpr std::size_t max_item_name = 64;

void add_section(std::string& text, const std::string& key, const std::vector<std::string>& items) {
  if (items.empty()) return;
  text += key + ":\n";
  for (const auto& item : items) {
    text += "  ";
    for (const char c : item) text += c == '\n' ? std::string("\n  ") : std::string(1, c);
    text += "\n";
  }
}

void add_comments(std::string& text, const std::string& title,
                  const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  text += "# " + title + "\n";
  for (const auto& line : lines) text += "#   " + printable(line, 4096) + "\n";
}

}  // namespace

std::string to_text(const Proposal& proposal) {
  std::string text;
  add_comments(text, "Windows stores that must hold it:", proposal.stores);
  add_comments(text, "Not the same:", proposal.notes);
  text += "# sealwright.yaml\nversion: 1\nname: " + proposal.name + "\n";
  add_section(text, "authorities", proposal.authorities);
  add_section(text, "certificates", proposal.certificates);
  add_section(text, "exports", proposal.exports);
  add_section(text, "bundles", proposal.bundles);
  for (const auto& policy : proposal.policies)
    text += "---\n# policies/" + policy.name + ".yaml\n" + policy.text;
  return text;
}

std::string item_name(const std::string& text, const std::string& otherwise) {
  std::string name;
  for (const unsigned char c : text) {
    if (c < 0x80 && std::isalnum(c))
      name += static_cast<char>(std::tolower(c));
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  name.erase(0, std::min(name.find_first_of("abcdefghijklmnopqrstuvwxyz"), name.size()));
  name.resize(std::min(name.size(), max_item_name));
  while (name.ends_with('-')) name.pop_back();
  return name.empty() || name == "self" || name == "none" ? otherwise : name;
}

}  // namespace sealwright::compat
