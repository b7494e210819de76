// What the certificate may be used for: key usage, extended key usage, basic constraints.

#include <algorithm>

#include "lint/rule.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

void key_usage_present(const Facts& facts, Findings& findings) {
  const auto* extension = facts.extension(oids::key_usage);
  if (!extension) return findings.add("it has no key usage", "add the extension, critical");
  if (!extension->critical)
    findings.add("its key usage is not critical",
                 "mark it critical: newer verifiers refuse it otherwise");
}

void key_usage_bits(const Facts& facts, Findings& findings) {
  if (!facts.key_usage) return;
  const auto bits = *facts.key_usage;
  if (facts.is_ca()) {
    if (!(bits & x509::key_cert_sign))
      findings.add("an authority's key usage lacks keyCertSign", "add it");
    return;
  }
  if (!(bits & x509::digital_signature))
    findings.add("its key usage lacks digitalSignature", "add it");
  if (bits & (x509::key_cert_sign | x509::crl_sign))
    findings.add("its key usage holds " +
                     joined(x509::key_usage_names(bits & (x509::key_cert_sign | x509::crl_sign))) +
                     ", but it is no authority",
                 "remove it");
}

void key_usage_alone(const Facts& facts, Findings& findings) {
  if (!facts.key_usage || facts.is_ca()) return;
  const auto others =
      *facts.key_usage & ~(x509::digital_signature | x509::key_cert_sign | x509::crl_sign);
  if (others)
    findings.add(
        "its key usage holds " + joined(x509::key_usage_names(others)) + " beside digitalSignature",
        "remove it");
}

void basic_constraints(const Facts& facts, Findings& findings) {
  const auto* extension = facts.extension(oids::basic_constraints);
  if (facts.subject.policy && facts.subject.policy->is_authority() != facts.is_ca())
    findings.add(facts.is_ca() ? "it is an authority, its policy is for end-entities"
                               : "its policy is for authorities, but it has no CA flag",
                 "make both agree");
  if (facts.is_ca() && !extension->critical)
    findings.add("an authority's basic constraints are not critical", "mark them critical");
}

void path_length(const Facts& facts, Findings& findings) {
  if (facts.basic_constraints && !facts.is_ca() && facts.basic_constraints->path_length)
    findings.add("it has a path length, but is no authority", "remove it");
  const auto* issuer = facts.subject.issuer_certificate;
  if (!issuer || !facts.is_ca() || facts.self_issued()) return;
  const auto above = issuer->basic_constraints();
  if (!above || !above->path_length) return;
  if (*above->path_length == 0) {
    findings.add("its issuer may not issue authorities (path length 0)", "take another issuer");
  } else if (facts.basic_constraints->path_length &&
             *facts.basic_constraints->path_length >= *above->path_length) {
    findings.add(
        "its path length is not below its issuer's (" + std::to_string(*above->path_length) + ")",
        "lower it");
  }
}

void root_path_length(const Facts& facts, Findings& findings) {
  if (facts.is_ca() && facts.self_issued() && facts.basic_constraints->path_length)
    findings.add("a root with a path length breaks chains over cross-certificates",
                 "leave path_length out");
}

void issuer_is_authority(const Facts& facts, Findings& findings) {
  const auto* issuer = facts.subject.issuer_certificate;
  if (!issuer) return;
  if (!issuer->is_ca()) findings.add("its issuer is no authority", "take another issuer");
  const auto usage = issuer->key_usage();
  if (usage && !(*usage & x509::key_cert_sign))
    findings.add("its issuer's key usage lacks keyCertSign", "take another issuer");
}

/// Certificates for timestamps and OCSP answers are no code-signing certificates; all other
/// end-entities here are.
bool signs_code(const Facts& facts) {
  return !facts.is_ca() && !facts.has_purpose(oids::time_stamping) &&
         !facts.has_purpose(oids::ocsp_signing);
}

void code_signing_eku(const Facts& facts, Findings& findings) {
  if (signs_code(facts) && !facts.has_purpose(oids::code_signing))
    findings.add("its extended key usage lacks codeSigning",
                 "add it: Windows answers 0x800B0110 otherwise");
}

void code_signing_eku_alone(const Facts& facts, Findings& findings) {
  if (facts.is_ca() || !facts.has_purpose(oids::code_signing)) return;
  for (const auto& other :
       {oids::server_auth, oids::client_auth, oids::any_extended_key_usage, oids::time_stamping})
    if (facts.has_purpose(other))
      findings.add(
          "its extended key usage holds " + x509::key_purpose_name(other) + " beside codeSigning",
          "issue one certificate for each purpose");
}

void timestamping_eku(const Facts& facts, Findings& findings) {
  if (facts.is_ca() || !facts.has_purpose(oids::time_stamping)) return;
  if (facts.purposes->size() != 1)
    findings.add("timeStamping is not its only extended key usage", "remove the others");
  if (!facts.extension(oids::extended_key_usage)->critical)
    findings.add("its extended key usage is not critical",
                 "mark it critical: tokens are refused otherwise");
}

void eku_nesting(const Facts& facts, Findings& findings) {
  const auto* issuer = facts.subject.issuer_certificate;
  if (!issuer || !facts.purposes) return;
  const auto allowed = issuer->extended_key_usage();
  const auto has = [&](const Oid& purpose) {
    return std::find(allowed->begin(), allowed->end(), purpose) != allowed->end();
  };
  if (!allowed || has(oids::any_extended_key_usage)) return;
  for (const auto& purpose : *facts.purposes)
    if (!has(purpose))
      findings.add("its issuer's extended key usage lacks " + x509::key_purpose_name(purpose),
                   "take another issuer: Windows answers 0x800B0110 otherwise");
}

constexpr Rule table[] = {
    {{"key-usage-present", "Key usage is there and critical",
      "RFC 5280, 4.2.1.3; CA/B Forum CSBR, 7.1.2.3", Severity::error},
     key_usage_present},
    {{"key-usage-bits", "Authorities sign certificates, all others do not",
      "RFC 5280, 4.2.1.3 and 4.2.1.9", Severity::error},
     key_usage_bits},
    {{"key-usage-alone", "End-entities have digitalSignature only", "CA/B Forum CSBR, 7.1.2.3",
      Severity::warning},
     key_usage_alone},
    {{"basic-constraints", "Authorities say so, critically", "RFC 5280, 4.2.1.9", Severity::error},
     basic_constraints},
    {{"path-length", "No more authorities follow than allowed", "RFC 5280, 4.2.1.9 and 6.1.4",
      Severity::error},
     path_length},
    {{"root-path-length", "Roots have no path length",
      "RFC 5280, 6.1.4: it counts cross-certificates", Severity::warning},
     root_path_length},
    {{"issuer-is-authority", "The issuer may issue certificates", "RFC 5280, 6.1.4 (k) and (n)",
      Severity::error},
     issuer_is_authority},
    {{"code-signing-eku", "End-entities are for code signing",
      "CA/B Forum CSBR, 7.1.2.3; WinVerifyTrust", Severity::error},
     code_signing_eku},
    {{"code-signing-eku-alone", "Code signing is not mixed with other uses",
      "CA/B Forum CSBR, 7.1.2.3", Severity::error},
     code_signing_eku_alone},
    {{"timestamping-eku", "timeStamping stands alone and is critical", "RFC 3161, 2.3",
      Severity::error},
     timestamping_eku},
    {{"eku-nesting", "The issuer's purposes include its own",
      "Windows: purposes nest along the chain", Severity::error},
     eku_nesting},
};
}  // namespace

std::span<const Rule> usage_rules() { return table; }

}  // namespace sealwright::lint
