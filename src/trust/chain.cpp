#include "trust/chain.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "trust/result_code.h"
#include "x509/oids.h"

namespace sealwright::trust {
namespace {

using x509::PathFault;

/// One row per fault a path can have; the order is the order in which Windows lets them decide.
struct FaultRule {
  PathFault fault;
  std::uint32_t code;
  std::string_view rule;
};
constexpr FaultRule fault_rules[] = {
    {PathFault::malformed, code::certificate_signature, "chain-well-formed"},
    {PathFault::bad_signature, code::certificate_signature, "chain-signatures"},
    {PathFault::weak_key, code::certificate_signature, "chain-key-strength"},
    {PathFault::untrusted_root, code::untrusted_root, "chain-root-trusted"},
    {PathFault::missing_issuer, code::chaining, "chain-complete"},
    {PathFault::not_yet_valid, code::expired, "chain-valid-in-time"},
    {PathFault::expired, code::expired, "chain-valid-in-time"},
    {PathFault::not_a_ca, code::basic_constraints, "chain-issuers-are-cas"},
    {PathFault::path_too_long, code::basic_constraints, "chain-path-length"},
    {PathFault::name_not_permitted, code::invalid_name, "chain-name-constraints"},
    {PathFault::unknown_critical_extension, code::chaining, "chain-critical-extensions"},
    {PathFault::other, code::chaining, "chain-complete"},
};

constexpr std::string_view revocation_rule = "chain-not-revoked";

std::string label(const x509::Certificate& certificate) {
  return "'" + printable(certificate.subject().display()) + "'";
}

std::string remedy_of(std::uint32_t value) {
  const auto* known = find_result_code(value);
  return known ? std::string(known->remedy) : std::string();
}

Refusal refusal(std::uint32_t value, std::string_view rule, std::string reason) {
  return {value, std::string(rule), std::move(reason), remedy_of(value)};
}

std::string reason_of(const x509::PathFinding& finding, const x509::Path& path) {
  const bool known = finding.depth < path.certificates.size();
  const std::string who = known ? label(path.certificates[finding.depth]) : "a certificate";
  switch (finding.fault) {
    case PathFault::untrusted_root:
      return who + " ends the chain and is not in the Root store";
    case PathFault::missing_issuer:
      return known ? "the issuer of " + who + " (" +
                         printable(path.certificates[finding.depth].issuer().display()) +
                         ") is not at hand"
                   : "an issuer is not at hand";
    case PathFault::expired:
      return who + (known ? " expired at " + to_iso(path.certificates[finding.depth].not_after())
                          : " expired");
    case PathFault::not_yet_valid:
      return who + (known ? " is not valid before " +
                                to_iso(path.certificates[finding.depth].not_before())
                          : " is not valid yet");
    default:
      return who + ": " + finding.detail;
  }
}

void judge_distrust(ChainVerdict& verdict, const Stores& stores) {
  for (const auto& certificate : verdict.path.certificates)
    if (contains(stores.disallowed, certificate))
      verdict.refusals.push_back(refusal(code::explicit_distrust, "chain-not-disallowed",
                                         label(certificate) + " is in the Disallowed store"));
}

void judge_faults(ChainVerdict& verdict) {
  for (const auto& rule : fault_rules)
    for (const auto& finding : verdict.path.findings)
      if (finding.fault == rule.fault)
        verdict.refusals.push_back(refusal(rule.code, rule.rule, reason_of(finding, verdict.path)));
}

/// A signer that says what its key is for, and does not say signatures (RFC 5280, 4.2.1.3).
void judge_key_usage(ChainVerdict& verdict, const Oid& purpose) {
  if (verdict.path.certificates.empty()) return;
  const auto& leaf = verdict.path.certificates.front();
  const auto* extension = leaf.extension(x509::oids::key_usage);
  if (!extension) return;
  std::uint32_t usage = 0;
  try {
    usage = leaf.key_usage().value_or(0);
  } catch (const Error&) {
    usage = 0;  // what cannot be read allows nothing
  }
  // RFC 3161, 2.3 leaves the choice to timestamp authorities.
  const std::uint32_t enough = purpose == x509::oids::time_stamping
                                   ? x509::digital_signature | x509::content_commitment
                                   : std::uint32_t{x509::digital_signature};
  if (usage & enough) return;
  const auto names = x509::key_usage_names(usage);
  const auto reason =
      fmt::format("{} may not sign: its key usage is {}", label(leaf),
                  names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", ")));
  if (extension->critical)
    verdict.refusals.push_back(refusal(code::wrong_usage, "chain-key-usage", reason));
  else
    verdict.remarks.push_back({"chain-key-usage", reason + ", which is not critical"});
}

std::string revocation_text(const x509::Certificate& certificate, const RevocationFact& fact) {
  std::string text = fmt::format("{} is revoked since {}", label(certificate), to_iso(fact.since));
  if (fact.reason) {
    text += fmt::format(" ({}", x509::to_text(*fact.reason));
    if (const auto meaning = meaning_of(*fact.reason); !meaning.empty())
      text += fmt::format(": {}", meaning);
    text += ")";
  }
  return text + ", says " + fact.source;
}

/// Windows takes what was timestamped before revocationDate for good; at that very second it does
/// not.
void judge_revoked(ChainVerdict& verdict, const x509::Certificate& certificate,
                   const RevocationFact& fact, bool ignored, Time at) {
  const std::string text = revocation_text(certificate, fact);
  if (ignored) {
    verdict.remarks.push_back(
        {std::string(revocation_rule), text + "; WinTrust State ignores that"});
  } else if (fact.since <= at) {
    verdict.refusals.push_back(refusal(code::revoked, revocation_rule, text));
  } else {
    verdict.remarks.push_back(
        {std::string(revocation_rule), text + "; what was timestamped before that stays good"});
    if (fact.invalidity && *fact.invalidity <= at)
      verdict.remarks.push_back(
          {std::string(revocation_rule),
           fmt::format("{} is doubted by its issuer since {} (invalidityDate), which Windows does "
                       "not read",
                       label(certificate), to_iso(*fact.invalidity))});
  }
}

void judge_cleared(ChainVerdict& verdict, const RevocationFact& fact, Time at) {
  if (fact.until && *fact.until < at)
    verdict.remarks.push_back({std::string(revocation_rule),
                               fmt::format("{} ended at {}: who was revoked since it cannot tell",
                                           fact.source, to_iso(*fact.until))});
  auto& known = verdict.cleared_by;
  if (std::find(known.begin(), known.end(), fact.source) == known.end())
    known.push_back(fact.source);
}

void judge_revocation(ChainVerdict& verdict, const Machine& machine, const Oid& purpose, Time at) {
  std::uint32_t ignoring = ignore_revocation;
  if (purpose == x509::oids::time_stamping) ignoring |= ignore_revocation_of_timestamps;
  const bool ignored = machine.wintrust_state & ignoring;
  const auto& chain = verdict.path.certificates;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    bool known = false;
    for (const auto& source : machine.revocations) {
      const auto fact = source->find(chain[i], chain[i + 1]);
      if (!fact) continue;
      known = true;
      if (fact->revoked)
        judge_revoked(verdict, chain[i], *fact, ignored, at);
      else
        judge_cleared(verdict, *fact, at);
    }
    if (!known && !machine.revocations.empty() && i == 0)
      verdict.remarks.push_back(
          {std::string(revocation_rule),
           "whether " + label(chain[i]) + " is revoked is not known: no list is its issuer's"});
  }
}

void judge_purpose(ChainVerdict& verdict, const Oid& purpose) {
  for (const auto& certificate : verdict.path.certificates) {
    const auto allowed = purposes_of(certificate);
    if (!allowed) continue;
    const auto fits = [&](const Oid& oid) {
      return oid == purpose || oid == x509::oids::any_extended_key_usage;
    };
    if (std::any_of(allowed->begin(), allowed->end(), fits)) continue;
    std::string has;
    for (const auto& oid : *allowed) has += (has.empty() ? "" : ", ") + x509::key_purpose_name(oid);
    verdict.refusals.push_back(
        refusal(code::wrong_usage, "chain-purpose",
                fmt::format("{} allows {}, not {}", label(certificate),
                            has.empty() ? "nothing" : has, x509::key_purpose_name(purpose))));
  }
}

}  // namespace

std::optional<std::vector<Oid>> purposes_of(const x509::Certificate& certificate) {
  try {
    return certificate.extended_key_usage();
  } catch (const Error&) {
    return std::vector<Oid>();
  }
}

bool ChainVerdict::has(std::uint32_t wanted) const {
  return std::any_of(refusals.begin(), refusals.end(),
                     [&](const Refusal& known) { return known.code == wanted; });
}

ChainVerdict judge_chain(const x509::Certificate& leaf, const std::vector<x509::Certificate>& pool,
                         const Machine& machine, const Oid& purpose, Time at) {
  std::vector<x509::Certificate> known = pool;
  known.insert(known.end(), machine.stores.ca.begin(), machine.stores.ca.end());
  ChainVerdict verdict;
  verdict.path = x509::find_path(leaf, known, machine.stores.root, at);
  judge_distrust(verdict, machine.stores);
  judge_faults(verdict);
  judge_revocation(verdict, machine, purpose, at);
  judge_key_usage(verdict, purpose);
  judge_purpose(verdict, purpose);
  return verdict;
}

}  // namespace sealwright::trust
