#pragma once
// What the kernels of Windows demand before they load a driver, version by version. The machine's
// Root store does not count for it: the roots are Microsoft's own.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/windows_version.h"
#include "x509/certificate.h"

namespace sealwright::trust {

/// Whose root a chain ends in, as the kernel sees it. Known by thumbprint.
enum class RootOwner {
  microsoft,          ///< Microsoft Root Authority, Root Certificate Authority, … 2010.
  code_verification,  ///< Microsoft Code Verification Root: cross-certificates of public CAs.
  other,
};
RootOwner owner_of(const x509::Certificate& root);
/// Whether it is the name of one of these roots: all that can be told where a root is not at hand.
RootOwner owner_named(const x509::Name& subject);

/// One rule on loading drivers.
struct LoadRule {
  std::string_view id;       ///< "kernel-portal-only"
  std::string_view summary;  ///< One sentence, lower case, no full stop.
  std::string_view source;   ///< Where Microsoft says so.
};
std::span<const LoadRule> load_rules();
/// The rule of this version and architecture; of versions that know Secure Boot, with that on.
const LoadRule& load_rule(const WindowsTarget& target);

/// What is known of a driver's signature, embedded or of its catalog.
struct DriverSignature {
  bool valid = false;  ///< Signature and digests are good, whatever the root.
  RootOwner root = RootOwner::other;
  bool root_known = true;       ///< False: the root's name is Microsoft's, but it is not at hand.
  Time signer_issued{};         ///< Begin of the signer certificate's validity.
  bool signer_expired = false;  ///< At the time that counts.
  bool sha1 = false;            ///< Signed with SHA-1.
  std::vector<Oid> purposes;    ///< Of the signer's certificate.
  std::string root_name;        ///< For people.
};

struct LoadAnswer {
  std::optional<bool> loads;  ///< Nothing: it cannot be told.
  std::string rule;           ///< Id of the rule.
  std::string text;           ///< "loads", or why not; one sentence that follows "its kernel ".
  std::string remedy;
};
/// Whether the kernel of `target` loads a driver that is not needed for starting the machine.
/// `signature` null: it has none.
LoadAnswer judge_load(const WindowsTarget& target, const DriverSignature* signature);

}  // namespace sealwright::trust
