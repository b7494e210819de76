#include "lint/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "lint/rule.h"

namespace sealwright::lint {
namespace {

constexpr std::size_t width = 96;

/// `text` under a label, wrapped between words; later lines are indented as far as the first.
std::string paragraph(std::string_view label, std::string_view text, std::size_t indent) {
  const std::string margin(indent + 9, ' ');
  std::string out = fmt::format("{}{:<9}", std::string(indent, ' '), label);
  std::size_t column = margin.size();
  while (!text.empty()) {
    const auto space = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, space);
    if (column > margin.size() && column + word.size() > width) {
      out.back() = '\n';  // the space behind the last word
      out += margin;
      column = margin.size();
    }
    out += std::string(word) + " ";
    column += word.size() + 1;
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  out.back() = '\n';
  return out;
}

/// Rules that were explained further up.
using Explained = std::set<std::string>;

void render(std::string& out, const Finding& finding, Explained& explained) {
  out +=
      fmt::format("    {:<8} {}: {}\n", to_text(finding.severity), finding.rule, finding.message);
  if (!finding.because.empty()) {
    out += paragraph("relaxed", finding.because, 6);
    return;
  }
  const auto* rule = find_rule(finding.rule);
  const bool first = explained.insert(finding.rule).second;
  if (first && rule) out += paragraph("why", rule->why, 6);
  if (first || !rule || finding.remedy != rule->remedy)
    out += paragraph("remedy", finding.remedy, 6);
  if (first && !finding.citation.empty()) out += paragraph("source", finding.citation, 6);
  if (!finding.windows.empty())
    out += paragraph("windows", joined(finding.windows), 6);
  else if (first && rule && !rule->windows.empty())
    out += paragraph("windows", rule->windows, 6);
}

void render(std::string& out, const Judged& judged, Explained& explained) {
  const auto& certificate = judged.certificate;
  out += fmt::format("  {}{}\n", printable(certificate.subject().display()),
                     judged.role.empty() ? "" : " (" + judged.role + ")");
  out += fmt::format("    {}, {} to {}, judged at {}\n", certificate.thumbprint().hex(),
                     to_date(certificate.not_before()), to_date(certificate.not_after()),
                     to_date(judged.at));
  auto findings = judged.findings;
  std::ranges::stable_sort(findings, std::greater{}, &Finding::severity);
  if (findings.empty()) out += "    nothing found\n";
  for (const auto& finding : findings) render(out, finding, explained);
}

Json to_json(const Finding& finding) {
  const auto* rule = find_rule(finding.rule);
  Json made = Json::object();
  made.set("rule", finding.rule)
      .set("severity", to_text(finding.severity))
      .set("message", finding.message)
      .set("why", rule ? Json(rule->why) : Json())
      .set("remedy", finding.remedy)
      .set("citation", finding.citation)
      .set("windows", rule ? Json(rule->windows) : Json())
      .set("targets", Json::strings(finding.windows));
  if (!finding.because.empty()) made.set("relaxed_because", finding.because);
  return made;
}

Json to_json(const Judged& judged) {
  const auto& certificate = judged.certificate;
  Json findings = Json::array();
  for (const auto& finding : judged.findings) findings.push(to_json(finding));
  return Json::object()
      .set("subject", certificate.subject().text())
      .set("thumbprint", certificate.thumbprint().hex())
      .set("role", judged.role.empty() ? Json() : Json(judged.role))
      .set("judged_at", to_iso(judged.at))
      .set("findings", findings);
}

std::string plural(std::size_t number, const char* word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}
}  // namespace

Counts count(const std::vector<JudgedFile>& files) {
  Counts counts;
  for (const auto& file : files)
    for (const auto& judged : file.certificates) {
      ++counts.certificates;
      for (const auto& finding : judged.findings)
        ++(finding.severity == Severity::error     ? counts.errors
           : finding.severity == Severity::warning ? counts.warnings
                                                   : counts.infos);
    }
  return counts;
}

std::string to_text(const std::vector<JudgedFile>& files) {
  std::string out;
  Explained explained;
  for (const auto& file : files) {
    out += printable(file.path) + "\n";
    if (!file.problem.empty()) out += "  " + printable(file.problem) + "\n";
    if (file.problem.empty() && file.certificates.empty()) out += "  no certificate in it\n";
    for (const auto& judged : file.certificates) render(out, judged, explained);
  }
  const auto counts = count(files);
  return out + fmt::format("{}: {}, {}, {}\n", plural(counts.certificates, "certificate"),
                           plural(counts.errors, "error"), plural(counts.warnings, "warning"),
                           plural(counts.infos, "note"));
}

Json to_json(const std::vector<JudgedFile>& files) {
  const auto counts = count(files);
  Json rows = Json::array();
  for (const auto& file : files) {
    Json certificates = Json::array();
    for (const auto& judged : file.certificates) certificates.push(to_json(judged));
    Json row = Json::object().set("file", file.path).set("certificates", certificates);
    if (!file.problem.empty()) row.set("problem", file.problem);
    rows.push(row);
  }
  return Json::object()
      .set("schema", "sealwright.lint/1")
      .set("files", rows)
      .set("errors", counts.errors)
      .set("warnings", counts.warnings)
      .set("notes", counts.infos);
}

std::string rules_text() {
  std::string out;
  for (const auto& rule : rules()) {
    out += fmt::format("{} ({}): {}\n", rule.name, to_text(rule.severity), rule.summary);
    out += paragraph("why", rule.why, 2) + paragraph("remedy", rule.remedy, 2) +
           paragraph("source", rule.citation, 2);
    if (!rule.windows.empty()) out += paragraph("windows", rule.windows, 2);
  }
  return out;
}

Json rules_json() {
  Json rows = Json::array();
  for (const auto& rule : rules())
    rows.push(Json::object()
                  .set("rule", rule.name)
                  .set("severity", to_text(rule.severity))
                  .set("summary", rule.summary)
                  .set("why", rule.why)
                  .set("remedy", rule.remedy)
                  .set("citation", rule.citation)
                  .set("windows", rule.windows));
  return Json::object().set("schema", "sealwright.lint-rules/1").set("rules", rows);
}

}  // namespace sealwright::lint
