#pragma once
// How a rule is written down: what it says about itself, and one function that looks.

#include <functional>

#include "base/windows_version.h"
#include "lint/lint.h"
#include "x509/extension.h"

namespace sealwright::lint {

/// How a certificate that was read is encoded, where values do not tell.
struct Encoding {
  int version = 3;
  bool algorithms_agree = true;  ///< Inside the signed part and outside of it.
  bool unique_identifiers = false;
  std::uint8_t not_before_tag = 0, not_after_tag = 0;  ///< UTCTime or GeneralizedTime.
};

/// A subject with its extensions read once. Extensions that cannot be read are absent here and in
/// `malformed`.
struct Facts {
  explicit Facts(const Subject& from);

  const Subject& subject;
  std::optional<Encoding> encoding;  ///< Nothing for values that are to be signed.
  std::optional<std::uint32_t> key_usage;
  std::optional<std::vector<Oid>> purposes;
  std::optional<x509::BasicConstraints> basic_constraints;
  std::optional<Bytes> subject_key_identifier, authority_key_identifier;
  std::optional<std::vector<x509::GeneralName>> alternative_names;
  std::optional<x509::NameConstraints> name_constraints;
  std::optional<std::vector<x509::CertificatePolicy>> policies;
  std::optional<std::vector<std::string>> crl_urls;
  std::optional<x509::AuthorityInformationAccess> access;
  std::vector<std::string> malformed;  ///< "keyUsage: reason"
  std::vector<const WindowsTarget*> targets;
  Purpose purpose = Purpose::any;

  const x509::Extension* extension(const Oid& oid) const;
  bool is_ca() const { return basic_constraints && basic_constraints->ca; }
  bool self_issued() const { return subject.issuer == subject.subject; }
  bool has_purpose(const Oid& purpose) const;
  bool signs_code() const { return purpose == Purpose::code_signing; }
  /// Whether something is signed with it that Windows or another verifier keeps: code, timestamps,
  /// certificates.
  bool signs() const {
    return signs_code() || purpose == Purpose::timestamping || purpose == Purpose::authority;
  }
  /// Versions 1 and 2 have no extensions: that is one fault, not ten.
  bool may_have_extensions() const { return !encoding || encoding->version == 3; }
  /// Whether the issuer had ended when this one began, or has by `now`.
  bool issuer_over() const;
  /// Titles of the targets for which `which` holds, each once, oldest first.
  std::vector<std::string> targets_where(
      const std::function<bool(const WindowsTarget&)>& which) const;
  /// Whether there are targets, and all of them are Windows Vista, Server 2008 or older: systems
  /// that do not verify SHA-2 in signatures.
  bool only_before_sha2() const;
};

/// What a finding says beside its message.
struct Details {
  std::string remedy = {};  ///< Empty: the rule's own.
  std::vector<std::string> windows = {};
  std::optional<Severity> severity = {};  ///< Nothing: the rule's own.
};

/// Where a rule says what it found.
class Findings {
 public:
  Findings(std::vector<Finding>& to, const RuleInfo& rule, const policy::Relaxed* relaxed)
      : to_(to), rule_(rule), relaxed_(relaxed) {}
  void add(std::string message, Details details = {});

 private:
  std::vector<Finding>& to_;
  const RuleInfo& rule_;
  const policy::Relaxed* relaxed_;
};

struct Rule {
  RuleInfo info;
  void (*look)(const Facts& facts, Findings& findings);
};

std::span<const Rule* const> all_rules();

// What an issuer's extensions say; nothing where one is absent or malformed, which is the issuer's
// own finding.
std::optional<Bytes> subject_key_identifier_of(const x509::Certificate& certificate);
std::optional<x509::BasicConstraints> basic_constraints_of(const x509::Certificate& certificate);
std::optional<std::uint32_t> key_usage_of(const x509::Certificate& certificate);
std::optional<std::vector<Oid>> purposes_of(const x509::Certificate& certificate);
std::optional<x509::NameConstraints> name_constraints_of(const x509::Certificate& certificate);

/// Whether `to` is `months` or more after `from`.
bool lasts_months(Time from, Time to, int months);
std::size_t bit_length(const Bytes& magnitude);
std::string joined(const std::vector<std::string>& words);  ///< "a, b"
bool holds(const std::vector<Oid>& list, const Oid& oid);

}  // namespace sealwright::lint
