#pragma once
// Revocation lists of the authorities in the inventory, and what goes onto them.

#include <string>

#include "ossl/signer.h"
#include "store/inventory.h"
#include "x509/crl.h"

namespace sealwright::ca {

/// How long a list holds, and how long before its end the next one is made.
struct CrlTerms {
  Duration lifetime, overlap;
};

/// Why `issuer` needs a new list, or nothing: none was issued yet, something was revoked since, or
/// the last one ends within the overlap (half its life, where the overlap is no shorter than that).
/// Reads no certificates below the issuer.
std::optional<std::string> crl_due(const store::Inventory& inventory,
                                   const store::Generation& issuer, const CrlTerms& terms);
/// The same as it will be at `at`.
std::optional<std::string> crl_due(const store::Inventory& inventory,
                                   const store::Generation& issuer, const CrlTerms& terms, Time at);

/// Issues the next list (RFC 5280, 5): every serial number revoked below `issuer`, those that have
/// expired since too, for what they signed lives on. A renewal that kept name and key has one list
/// with its predecessor: nobody could tell two apart. The signature is recorded like any other
/// (house rule 1), the list stored. `signer` is the issuer's key. Throws Error::Kind::policy when
/// the issuer's key usage lacks cRLSign, Error::Kind::state when it is no authority, not valid now,
/// or the clock stands before the last list.
store::CrlRecord issue_crl(store::Inventory& inventory, const store::Generation& issuer,
                           ossl::Signer& signer, const CrlTerms& terms);

/// Takes over a list that was issued elsewhere (in the safe, or before an import): signed by
/// `issuer`, newer than the one on record. What it revokes is revoked here too. Throws
/// Error::Kind::input, ::crypto or ::state.
store::CrlRecord accept_crl(store::Inventory& inventory, const store::Generation& issuer,
                            const x509::Crl& crl);

/// Why and from when one generation is revoked.
struct RevocationOrder {
  x509::RevocationReason reason = x509::RevocationReason::unspecified;
  std::optional<Time> signatures_until;  ///< What it signed before stays valid: revocationDate and
                                         ///< invalidityDate. Nothing: revoked from now on.
  std::string note;
  /// Nothing it ever signed counts: revoked since it began, and in Disallowed of every bundle. Goes
  /// without signatures_until.
  bool distrust = false;
};
/// Revokes one generation, be it expired or not; one that is revoked since an earlier time, or
/// distrusted, only. `reason` is one of RFC 5280, 5.3.1; removeFromCRL
/// is refused. What signs itself, or has its issuer outside, stands on no list of this inventory:
/// it can be distrusted only (Error::Kind::policy, with what to do instead).
void revoke(store::Inventory& inventory, const store::Generation& generation,
            const RevocationOrder& order);
/// Throws what revoke() would, and changes nothing: before a person is asked.
void check_revocation(const store::Inventory& inventory, const store::Generation& generation,
                      const RevocationOrder& order);

}  // namespace sealwright::ca
