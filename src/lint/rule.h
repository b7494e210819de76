#pragma once
// How a rule is written down. One line in a table, one function that looks.

#include <map>

#include "lint/lint.h"
#include "x509/extension.h"

namespace sealwright::lint {

/// A subject with its extensions read once. Extensions that cannot be read are absent here and in
/// `malformed`.
struct Facts {
  explicit Facts(const Subject& from);

  const Subject& subject;
  std::optional<std::uint32_t> key_usage;
  std::optional<std::vector<Oid>> purposes;
  std::optional<x509::BasicConstraints> basic_constraints;
  std::optional<Bytes> subject_key_identifier, authority_key_identifier;
  std::vector<std::string> malformed;  ///< "keyUsage: reason"

  const x509::Extension* extension(const Oid& oid) const;
  bool is_ca() const { return basic_constraints && basic_constraints->ca; }
  bool self_issued() const { return subject.issuer == subject.subject; }
  bool has_purpose(const Oid& purpose) const;
};

/// Where a rule says what it found.
class Findings {
 public:
  Findings(std::vector<Finding>& to, const RuleInfo& rule, Severity severity)
      : to_(to), rule_(rule), severity_(severity) {}
  void add(std::string message, std::string remedy = {});

 private:
  std::vector<Finding>& to_;
  const RuleInfo& rule_;
  Severity severity_;
};

struct Rule {
  RuleInfo info;
  void (*look)(const Facts& facts, Findings& findings);
};

std::span<const Rule> identity_rules();   ///< Serial number and names.
std::span<const Rule> validity_rules();   ///< Dates.
std::span<const Rule> key_rules();        ///< Keys, digests, key identifiers.
std::span<const Rule> usage_rules();      ///< What the certificate may be used for.
std::span<const Rule> extension_rules();  ///< Extensions as such.

}  // namespace sealwright::lint
