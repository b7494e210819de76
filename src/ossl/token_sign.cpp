#include <algorithm>

#include "base/encoding.h"
#include "ossl/curve.h"
#include "ossl/der.h"
#include "ossl/digest.h"
#include "ossl/key_parts.h"
#include "ossl/token_key.h"

namespace sealwright::ossl {
namespace {

/// PKCS#11's numbers for a digest.
struct DigestNumbers {
  CK_MECHANISM_TYPE digest, rsa_pkcs, rsa_pss, ecdsa;
  CK_RSA_PKCS_MGF_TYPE mgf;
};

std::optional<DigestNumbers> numbers_of(Digest digest) {
  switch (digest) {
    case Digest::sha1:
      return DigestNumbers{CKM_SHA_1, CKM_SHA1_RSA_PKCS, CKM_SHA1_RSA_PKCS_PSS, CKM_ECDSA_SHA1,
                           CKG_MGF1_SHA1};
    case Digest::sha256:
      return DigestNumbers{CKM_SHA256, CKM_SHA256_RSA_PKCS, CKM_SHA256_RSA_PKCS_PSS,
                           CKM_ECDSA_SHA256, CKG_MGF1_SHA256};
    case Digest::sha384:
      return DigestNumbers{CKM_SHA384, CKM_SHA384_RSA_PKCS, CKM_SHA384_RSA_PKCS_PSS,
                           CKM_ECDSA_SHA384, CKG_MGF1_SHA384};
    case Digest::sha512:
      return DigestNumbers{CKM_SHA512, CKM_SHA512_RSA_PKCS, CKM_SHA512_RSA_PKCS_PSS,
                           CKM_ECDSA_SHA512, CKG_MGF1_SHA512};
    case Digest::md5:
      break;
  }
  return std::nullopt;
}

/// One way to have a signature made: a mechanism and the bytes it takes.
struct Attempt {
  CK_MECHANISM_TYPE mechanism = 0;
  Bytes owned;      ///< What the token is given, or
  BytesView whole;  ///< the message itself, which the token digests.
  BytesView input() const { return owned.empty() ? whole : BytesView(owned); }
};

/// RFC 8017, 9.2: DigestInfo.
Bytes digest_info(Digest digest, const Bytes& digested) {
  const Bytes algorithm = der::sequence({der::oid(oid_of(digest)), der::null()});
  return der::sequence({algorithm, der::octet_string(digested)});
}

/// FIPS 186-4, 6.4: the leftmost bits of a digest that is longer than the curve. Tokens differ in
/// whether they do this.
Bytes shortened(Bytes digested, Curve curve) {
  digested.resize(std::min(digested.size(), facts_of(curve).octets));
  return digested;
}

/// The digest made here comes first: a token that signs at all signs that, and a large message does
/// not have to go through it. Some tokens, and those in FIPS mode, insist on digesting themselves.
std::vector<Attempt> attempts_for(const SignatureAlgorithm& algorithm, const PublicKey& key,
                                  BytesView message) {
  const DigestNumbers numbers = *numbers_of(algorithm.digest);
  Bytes digested = hash(algorithm.digest, message);
  switch (algorithm.scheme) {
    case Scheme::rsa_pkcs1:
      return {{CKM_RSA_PKCS, digest_info(algorithm.digest, digested), {}},
              {numbers.rsa_pkcs, {}, message}};
    case Scheme::rsa_pss:
      return {{CKM_RSA_PKCS_PSS, std::move(digested), {}}, {numbers.rsa_pss, {}, message}};
    case Scheme::ecdsa:
      return {{CKM_ECDSA, shortened(std::move(digested), *key.curve()), {}},
              {numbers.ecdsa, {}, message}};
    case Scheme::ed25519:
      break;
  }
  return {};
}

/// Tokens give r and s side by side (PKCS#11 2.40, 2.3.1); certificates hold Ecdsa-Sig-Value (RFC
/// 3279, 2.2.3). Nothing for what cannot be two numbers.
std::optional<Bytes> ecdsa_value(BytesView raw) {
  if (raw.empty() || raw.size() % 2 != 0) return std::nullopt;
  const std::size_t half = raw.size() / 2;
  return der::sequence(
      {der::positive_integer(raw.first(half)), der::positive_integer(raw.subspan(half))});
}

class TokenSigner : public Signer {
 public:
  TokenSigner(std::shared_ptr<TokenSession> session, const FoundKey& key)
      : session_(std::move(session)),
        key_(key.handle),
        public_key_(key.public_key),
        what_("cannot sign with '" + printable(key.label) + "'"),
        ask_each_time_(session_->flag(key.handle, CKA_ALWAYS_AUTHENTICATE)) {}

  const PublicKey& public_key() const override { return public_key_; }
  Bytes sign(const SignatureAlgorithm& algorithm, BytesView to_be_signed) override;

 private:
  CK_RV start(const Attempt& attempt, const SignatureAlgorithm& algorithm);
  Bytes finish(const Attempt& attempt);
  Bytes raw_signature(const SignatureAlgorithm& algorithm, BytesView message);

  std::shared_ptr<TokenSession> session_;
  ObjectHandle key_;
  PublicKey public_key_;
  std::string what_;
  bool ask_each_time_;
};

CK_RV TokenSigner::start(const Attempt& attempt, const SignatureAlgorithm& algorithm) {
  const DigestNumbers numbers = *numbers_of(algorithm.digest);
  CK_RSA_PKCS_PSS_PARAMS pss{numbers.digest, numbers.mgf, size_of(algorithm.digest)};
  CK_MECHANISM mechanism{attempt.mechanism, nullptr, 0};
  if (algorithm.scheme == Scheme::rsa_pss) mechanism = {attempt.mechanism, &pss, sizeof pss};
  return session_->functions()->C_SignInit(session_->handle(), &mechanism, key_);
}

Bytes TokenSigner::finish(const Attempt& attempt) {
  if (ask_each_time_) session_->login_for_operation();
  Bytes input = copy(attempt.input());
  Bytes signature(2 * static_cast<std::size_t>(public_key_.bits()) / 8 + 16);
  CK_ULONG length = signature.size();
  const CK_RV rv = session_->functions()->C_Sign(session_->handle(), input.data(), input.size(),
                                                 signature.data(), &length);
  if (rv != CKR_OK) throw session_->failed(what_, "C_Sign", rv);
  signature.resize(std::min<std::size_t>(length, signature.size()));
  return signature;
}

Bytes TokenSigner::raw_signature(const SignatureAlgorithm& algorithm, BytesView message) {
  CK_RV rv = CKR_MECHANISM_INVALID;
  for (const Attempt& attempt : attempts_for(algorithm, public_key_, message)) {
    rv = start(attempt, algorithm);
    if (rv == CKR_OK) return finish(attempt);
    if (rv != CKR_MECHANISM_INVALID && rv != CKR_MECHANISM_PARAM_INVALID) break;
  }
  throw session_->failed(what_, "C_SignInit", rv);
}

Bytes TokenSigner::sign(const SignatureAlgorithm& algorithm, BytesView to_be_signed) {
  if (!fits(algorithm.scheme, public_key_.type()) || !numbers_of(algorithm.digest))
    throw Error(Error::Kind::crypto, "a key " + public_key_.description() +
                                         " on a token cannot make signatures " +
                                         to_text(algorithm));
  Bytes signature;
  {
    const std::lock_guard lock(session_->mutex);
    session_->login();
    signature = raw_signature(algorithm, to_be_signed);
  }
  if (algorithm.scheme == Scheme::ecdsa) signature = ecdsa_value(signature).value_or(Bytes{});
  if (!public_key_.verify(algorithm, to_be_signed, signature))
    throw Error(Error::Kind::crypto,
                session_->name() + " " + what_ + ": what it made does not fit the public key",
                "the public key or certificate beside the key, with the same id, is another's");
  return signature;
}

}  // namespace

std::unique_ptr<Signer> token_signer(std::shared_ptr<TokenSession> session, const FoundKey& key) {
  return std::make_unique<TokenSigner>(std::move(session), key);
}

}  // namespace sealwright::ossl
