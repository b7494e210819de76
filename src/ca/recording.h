#pragma once
// Every signature by a key of the inventory is on record before it is made, and again when its file
// is written.

#include <memory>
#include <string>

#include "ossl/signer.h"
#include "store/inventory.h"

namespace sealwright::ca {

/// What is about to be signed.
struct SignatureSubject {
  std::string file_name;
  std::string kind;              ///< "pe", "catalog", "timestamp", …
  std::string digest_algorithm;  ///< "sha256"
  Bytes digest;                  ///< Of the content; may be empty.
  std::optional<store::Sha256> file_before;
};

/// A Signer for one generation's key that records what it signs. For each file: subject(), then
/// sign() once, then finish() when the result is durably written. What is not finished when it ends
/// is recorded as abandoned.
class RecordingSigner : public ossl::Signer {
 public:
  /// `inventory` must outlive it. Throws Error::Kind::internal when the key is not the
  /// generation's.
  RecordingSigner(store::Inventory& inventory, const store::Generation& generation,
                  std::unique_ptr<ossl::Signer> signer);
  ~RecordingSigner() override;
  RecordingSigner(const RecordingSigner&) = delete;
  RecordingSigner& operator=(const RecordingSigner&) = delete;

  /// Says what the next signature is for; an unfinished one before it is abandoned.
  void subject(SignatureSubject subject);
  const ossl::PublicKey& public_key() const override { return signer_->public_key(); }
  /// Records the intent durably, then signs. Throws Error::Kind::internal without a subject().
  Bytes sign(const ossl::SignatureAlgorithm& algorithm, BytesView to_be_signed) override;
  void finish(const store::SignatureResult& result);

 private:
  void abandon(const std::string& reason);
  store::Inventory& inventory_;
  store::GenerationId generation_;
  std::unique_ptr<ossl::Signer> signer_;
  std::optional<SignatureSubject> subject_;
  std::optional<store::SignatureId> pending_;
};

/// Settles signatures that another run, no longer alive, left unfinished: they are recorded as
/// abandoned, and returned.
std::vector<store::SignatureRecord> settle_unfinished_signatures(store::Inventory& inventory);

}  // namespace sealwright::ca
