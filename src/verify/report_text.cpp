// The text form of reports: what people see first.

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "trust/result_code.h"
#include "verify/report.h"

namespace sealwright::verify {
namespace {

constexpr std::size_t widest_path = 40;

std::string shown(const std::string& text) { return printable(text, 1000); }

/// How wide `utf8` is on a terminal, near enough.
std::size_t width(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t to) {
  const auto is = width(text);
  return is < to ? text + std::string(to - is, ' ') : text;
}

std::string code_line(std::uint32_t code) {
  const auto* known = trust::find_result_code(code);
  return trust::to_text(code) + (known ? " " + std::string(known->name) : "");
}

void detail(std::string& out, std::string_view label, const std::string& text) {
  if (!text.empty()) out += fmt::format("         {:<7} {}\n", label, text);
}

std::string name_of(const WindowsTarget& target) {
  return fmt::format("{} {}", target.id, to_text(target.architecture));
}

/// Systems with the same answer share their lines. What the verdict's own line says already is not
/// said again.
void systems(std::string& out, const Verdict& verdict) {
  const auto same = [](const SystemAnswer& a, const SystemAnswer& b) {
    return a.install == b.install && a.kernel == b.kernel && a.rule == b.rule;
  };
  std::vector<const SystemAnswer*> firsts;
  for (const auto& answer : verdict.systems)
    if (std::ranges::none_of(firsts, [&](const auto* first) { return same(*first, answer); }))
      firsts.push_back(&answer);
  for (const auto* first : firsts) {
    std::string names;
    for (const auto& answer : verdict.systems)
      if (answer.target && same(*first, answer))
        names += (names.empty() ? "" : ", ") + name_of(*answer.target);
    const bool said =
        first->kernel.empty() && first->rule == verdict.rule && first->installs == false;
    if (said && firsts.size() == 1) return;
    detail(out, "on", first->install.empty() ? names : names + ": " + shown(first->install));
    detail(out, "kernel", shown(first->kernel));
    if (first->rule != verdict.rule) detail(out, "rule", first->rule);
    if (first->remedy != verdict.remedy) detail(out, "remedy", shown(first->remedy));
  }
}

/// Whether another --trust would have changed it.
bool is_about_trust(const Verdict& verdict) {
  return verdict.code == trust::code::untrusted_root || verdict.code == trust::code::chaining ||
         verdict.code == trust::code::trust_not_established || verdict.rule == "timestamp";
}

std::string word(const Verdict& verdict) {
  if (verdict.ok) return "ok";
  return verdict.exit_code == 1 ? "refused" : "error";
}

void add(std::string& out, const Verdict& verdict, std::size_t path_width) {
  out += fmt::format("{:<8} {}  {}\n", word(verdict), padded(shown(verdict.path), path_width),
                     shown(verdict.reason));
  if (!verdict.ok) {
    if (verdict.code != 0) detail(out, "code", code_line(verdict.code));
    detail(out, "rule", verdict.rule);
    if (is_about_trust(verdict)) detail(out, "trusted", shown(verdict.trust));
    detail(out, "remedy", shown(verdict.remedy));
  }
  systems(out, verdict);
}

std::string summary(const Report& report) {
  const auto& all = report.verdicts;
  const auto good = std::count_if(all.begin(), all.end(), [](const auto& v) { return v.ok; });
  const auto bad = static_cast<std::ptrdiff_t>(all.size()) - good;
  return bad == 0 ? fmt::format("{} checked, all good\n", all.size())
                  : fmt::format("{} checked, {} good, {} not\n", all.size(), good, bad);
}

}  // namespace

std::string to_text(const Report& report) {
  std::size_t path_width = 0;
  for (const auto& verdict : report.verdicts)
    path_width = std::max(path_width, std::min(width(shown(verdict.path)), widest_path));
  std::string out;
  for (const auto& verdict : report.verdicts) add(out, verdict, path_width);
  if (report.verdicts.size() > 1) out += summary(report);
  return out;
}

}  // namespace sealwright::verify
