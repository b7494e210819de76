#include "driver/decoration.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/encoding.h"

namespace sealwright::driver {
namespace {
constexpr Architecture all_architectures[] = {Architecture::x86, Architecture::x64,
                                              Architecture::arm, Architecture::arm64,
                                              Architecture::ia64};

/// Reads digits off the front of `text`; 0 where there are none.
int take_number(std::string_view& text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return read.ec == std::errc() ? number : 0;
}

std::optional<Architecture> architecture_by_decoration(std::string_view lower) {
  for (const auto architecture : all_architectures)
    if (lower == inf_decoration(architecture)) return architecture;
  return std::nullopt;
}
}  // namespace

std::optional<Decoration> parse_decoration(std::string_view text) {
  const auto lower = ascii_lower(text);
  std::string_view rest = lower;
  if (!rest.starts_with("nt")) return std::nullopt;
  rest.remove_prefix(2);
  Decoration decoration;
  const auto dot = std::min(rest.find('.'), rest.size());
  if (dot > 0) {
    decoration.architecture = architecture_by_decoration(rest.substr(0, dot));
    if (!decoration.architecture) return std::nullopt;
  }
  rest.remove_prefix(dot);
  int* numbers[] = {&decoration.major, &decoration.minor};
  for (int* number : numbers) {
    if (!rest.starts_with('.')) break;
    rest.remove_prefix(1);
    *number = take_number(rest);
  }
  if (!rest.empty() && rest.front() != '.') return std::nullopt;
  return decoration;
}

Platforms::Platforms(const PackageOptions& options) : targets_(options.targets) {
  std::set<Architecture> used;
  for (const auto* target : targets_) used.insert(target->architecture);
  if (used.empty()) used.insert(std::begin(all_architectures), std::end(all_architectures));
  architectures_.assign(used.begin(), used.end());
}

bool Platforms::applies(const Decoration& decoration, Architecture architecture) const {
  if (decoration.architecture.value_or(Architecture::x86) != architecture) return false;
  if (targets_.empty()) return true;
  return std::any_of(targets_.begin(), targets_.end(), [&](const auto* target) {
    return target->architecture == architecture &&
           std::pair(decoration.major, decoration.minor) <= std::pair(target->major, target->minor);
  });
}

std::vector<const InfSection*> decorated_sections(const Inf& inf, std::string_view name,
                                                  Architecture architecture) {
  const auto base = std::string(name);
  const auto nt = base + ".nt";
  for (const auto& stem : {nt + std::string(inf_decoration(architecture)), nt}) {
    std::vector<const InfSection*> found;
    if (const auto* section = inf.find(stem)) found.push_back(section);
    // "Install.NTamd64.6.1" and the like.
    for (const auto* version : {"5.1", "5.2", "6.0", "6.1", "6.2", "6.3", "10.0"})
      if (const auto* section = inf.find(stem + "." + version)) found.push_back(section);
    if (!found.empty()) return found;
  }
  if (const auto* section = inf.find(base)) return {section};
  return {};
}

}  // namespace sealwright::driver
