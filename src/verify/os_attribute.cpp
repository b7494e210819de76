#include "verify/os_attribute.h"

#include <charconv>
#include <optional>
#include <utility>

namespace sealwright::verify {
namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "2:6.1" → (6, 1); nothing for other platforms and other text.
std::optional<std::pair<int, int>> version(std::string_view entry) {
  while (entry.starts_with(' ')) entry.remove_prefix(1);
  while (entry.ends_with(' ')) entry.remove_suffix(1);
  if (!entry.starts_with("2:")) return std::nullopt;
  entry.remove_prefix(2);
  const auto dot = entry.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto major = number(entry.substr(0, dot)), minor = number(entry.substr(dot + 1));
  if (!major || !minor) return std::nullopt;
  return std::pair(*major, *minor);
}

}  // namespace

bool covers(std::string_view os_attribute, const WindowsTarget& target) {
  bool said = false;
  while (!os_attribute.empty()) {
    const auto comma = os_attribute.find(',');
    if (const auto listed = version(os_attribute.substr(0, comma))) {
      if (*listed <= std::pair(target.major, target.minor)) return true;
      said = true;
    }
    os_attribute.remove_prefix(comma == std::string_view::npos ? os_attribute.size() : comma + 1);
  }
  return !said;
}

}  // namespace sealwright::verify
