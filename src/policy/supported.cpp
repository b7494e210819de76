#include "policy/supported.h"

#include <span>

#include "base/encoding.h"

namespace sealwright::policy {
namespace {

/// A field, or with '=' a value of a field; '*' stands for any name, and at the end for any rest of
/// a value.
using Pattern = std::string_view;

constexpr Pattern hierarchy_patterns[] = {
    "authorities/*/crl/lifetime",
    "authorities/*/crl/overlap",
    "authorities/*/existing",
    "authorities/*/key/label",
    "authorities/*/key/store=external",
    "authorities/*/key/store=offline",
    "authorities/*/key/store=pkcs11",
    "authorities/*/key/uri",
    "bundles/*/formats/gpo!flavor",  // preference is its default
    "bundles/*/formats/gpo/flavor=preference",
    "bundles/*/formats/intune",
    "bundles/*/formats/ldif",
    "bundles/*/formats/linux",
    "bundles/*/formats/powershell",
    "bundles/*/keep_versions",
    "bundles/*/settings/authenticode_flags",
    "bundles/*/settings/users",
    "bundles/*/settings/wintrust_state=0x*",
    "bundles/*/settings/wintrust_state=default",
    "certificates/*/existing",
    "certificates/*/key/label",
    "certificates/*/key/store=external",
    "certificates/*/key/store=offline",
    "certificates/*/key/store=pkcs11",
    "certificates/*/key/uri",
    "certificates/*/sign/chain=full",
    "distribution",
    "exports/*/format=csr",
    "exports/*/format=pvk",
    "exports/*/generation=all",
    "inventory=postgresql:*",
    "matrix",
    "moved",
};

constexpr Pattern policy_patterns[] = {
    "negative",
    "requests",
};

bool matches_word(std::string_view pattern, std::string_view word) {
  if (pattern == "*") return true;
  if (pattern.ends_with('*')) return word.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == word;
}

/// Whether `pattern` is `path`, and `value` what it says of the value.
bool matches(Pattern pattern, const std::vector<std::string_view>& path, const Node& value) {
  const auto mark = pattern.find_first_of("=!");
  auto names = pattern.substr(0, mark);
  for (const auto name : path) {
    if (names.empty() || !matches_word(names.substr(0, names.find('/')), name)) return false;
    const auto slash = names.find('/');
    names = slash == std::string_view::npos ? std::string_view() : names.substr(slash + 1);
  }
  if (!names.empty()) return false;
  if (mark == std::string_view::npos) return true;
  const auto rest = pattern.substr(mark + 1);
  return pattern[mark] == '!' ? !value.find(rest) : matches_word(rest, value.value);
}

void refuse(const Node& node, std::vector<std::string_view>& path,
            std::span<const Pattern> patterns) {
  for (const auto& member : node.members) {
    path.push_back(member.key.value);
    for (const auto pattern : patterns) {
      if (!matches(pattern, path, member.value)) continue;
      const bool is_value = pattern.find('=') != std::string_view::npos;
      const auto& culprit = is_value ? member.value : member.key;
      auto what = "'" + printable(culprit.value, 60) + "'";
      if (const auto mark = pattern.find('!'); mark != std::string_view::npos)
        what += " without '" + std::string(pattern.substr(mark + 1)) + "'";
      throw culprit.error(what + " is not supported by this version");
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

void refuse_unsupported_policy(const Node& root) {
  std::vector<std::string_view> path;
  refuse(root, path, policy_patterns);
}

}  // namespace sealwright::policy
