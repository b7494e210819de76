#include "diagnose/inspection.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "lint/lint.h"
#include "trust/stores.h"
#include "x509/oids.h"

namespace sealwright::diagnose {
namespace {

using bundle::Contents;
using bundle::FoundCertificate;
using bundle::Location;
using Severity = bundle::Fault::Severity;
using x509::Certificate;

bool has(const std::vector<Oid>& purposes, const Oid& purpose) {
  return std::find(purposes.begin(), purposes.end(), purpose) != purposes.end();
}

bool trusts(const FoundCertificate& found) {
  return found.action == FoundCertificate::Action::add &&
         !equal_ignoring_case(found.store, "Disallowed");
}

/// Judges one import.
class Judge {
 public:
  Judge(const Contents& contents, Time now, std::vector<ImportFinding>& findings)
      : contents_(contents), now_(now), findings_(findings) {
    for (const auto& found : contents.certificates)
      if (found.action == FoundCertificate::Action::add &&
          equal_ignoring_case(found.store, "Disallowed"))
        disallowed_.insert(found.thumbprint);
  }

  void judge() {
    for (std::size_t i = 0; i < contents_.certificates.size(); ++i) {
      certificate_ = static_cast<int>(i);
      const auto& found = contents_.certificates[i];
      if (found.action != FoundCertificate::Action::add || !found.certificate) continue;
      try {
        judge_certificate(found, *found.certificate);
      } catch (const Error& error) {
        say(Severity::error, error.message, "issue the certificate anew");
      }
    }
    certificate_ = -1;
    for (std::size_t i = 0; i < contents_.settings.size(); ++i) {
      setting_ = static_cast<int>(i);
      judge_setting(contents_.settings[i]);
    }
    setting_ = -1;
  }

 private:
  void say(Severity severity, std::string message, std::string remedy) {
    findings_.push_back({severity, certificate_, setting_, std::move(message), std::move(remedy)});
  }

  bool is_store(const FoundCertificate& found, std::string_view store) const {
    return equal_ignoring_case(found.store, store);
  }

  void judge_certificate(const FoundCertificate& found, const Certificate& certificate) {
    if (trusts(found) && disallowed_.contains(found.thumbprint))
      say(Severity::error, "the same import puts it into Disallowed, which wins",
          "take it out of one of the two");
    if (is_store(found, "Root")) judge_root(found, certificate);
    if (is_store(found, "TrustedPublisher")) judge_publisher(found, certificate);
    if (is_store(found, "CA")) judge_intermediate(certificate);
    if (!trusts(found)) return;
    judge_location(found);
    judge_validity(found, certificate);
    judge_lint(found, certificate);
  }

  void judge_root(const FoundCertificate& found, const Certificate& certificate) {
    if (!certificate.self_signed())
      say(Severity::error, "it is not self-signed: in Root Windows trusts only what is",
          "put it into CA, or into TrustedPublisher if it signs");
    const auto purposes = bundle::purposes(found);
    if (!purposes) {
      // What the certificate itself allows counts too.
      if (!certificate.extended_key_usage())
        say(Severity::note, "it is trusted for all purposes, TLS too",
            "limit it by property 9 (root_purposes in sealwright.yaml), in a format that can");
    } else if (purposes->empty()) {
      say(Severity::error, "its property 9 allows nothing, so it is trusted for nothing",
          "list its purposes there, or leave the property out");
    } else if (has(*purposes, x509::oids::code_signing) &&
               !has(*purposes, x509::oids::time_stamping)) {
      say(Severity::warning,
          "its property 9 allows codeSigning without timeStamping: timestamps by authorities "
          "below it do not count",
          "add timeStamping (1.3.6.1.5.5.7.3.8), unless timestamps come from elsewhere");
    }
  }

  void judge_publisher(const FoundCertificate&, const Certificate& certificate) {
    const auto usages = certificate.extended_key_usage();
    if (certificate.is_ca() && !(certificate.self_signed() && usages))
      say(Severity::error,
          "it is a CA certificate: Windows looks for the signer's own certificate there, so it "
          "does nothing",
          "put the certificates that sign there, each one");
    else if (usages && !has(*usages, x509::oids::code_signing) &&
             !has(*usages, x509::oids::any_extended_key_usage))
      say(Severity::error, "its extended key usage has no codeSigning, so it signs no code",
          "put the certificate there that signs");
  }

  void judge_intermediate(const Certificate& certificate) {
    if (certificate.self_signed())
      say(Severity::warning, "it is self-signed: in CA it is not trusted", "put it into Root");
    else if (!certificate.is_ca())
      say(Severity::warning, "it is no CA certificate: in CA it does nothing",
          "put signers into TrustedPublisher");
  }

  void judge_location(const FoundCertificate& found) {
    if (found.location == Location::user || found.location == Location::user_policy)
      say(Severity::warning, "a driver installation does not look at the current user's stores",
          "put it into LocalMachine");
    if (found.location == Location::directory && is_store(found, "NTAuth"))
      say(Severity::warning, "NTAuth makes the authority good for logons, in the whole forest",
          "leave it out: signing code does not need it");
  }

  void judge_validity(const FoundCertificate& found, const Certificate& certificate) {
    if (now_ < certificate.not_before())
      say(Severity::warning, "it is not valid before " + to_date(certificate.not_before()), "");
    if (now_ <= certificate.not_after()) return;
    const bool publisher = is_store(found, "TrustedPublisher");
    say(publisher ? Severity::note : Severity::warning,
        "it ended on " + to_date(certificate.not_after()),
        publisher ? "keep it while something it signed, and that is timestamped, is to be installed"
                  : "renew it; what was signed and timestamped before goes on being accepted");
  }

  /// All that lint has against a signer; of authorities what endangers those who trust them, for
  /// they are here to stay.
  void judge_lint(const FoundCertificate& found, const Certificate& certificate) {
    if (!linted_.insert({found.thumbprint, ascii_lower(found.store)}).second) return;  // Said once.
    auto subject = lint::Subject::of(certificate);
    const bool publisher = is_store(found, "TrustedPublisher") && !certificate.is_ca();
    if (publisher) subject.purpose = lint::Purpose::code_signing;
    for (const auto& finding : lint::check(subject))
      if (finding.severity == lint::Severity::error && (publisher || is_grave(finding.rule)))
        say(Severity::warning, finding.message + " (" + finding.rule + ")", finding.remedy);
  }

  static bool is_grave(std::string_view rule) {
    constexpr std::string_view grave[] = {
        "rsa-key-size",   "weak-key",          "key-algorithm",   "version",
        "key-usage-bits", "basic-constraints", "signature-valid", "extension-malformed"};
    return std::find(std::begin(grave), std::end(grave), rule) != std::end(grave);
  }

  void judge_setting(const bundle::FoundSetting& setting) {
    if (!setting.value) return;
    const std::uint32_t value = *setting.value;
    if (setting.name == "State") judge_state(value);
    if (setting.name == "AuthenticodeFlags" && (value & 3) == 2)
      say(Severity::warning,
          "only enterprise administrators may name publishers: what is in no enterprise "
          "TrustedPublisher store asks or fails, whoever signed it",
          "leave AuthenticodeFlags alone unless every publisher in use is deployed");
    if (setting.name == "Flags" && (value & 8))
      say(Severity::warning,
          "ProtectedRoots with 8 trusts only roots that come by Group Policy: Windows' own go",
          "leave the flag out");
    if (setting.name == "Flags" && (value & 1))
      say(Severity::note, "roots of the current user do not count any more", "");
    if (setting.name == "DisableRootAutoUpdate" && value)
      say(Severity::warning, "Windows does not fetch Microsoft's roots any more",
          "make sure that the machines have those they need, for timestamps too");
  }

  void judge_state(std::uint32_t value) {
    if (value & trust::ignore_revocation)
      say(Severity::warning, "revocation is not looked at any more, for all software of that user",
          "take 0x200 out, and publish the CRL where machines reach it");
    if (value & trust::allow_only_per_trust)
      say(Severity::warning,
          "only publishers in TrustedPublisher are accepted, for all software of that user",
          "take 0x40000 out unless every publisher in use is deployed");
  }

  const Contents& contents_;
  Time now_;
  std::vector<ImportFinding>& findings_;
  std::set<Thumbprint> disallowed_;
  std::set<std::pair<Thumbprint, std::string>> linted_;
  int certificate_ = -1, setting_ = -1;
};

template <class Visit>
void for_each_severity(const Inspection& inspection, const Visit& visit) {
  for (const auto& fault : inspection.faults) visit(fault.severity);
  for (const auto& import : inspection.imports) {
    for (const auto& fault : import.contents.faults) visit(fault.severity);
    for (const auto& finding : import.findings) visit(finding.severity);
  }
}

}  // namespace

Inspection inspect(const std::string& path, bundle::Reading reading, Time now) {
  Inspection inspection{path,
                        {},
                        std::move(reading.skipped),
                        reading.bundle,
                        reading.version,
                        std::move(reading.faults)};
  for (auto& contents : reading.imports) {
    InspectedImport import{std::move(contents), {}};
    Judge(import.contents, now, import.findings).judge();
    inspection.imports.push_back(std::move(import));
  }
  return inspection;
}

InspectionCounts count(const Inspection& inspection) {
  InspectionCounts counts;
  for_each_severity(inspection, [&](Severity severity) {
    counts.errors += severity == Severity::error;
    counts.warnings += severity == Severity::warning;
  });
  return counts;
}

}  // namespace sealwright::diagnose
