#pragma once
// The folder lint knows the rules a certificate must obey before it is issued, each with the clause
// that says so and what goes wrong otherwise. The same rules judge values that are to be signed and
// certificates that were read. One rule is one file in rules/; all_rules.cpp lists them.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"
#include "x509/certificate.h"

namespace sealwright::lint {

enum class Severity { info, warning, error };
std::string to_text(Severity severity);

/// What a certificate is for, and so which rules hold for it. `any`: nothing says.
enum class Purpose { any, authority, code_signing, timestamping, ocsp, tls };
std::string to_text(Purpose purpose);  ///< "code signing"

/// What certificates of this policy are for. An authority's policy: authority. A negative one that
/// breaks code-signing-eku or eku-present signs code, whatever its own usages say, and so does one
/// that is or extends a shipped policy for code signing. Else what its extended key usage says;
/// without one a policy with `targets` signs code, and nothing is known of any other.
Purpose purpose_of(const policy::Policy& policy);

/// What is judged. Rules that need a fact which is not given judge nothing.
struct Subject {
  static Subject of(const x509::ToBeSigned& to_be_signed);
  static Subject of(const x509::Certificate& certificate);

  Serial serial;
  std::optional<ossl::SignatureAlgorithm> algorithm;  ///< Nothing: one this program does not know.
  x509::Name issuer, subject;
  Time not_before{}, not_after{};
  ossl::PublicKey public_key;
  std::vector<x509::Extension> extensions;

  /// Where it was read: rules about its encoding and its signature look at it.
  std::optional<x509::Certificate> certificate;

  const policy::Policy* policy = nullptr;  ///< Where there is one: adds its rules, relaxes others.
  /// Where known better than policy and extended key usage tell: a file's signer signs code.
  std::optional<Purpose> purpose;
  const x509::Certificate* issuer_certificate =
      nullptr;                       ///< Null: unknown, or the certificate itself.
  std::vector<std::string> targets;  ///< Windows versions (base/windows_version.h).
  std::optional<Time> now;           ///< When it is (to be) issued, or is judged.
  /// Other certificates of the same machines or inventory: names and serial numbers must not
  /// collide with theirs.
  std::vector<x509::Certificate> known;
  std::optional<bool> revoked;         ///< By its issuer, at `now`.
  std::optional<bool> chain_complete;  ///< Every issuer up to a root is at hand.
  std::optional<bool> root_trusted;    ///< The root of its chain is in the machines' Root store.
};

struct Finding {
  std::string rule;
  Severity severity = Severity::error;
  std::string message;               ///< What is wrong, lower case.
  std::string remedy;                ///< What to change.
  std::string citation;              ///< "RFC 5280, 4.1.2.2"
  std::vector<std::string> windows;  ///< Titles of the targets concerned; empty: see RuleInfo.
  std::string because;               ///< Why the policy relaxes the rule, or empty.
};

/// Every rule broken, in the order of rules(). Rules that the policy relaxes, and the one that a
/// negative policy breaks, are reported as info. A policy that relaxes a rule which does not exist
/// gets a warning under the name "relaxed-rule". Does not throw for a bad certificate: an extension
/// that cannot be read is a finding.
std::vector<Finding> check(const Subject& subject);

/// Whether a certificate with these findings must not be issued: an error, or a warning where the
/// policy says fail_on: warning.
bool blocks(const std::vector<Finding>& findings, const policy::Policy* policy);

struct RuleInfo {
  std::string_view name, summary, citation;
  Severity severity;              ///< The highest it reports.
  std::string_view windows = {};  ///< The versions of Windows that it concerns; empty: all.
  std::string_view why = {};      ///< What goes wrong, and where: a sentence or two.
  std::string_view remedy = {};   ///< What to change, where the finding does not say it better.
};
/// In the order of the table in all_rules.cpp: names, structure, dates, keys, signatures, usages,
/// extensions, the chain. New rules go to the end of their subject.
std::span<const RuleInfo> rules();
const RuleInfo* find_rule(std::string_view name);  ///< Null for a name that is no rule.

}  // namespace sealwright::lint
