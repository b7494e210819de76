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

ChainVerdict judge_chain(const x509::Certificate& leaf, const std::vector<x509::Certificate>& pool,
                         const Machine& machine, const Oid& purpose, Time at) {
  std::vector<x509::Certificate> known = pool;
  known.insert(known.end(), machine.stores.ca.begin(), machine.stores.ca.end());
  ChainVerdict verdict;
  verdict.path = x509::find_path(leaf, known, machine.stores.root, at);
  judge_distrust(verdict, machine.stores);
  judge_faults(verdict);
  judge_purpose(verdict, purpose);
  return verdict;
}

}  // namespace sealwright::trust
