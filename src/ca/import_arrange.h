#pragma once
// What becomes of what was found: names, generations, issuers, policies. A plain value that can be
// shown before it is done.

#include <set>

#include "ca/import.h"
#include "ca/import_policy.h"
#include "store/inventory.h"

namespace sealwright::ca {

/// What is known already of a certificate that will be found: the YAML has it.
struct ImportClaim {
  std::string name;
  store::EntityKind kind = store::EntityKind::certificate;
  policy::PolicyPtr policy;
  std::string keyring;
};

struct ImportTerms {
  Time now{};
  std::string name;          ///< For the one thing that is found; empty: as it calls itself.
  policy::PolicyPtr policy;  ///< For all; null: what fits.
  std::string keyring;       ///< For all keys; empty: by policy.
  std::vector<std::string> keyrings;            ///< That there are.
  std::map<store::Sha256, ImportClaim> claims;  ///< By SHA-256 of the certificate.
  std::map<std::string, std::string> renamed;   ///< From what it calls itself.
  std::set<std::string> reserved;               ///< Names that are something else's.
};

/// A certificate that becomes a generation.
struct Arrival {
  std::size_t found = 0;  ///< Of Found::certificates.
  store::EntityKind kind = store::EntityKind::certificate;
  std::string name;
  int number = 1;
  store::GenerationState state = store::GenerationState::active;
  policy::PolicyPtr policy;
  std::string keyring;                              ///< Where its key goes, if it has one.
  std::optional<std::size_t> issuer;                ///< Of Arrangement::arrivals, before this one.
  std::optional<store::GenerationId> known_issuer;  ///< One that was there before.
  std::optional<store::Generation> known;           ///< It is there already.

  std::string label() const { return name + "@" + std::to_string(number); }
};

struct Arrangement {
  std::vector<Arrival> arrivals;  ///< Issuers first.
  std::vector<std::string> notes;
};

/// Certificates with one name (easy-rsa) or one subject are generations of one entity: the newest
/// valid one is active, older ones retiring, expired ones retired, revoked ones revoked.
/// `inventory` may be null: nothing is there yet.
///
/// Throws Error::Kind::input for a key that is no certificate's, Error::Kind::usage when
/// `terms.name` is for several things or a keyring must be named, Error::Kind::state when it is
/// taken.
Arrangement arrange(const Found& found, const ImportTerms& terms, ImportPolicies& policies,
                    const store::Inventory* inventory);

/// `text` made to fit [a-z][a-z0-9-]*, at most 48 characters; "certificate" where nothing is left.
std::string name_from(std::string_view text);

struct ImportWork {
  /// Seals a key into a keyring (OpenKeyrings::seal()). Called before anything is written.
  std::function<store::KeyRecord(const std::string& keyring, const ossl::PrivateKey& key,
                                 store::ExportRule rule)>
      seal;
  Progress progress;
  store::Origin origin = store::Origin::import;
};
struct ImportResult {
  std::size_t certificates = 0, keys = 0, revocations = 0, lists = 0;
  std::vector<std::string> notes;
  bool nothing_new() const { return certificates + keys + revocations + lists == 0; }
};
/// Takes it over in one transaction: all of it, or nothing. What is there already is left as it is.
ImportResult take_over(store::Inventory& inventory, const Found& found,
                       const Arrangement& arrangement, const ImportWork& work);

}  // namespace sealwright::ca
