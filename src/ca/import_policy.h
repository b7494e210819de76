#pragma once
// Which policy an imported certificate goes on under.

#include <map>

#include "policy/load.h"
#include "x509/certificate.h"

namespace sealwright::ca {

/// Chooses by what a certificate says it is for. A policy counts for the next generation: key size
/// and dates of the one that exists are not looked at.
class ImportPolicies {
 public:
  explicit ImportPolicies(policy::PolicySet& policies) : policies_(policies) {}

  /// imported-ca, or issuing-ca for one whose issuer is known.
  policy::PolicyPtr authority(bool has_issuer);
  /// The first policy of the program with exactly its extended key usages; where there is none, a
  /// new policy that says what the certificate says, called imported-…
  policy::PolicyPtr end_entity(const x509::Certificate& certificate);
  /// Files of the new ones, for a workspace that shall have them.
  const std::vector<policy::PolicyFile>& made() const { return made_; }

 private:
  policy::PolicyPtr make(const x509::Certificate& certificate);
  policy::PolicySet& policies_;
  std::map<std::string, policy::PolicyPtr> by_text_;
  std::vector<policy::PolicyFile> made_;
};

}  // namespace sealwright::ca
