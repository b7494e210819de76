#pragma once
// How Windows judges a certificate chain: RFC 5280's rules, its own on purposes and distrust, and
// the code it answers with.

#include <optional>
#include <string>

#include "trust/stores.h"
#include "x509/chain.h"

namespace sealwright::trust {

/// Why Windows says no.
struct Refusal {
  std::uint32_t code = 0;  ///< trust/result_code.h
  std::string rule;        ///< Stable id of the rule that decided: "chain-root-trusted".
  std::string reason;      ///< One sentence about this certificate, lower case.
  std::string remedy;
};

/// Something worth knowing that decides nothing.
struct Remark {
  std::string rule, text;
};

struct ChainVerdict {
  x509::Path path;
  std::vector<Refusal> refusals;  ///< The one that decides first.
  std::vector<Remark> remarks;
  std::vector<std::string> cleared_by;  ///< Who said that certificates of it are not revoked.
  bool trusted() const { return refusals.empty(); }
  bool has(std::uint32_t code) const;  ///< Whether it is among the refusals.
};

/// The extended key usages of a certificate: nothing where it has no such extension, an empty list
/// where that cannot be read, which then allows nothing. Never throws.
std::optional<std::vector<Oid>> purposes_of(const x509::Certificate& certificate);

/// Judges `leaf` for the extended key usage `purpose` at time `at`.
///
/// Purposes nest as in Windows: every certificate of the chain that has the extension must list
/// `purpose` or anyExtendedKeyUsage; without the extension anything goes (CertGetCertificateChain,
/// CERT_ENHKEY_USAGE; root included). A critical keyUsage must let the leaf sign. A certificate in
/// Disallowed ends every chain through it.
///
/// Every certificate but the root must not be revoked at `at`: what was timestamped before its
/// revocationDate stays good. What the machine has not heard of counts as good, as with the default
/// WinTrust State, which lets nobody wait for a server.
ChainVerdict judge_chain(const x509::Certificate& leaf, const std::vector<x509::Certificate>& pool,
                         const Machine& machine, const Oid& purpose, Time at);

}  // namespace sealwright::trust
