#include "ca/recording.h"

#include <algorithm>

#include "base/error.h"
#include "ca/sha256.h"

namespace sealwright::ca {

RecordingSigner::RecordingSigner(store::Inventory& inventory, const store::Generation& generation,
                                 std::unique_ptr<ossl::Signer> signer)
    : inventory_(inventory), generation_(generation.id), signer_(std::move(signer)) {
  if (!generation.key || signer_->public_key().id() != *generation.key)
    throw Error(Error::Kind::internal, "the key is not that of '" + generation.label() + "'");
}

RecordingSigner::~RecordingSigner() {
  try {
    abandon("it was not finished");
  } catch (...) {
    // Then it stays unfinished on record, and the next run settles it.
  }
}

void RecordingSigner::abandon(const std::string& reason) {
  if (const auto id = std::exchange(pending_, std::nullopt))
    inventory_.abandon_signature(*id, reason);
}

void RecordingSigner::subject(SignatureSubject subject) {
  abandon("it was not finished");
  subject_ = std::move(subject);
}

Bytes RecordingSigner::sign(const ossl::SignatureAlgorithm& algorithm, BytesView to_be_signed) {
  if (!subject_)
    throw Error(Error::Kind::internal, "something is signed, and nobody said what it is");
  store::SignatureIntent intent;
  intent.generation = generation_;
  intent.file_name = std::move(subject_->file_name);
  intent.kind = std::move(subject_->kind);
  intent.digest_algorithm = std::move(subject_->digest_algorithm);
  intent.digest = std::move(subject_->digest);
  intent.file_before = subject_->file_before;
  intent.to_be_signed = sha256(to_be_signed);
  subject_.reset();
  pending_ = inventory_.begin_signature(intent);
  try {
    return signer_->sign(algorithm, to_be_signed);
  } catch (const Error& error) {
    abandon(error.message);
    throw;
  }
}

void RecordingSigner::finish(const store::SignatureResult& result) {
  const auto id = std::exchange(pending_, std::nullopt);
  if (!id) throw Error(Error::Kind::internal, "a signature is finished that was not made");
  inventory_.finish_signature(*id, result);
}

std::vector<store::SignatureRecord> settle_unfinished_signatures(store::Inventory& inventory) {
  const auto dead = [&] {
    auto unfinished = inventory.unfinished_signatures();
    std::erase_if(unfinished, [](const auto& record) { return record.running; });
    return unfinished;
  };
  std::vector<store::SignatureRecord> settled;
  if (dead().empty()) return settled;
  inventory.together([&] {
    settled = dead();  // again, now that no other run settles them
    for (const auto& record : settled)
      inventory.abandon_signature(record.id, "its run ended before it was done");
  });
  return settled;
}

}  // namespace sealwright::ca
