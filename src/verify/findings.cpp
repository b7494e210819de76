#include "verify/findings.h"

#include <algorithm>

#include "base/encoding.h"
#include "trust/result_code.h"

namespace sealwright::verify {
namespace {

constexpr std::size_t longest_name = 80;

}  // namespace

void Findings::pass(std::string_view rule, std::string text) {
  checks_.push_back({std::string(rule), Check::Outcome::pass, std::move(text), 0, ""});
}

void Findings::note(std::string_view rule, std::string text) {
  checks_.push_back({std::string(rule), Check::Outcome::note, std::move(text), 0, ""});
}

void Findings::skip(std::string_view rule, std::string text) {
  checks_.push_back({std::string(rule), Check::Outcome::skipped, std::move(text), 0, ""});
}

void Findings::fail(std::string_view rule, std::uint32_t code, std::string text,
                    std::string remedy) {
  if (remedy.empty())
    if (const auto* known = trust::find_result_code(code)) remedy = known->remedy;
  checks_.push_back(
      {std::string(rule), Check::Outcome::fail, std::move(text), code, std::move(remedy)});
}

void Findings::fail(const trust::Refusal& refusal) {
  fail(refusal.rule, refusal.code, refusal.reason, refusal.remedy);
}

void Findings::add(std::vector<Check> checks) {
  for (auto& check : checks) checks_.push_back(std::move(check));
}

const Check* Findings::decisive() const {
  const auto found = std::ranges::find(checks_, Check::Outcome::fail, &Check::outcome);
  return found == checks_.end() ? nullptr : &*found;
}

void decide(Verdict& verdict, const Findings& findings, std::string good) {
  verdict.checks = findings.checks();
  const auto* decisive = findings.decisive();
  verdict.ok = decisive == nullptr;
  verdict.exit_code = verdict.ok ? 0 : 1;
  verdict.reason = decisive ? decisive->text : std::move(good);
  if (!decisive) return;
  verdict.code = decisive->code;
  verdict.rule = decisive->rule;
  verdict.remedy = decisive->remedy;
}

std::string label(const x509::Certificate& certificate) {
  return "'" + printable(certificate.subject().display(), longest_name) + "'";
}

}  // namespace sealwright::verify
