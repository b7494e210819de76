// The second half of house rule 1: intent durable, signature, check, result durable.

#include "ca/issue.h"

#include "base/error.h"

namespace sealwright::ca {
namespace {

/// A fault while an RSA signature is made can give the key away, and tokens make mistakes: both are
/// checked before anything leaves. (Boneh, DeMillo, Lipton 1997.)
bool must_be_checked(ossl::Signer& signer) {
  return signer.public_key().type() == ossl::KeyType::rsa ||
         dynamic_cast<ossl::KeySigner*>(&signer) == nullptr;
}

x509::Certificate sign(BytesView to_be_signed, const ossl::SignatureAlgorithm& algorithm,
                       ossl::Signer& signer) {
  const Bytes signature = signer.sign(algorithm, to_be_signed);
  auto certificate = x509::assemble(to_be_signed, algorithm, signature);
  if (must_be_checked(signer) && !certificate.signed_by(signer.public_key()))
    throw Error(Error::Kind::crypto, "the signature that was made is not valid",
                "nothing was issued; if this happens again, do not trust this machine or token");
  return certificate;
}

store::IssuedCertificate result_of(const x509::Certificate& certificate,
                                   store::GenerationState state) {
  return {certificate.der(),
          certificate.thumbprint(),
          certificate.sha256(),
          certificate.subject().text(),
          certificate.not_before(),
          certificate.not_after(),
          state};
}

}  // namespace

store::Generation issue(store::Inventory& inventory, Prepared prepared, ossl::Signer* issuer) {
  if (!issuer && !prepared.own_key_)
    throw Error(Error::Kind::internal, "nobody is there to sign '" + prepared.name() + "'");
  ossl::Signer& signer = issuer ? *issuer : *prepared.own_key_;
  const auto& expected =
      prepared.issuer_key_ ? *prepared.issuer_key_ : prepared.own_key_->public_key();
  if (!(signer.public_key() == expected))
    throw Error(Error::Kind::internal, "'" + prepared.name() +
                                           "' is signed with a key that is "
                                           "not its issuer's");
  const auto id = inventory.begin_issuance(prepared.intent_);
  try {
    const auto certificate = sign(prepared.to_be_signed_, prepared.contents_.algorithm, signer);
    return inventory.finish_issuance(id, result_of(certificate, prepared.state_));
  } catch (const Error& error) {
    try {
      inventory.abandon_issuance(id, error.message);
    } catch (const Error&) {
      // The disk that took no result takes no excuse either: the next run settles it.
    }
    throw;
  }
}

std::vector<store::UnfinishedIssuance> settle_unfinished(store::Inventory& inventory) {
  const auto dead = [&] {
    auto unfinished = inventory.unfinished_issuances();
    std::erase_if(unfinished, [](const auto& issuance) { return issuance.running; });
    return unfinished;
  };
  std::vector<store::UnfinishedIssuance> settled;
  if (dead().empty()) return settled;
  inventory.together([&] {
    settled = dead();  // again, now that no other run settles them
    for (const auto& issuance : settled)
      inventory.abandon_issuance(issuance.id, "its run ended before it was done");
  });
  return settled;
}

}  // namespace sealwright::ca
