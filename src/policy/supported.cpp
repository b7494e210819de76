#include "policy/supported.h"

#include <span>

#include "base/encoding.h"

namespace sealwright::policy {
namespace {

/// A field, or with '=' a value of a field; '*' stands for any name, and at the end for any rest of
/// a value.
using Pattern = std::string_view;

constexpr Pattern hierarchy_patterns[] = {
    "inventory=postgresql:*",
};

bool matches_word(std::string_view pattern, std::string_view word) {
  if (pattern == "*") return true;
  if (pattern.ends_with('*')) return word.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == word;
}

/// Whether `pattern` is `path`, and `value` what it says of the value.
bool matches(Pattern pattern, const std::vector<std::string_view>& path, const Node& value) {
  const auto mark = pattern.find('=');
  auto names = pattern.substr(0, mark);
  for (const auto name : path) {
    if (names.empty() || !matches_word(names.substr(0, names.find('/')), name)) return false;
    const auto slash = names.find('/');
    names = slash == std::string_view::npos ? std::string_view() : names.substr(slash + 1);
  }
  return names.empty() &&
         (mark == std::string_view::npos || matches_word(pattern.substr(mark + 1), value.value));
}

void refuse(const Node& node, std::vector<std::string_view>& path,
            std::span<const Pattern> patterns) {
  for (const auto& member : node.members) {
    path.push_back(member.key.value);
    for (const auto pattern : patterns) {
      if (!matches(pattern, path, member.value)) continue;
      const bool is_value = pattern.find('=') != std::string_view::npos;
      const auto& culprit = is_value ? member.value : member.key;
      throw culprit.error("'" + printable(culprit.value, 60) +
                          "' is not supported by this version");
    }
    refuse(member.value, path, patterns);
    path.pop_back();
  }
}
}  // namespace

void refuse_unsupported_hierarchy(const Node& root) {
  std::vector<std::string_view> path;
  refuse(root, path, hierarchy_patterns);
}

}  // namespace sealwright::policy
