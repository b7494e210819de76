// The text form of reports: what people see first.

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "trust/result_code.h"
#include "verify/report.h"

namespace sealwright::verify {
namespace {

constexpr std::size_t widest_path = 44;

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

/// Systems with the same answer share a line.
void systems(std::string& out, const std::vector<SystemAnswer>& answers) {
  std::vector<const SystemAnswer*> firsts;
  const auto same = [](const SystemAnswer& a, const SystemAnswer& b) {
    return a.text == b.text && a.rule == b.rule;
  };
  for (const auto& answer : answers)
    if (std::none_of(firsts.begin(), firsts.end(), [&](const auto* f) { return same(*f, answer); }))
      firsts.push_back(&answer);
  for (const auto* first : firsts) {
    std::string names;
    for (const auto& answer : answers)
      if (answer.target && same(*first, answer))
        names += (names.empty() ? "" : ", ") + name_of(*answer.target);
    out += fmt::format("         {}: {}{}\n", names, shown(first->text),
                       first->rule.empty() ? "" : fmt::format(" ({})", first->rule));
    detail(out, "remedy", shown(first->remedy));
  }
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
    detail(out, "remedy", shown(verdict.remedy));
  }
  systems(out, verdict.systems);
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
