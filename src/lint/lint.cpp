#include "lint/lint.h"

#include <algorithm>

#include "base/error.h"
#include "lint/rule.h"

namespace sealwright::lint {
namespace {

/// What cannot but break along with a rule that is broken on purpose.
struct Consequence {
  std::string_view broken, follows;
};
constexpr Consequence consequences[] = {
    {"code-signing-eku", "eku-nesting"},  // its issuer has none of the purposes that are wrong
};

bool breaks(const policy::Negative& negative, std::string_view rule) {
  return negative.breaks == rule || std::ranges::any_of(consequences, [&](const Consequence& one) {
           return one.broken == negative.breaks && one.follows == rule;
         });
}

/// What relaxes `rule`: the policy's word, or that the certificate is wrong on purpose.
std::optional<policy::Relaxed> relaxed_by(const policy::Policy* policy, std::string_view rule) {
  if (!policy) return std::nullopt;
  if (policy->negative && breaks(*policy->negative, rule))
    return policy::Relaxed{std::string(rule), "broken on purpose: negative"};
  const auto& relax = policy->lint.relax;
  const auto found =
      std::ranges::find(relax, rule, [](const auto& one) { return std::string_view(one.rule); });
  if (found == relax.end()) return std::nullopt;
  return *found;
}

/// A relaxed rule that does not exist is most likely misspelt.
void check_relaxed_names(const policy::Policy& policy, std::vector<Finding>& findings) {
  for (const auto& relaxed : policy.lint.relax) {
    if (find_rule(relaxed.rule)) continue;
    Finding made;
    made.rule = "relaxed-rule";
    made.severity = Severity::warning;
    made.message = "policy '" + policy.name + "' relaxes '" + relaxed.rule + "', which is no rule";
    made.remedy = "see 'sealwright lint --list' for the names of the rules";
    findings.push_back(std::move(made));
  }
}

/// Nothing also for an AlgorithmIdentifier that is malformed.
std::optional<ossl::SignatureAlgorithm> algorithm_of(const x509::Certificate& certificate) {
  try {
    return certificate.signature_algorithm();
  } catch (const Error&) {
    return std::nullopt;
  }
}
}  // namespace

std::string to_text(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "info";
}

Subject Subject::of(const x509::ToBeSigned& from) {
  Subject made;
  made.serial = from.serial;
  made.algorithm = from.algorithm;
  made.issuer = from.issuer;
  made.subject = from.subject;
  made.not_before = from.not_before;
  made.not_after = from.not_after;
  made.public_key = from.public_key;
  made.extensions = from.extensions;
  return made;
}

Subject Subject::of(const x509::Certificate& from) {
  Subject made;
  made.serial = from.serial();
  made.algorithm = algorithm_of(from);
  made.issuer = from.issuer();
  made.subject = from.subject();
  made.not_before = from.not_before();
  made.not_after = from.not_after();
  made.public_key = from.public_key();
  made.extensions = from.extensions();
  made.certificate = from;
  return made;
}

void Findings::add(std::string message, Details details) {
  Finding made;
  made.rule = rule_.name;
  made.severity = relaxed_ ? Severity::info : details.severity.value_or(rule_.severity);
  made.message = std::move(message);
  made.remedy = details.remedy.empty() ? std::string(rule_.remedy) : std::move(details.remedy);
  made.citation = rule_.citation;
  made.windows = std::move(details.windows);
  if (relaxed_) made.because = relaxed_->because;
  to_.push_back(std::move(made));
}

std::span<const RuleInfo> rules() {
  static const std::vector<RuleInfo> infos = [] {
    std::vector<RuleInfo> made;
    for (const auto* rule : all_rules()) made.push_back(rule->info);
    return made;
  }();
  return infos;
}

const RuleInfo* find_rule(std::string_view name) {
  const auto found = std::ranges::find(rules(), name, &RuleInfo::name);
  return found == rules().end() ? nullptr : &*found;
}

std::vector<Finding> check(const Subject& subject) {
  const Facts facts(subject);
  std::vector<Finding> found;
  for (const auto* rule : all_rules()) {
    const auto relaxed = relaxed_by(subject.policy, rule->info.name);
    Findings findings(found, rule->info, relaxed ? &*relaxed : nullptr);
    rule->look(facts, findings);
  }
  if (subject.policy) check_relaxed_names(*subject.policy, found);
  return found;
}

bool blocks(const std::vector<Finding>& findings, const policy::Policy* policy) {
  const auto least = policy && policy->lint.fail_on_warning ? Severity::warning : Severity::error;
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.severity >= least; });
}

}  // namespace sealwright::lint
