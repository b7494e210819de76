#pragma once
// The only way to a private key, be it in the inventory, a PFX or a token.

#include "ossl/key.h"

namespace sealwright::ossl {

/// Makes signatures with one private key.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const PublicKey& public_key() const = 0;
  /// Signs exactly these bytes (they are digested inside). Throws Error::Kind::crypto.
  virtual Bytes sign(const SignatureAlgorithm& algorithm, BytesView to_be_signed) = 0;
};

/// A Signer over a key in memory.
class KeySigner : public Signer {
 public:
  explicit KeySigner(PrivateKey key) : key_(std::move(key)) {}
  const PublicKey& public_key() const override { return key_.public_key(); }
  Bytes sign(const SignatureAlgorithm& algorithm, BytesView to_be_signed) override {
    return key_.sign(algorithm, to_be_signed);
  }

 private:
  PrivateKey key_;
};

}  // namespace sealwright::ossl
