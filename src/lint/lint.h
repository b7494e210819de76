#pragma once
// The folder lint knows the rules a certificate must obey before it is issued, each with the clause
// that says so. The values it is built from are judged, not its encoding; the same rules judge any
// certificate that was read.

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

/// What is judged.
struct Subject {
  static Subject of(const x509::ToBeSigned& to_be_signed);
  static Subject of(const x509::Certificate& certificate);

  Serial serial;
  std::optional<ossl::SignatureAlgorithm> algorithm;  ///< Nothing: one this program does not know.
  x509::Name issuer, subject;
  Time not_before{}, not_after{};
  ossl::PublicKey public_key;
  std::vector<x509::Extension> extensions;

  const policy::Policy* policy = nullptr;  ///< Where there is one: adds its rules, relaxes others.
  const x509::Certificate* issuer_certificate =
      nullptr;                       ///< Null: unknown, or the certificate itself.
  std::vector<std::string> targets;  ///< Windows versions (base/windows_version.h).
  std::optional<Time> now;           ///< When it is (to be) issued.
};

struct Finding {
  std::string rule;
  Severity severity = Severity::error;
  std::string message;   ///< What is wrong, lower case.
  std::string remedy;    ///< What to change, or empty.
  std::string citation;  ///< "RFC 5280, 4.1.2.2"
};

/// Every rule broken, in the order of rules(). Rules that the policy relaxes are reported as info.
/// Does not throw for a bad certificate: an extension that cannot be read is a finding.
std::vector<Finding> check(const Subject& subject);

/// Whether a certificate with these findings must not be issued: an error, or a warning where the
/// policy says fail_on: warning.
bool blocks(const std::vector<Finding>& findings, const policy::Policy* policy);

struct RuleInfo {
  std::string_view name, summary, citation;
  Severity severity;
};
std::span<const RuleInfo> rules();

}  // namespace sealwright::lint
