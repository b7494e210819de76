#include "lint/lint.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "lint/rule.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {

std::vector<Rule> gather() {
  std::vector<Rule> all;
  for (const auto group :
       {identity_rules(), validity_rules(), key_rules(), usage_rules(), extension_rules()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> all = gather();
  return all;
}

bool is_relaxed(const policy::Policy* policy, std::string_view rule) {
  if (!policy) return false;
  if (policy->negative && policy->negative->breaks == rule) return true;
  return std::any_of(policy->lint.relax.begin(), policy->lint.relax.end(),
                     [&](const auto& relaxed) { return relaxed.rule == rule; });
}

/// A relaxed rule that does not exist is most likely misspelt.
void check_relaxed_names(const policy::Policy& policy, std::vector<Finding>& findings) {
  for (const auto& relaxed : policy.lint.relax) {
    const auto known = std::any_of(all_rules().begin(), all_rules().end(), [&](const Rule& rule) {
      return rule.info.name == relaxed.rule;
    });
    if (!known)
      findings.push_back(
          {"relaxed-rule", Severity::warning,
           "policy '" + policy.name + "' relaxes '" + relaxed.rule + "', which is no rule",
           "see the names of the rules", "lint/lint.h"});
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
  made.algorithm = from.signature_algorithm();
  made.issuer = from.issuer();
  made.subject = from.subject();
  made.not_before = from.not_before();
  made.not_after = from.not_after();
  made.public_key = from.public_key();
  made.extensions = from.extensions();
  return made;
}

Facts::Facts(const Subject& from) : subject(from) {
  const auto read = [&](const Oid& oid, auto& into, auto reader) {
    const auto* found = extension(oid);
    if (!found) return;
    try {
      into = reader(found->value);
    } catch (const Error& error) {
      malformed.push_back(x509::name_of(oid) + ": " + error.message);
    }
  };
  namespace oids = x509::oids;
  read(oids::key_usage, key_usage, x509::read_key_usage);
  read(oids::extended_key_usage, purposes, x509::read_extended_key_usage);
  read(oids::basic_constraints, basic_constraints, x509::read_basic_constraints);
  read(oids::subject_key_identifier, subject_key_identifier, x509::read_subject_key_identifier);
  read(oids::authority_key_identifier, authority_key_identifier,
       x509::read_authority_key_identifier);
}

const x509::Extension* Facts::extension(const Oid& oid) const {
  const auto found = std::find_if(subject.extensions.begin(), subject.extensions.end(),
                                  [&](const auto& one) { return one.oid == oid; });
  return found == subject.extensions.end() ? nullptr : &*found;
}

bool Facts::has_purpose(const Oid& purpose) const {
  return purposes && std::find(purposes->begin(), purposes->end(), purpose) != purposes->end();
}

void Findings::add(std::string message, std::string remedy) {
  to_.push_back({std::string(rule_.name), severity_, std::move(message), std::move(remedy),
                 std::string(rule_.citation)});
}

std::span<const RuleInfo> rules() {
  static const std::vector<RuleInfo> infos = [] {
    std::vector<RuleInfo> made;
    for (const auto& rule : all_rules()) made.push_back(rule.info);
    return made;
  }();
  return infos;
}

std::vector<Finding> check(const Subject& subject) {
  const Facts facts(subject);
  std::vector<Finding> found;
  for (const auto& rule : all_rules()) {
    Findings findings(
        found, rule.info,
        is_relaxed(subject.policy, rule.info.name) ? Severity::info : rule.info.severity);
    rule.look(facts, findings);
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
