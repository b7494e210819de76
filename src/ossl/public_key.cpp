#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <mutex>

#include "base/error.h"
#include "ossl/curve.h"
#include "ossl/der.h"
#include "ossl/digest_handle.h"
#include "ossl/failure.h"
#include "ossl/handle.h"
#include "ossl/key_parts.h"
#include "ossl/library.h"
#include "ossl/oids.h"

namespace sealwright::ossl {

struct PublicKey::Data {
  Bytes spki;
  KeyType type = KeyType::other;
  int bits = 0;
  std::optional<Curve> curve;
  std::string algorithm;        ///< Dotted.
  BytesView key;                ///< These three point into spki.
  BytesView modulus, exponent;  ///< RSA only, as the INTEGERs have them.
  mutable std::once_flag made;
  mutable KeyHandle handle;  ///< Null before first use, and where OpenSSL refuses the key.
};

namespace {

constexpr int min_rsa_bits = 512, max_rsa_bits = 16384;
constexpr std::string_view spki_name = "public key";
constexpr std::size_t ed25519_octets = 32;

[[noreturn]] void malformed(const std::string& reason) {
  throw Error(Error::Kind::input, fmt::format("{} is malformed ({})", spki_name, reason));
}

BytesView magnitude(BytesView positive) {
  return !positive.empty() && positive[0] == 0 ? positive.subspan(1) : positive;
}

int bit_length(BytesView number) {
  int bits = static_cast<int>(number.size()) * 8;
  for (int bit = 7; bit >= 0 && !(number[0] >> bit & 1); --bit) --bits;
  return bits;
}

/// RSAPublicKey (RFC 8017, A.1.1).
struct RsaNumbers {
  BytesView modulus, exponent;
};
RsaNumbers read_rsa(BytesView key) {
  der::Reader outer(key, "RSA public key");
  der::Reader reader = outer.enter(der::sequence_tag);
  outer.end();
  const BytesView modulus = reader.integer_content();
  const BytesView exponent = reader.integer_content();
  reader.end();
  if (modulus[0] >= 0x80 || exponent[0] >= 0x80) malformed("negative number");
  return {magnitude(modulus), magnitude(exponent)};
}

int checked_rsa_bits(BytesView modulus) {
  if (modulus.size() > max_rsa_bits / 8 || modulus.size() < min_rsa_bits / 8 ||
      bit_length(modulus) < min_rsa_bits)
    throw Error(Error::Kind::input,
                fmt::format("RSA keys of {} bits are not supported",
                            modulus.empty() ? 0 : bit_length(modulus)),
                fmt::format("{} to {} bits", min_rsa_bits, max_rsa_bits));
  return bit_length(modulus);
}

/// An exponent that is even, 1, or so long that it is only there to cost time, verifies nothing.
bool usable_exponent(BytesView exponent) {
  return !exponent.empty() && exponent.size() <= 8 && (exponent.back() & 1) &&
         bit_length(exponent) > 1;
}

/// The curve, if the key is an uncompressed point on one we know (RFC 5480, 2.1.1 and 2.2).
std::optional<Curve> read_ec(der::Reader parameters, BytesView key) {
  if (!parameters.next_is(der::oid_tag)) return std::nullopt;
  const auto curve = curve_by_oid(parameters.oid());
  parameters.end();
  if (!curve || key.empty() || key[0] != 0x04) return std::nullopt;
  if (key.size() != 1 + 2 * facts_of(*curve).octets) malformed("EC point of the wrong length");
  return curve;
}

KeyHandle make_key(const PublicKey& key, BytesView modulus, BytesView exponent) {
  start_library();
  switch (key.type()) {
    case KeyType::rsa:
      return usable_exponent(exponent) ? rsa_public_key(modulus, exponent) : nullptr;
    case KeyType::ec:
      return ec_public_key(*key.curve(), key.subject_public_key());
    case KeyType::ed25519:
      return ed25519_public_key(key.subject_public_key());
    case KeyType::other:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

PublicKey::PublicKey() {
  static const auto empty = std::make_shared<const Data>();
  data_ = empty;
}

PublicKey PublicKey::from_spki(BytesView spki) {
  auto data = std::make_shared<Data>();
  data->spki = copy(spki);
  der::Reader outer(data->spki, std::string(spki_name));
  der::Reader reader = outer.enter(der::sequence_tag);
  outer.end();
  der::Reader algorithm = reader.enter(der::sequence_tag);
  data->algorithm = algorithm.oid().text();
  data->key = reader.bit_string();
  reader.end();
  if (data->algorithm == oids::rsa_encryption) {
    const RsaNumbers numbers = read_rsa(data->key);
    data->bits = checked_rsa_bits(numbers.modulus);
    data->modulus = numbers.modulus;
    data->exponent = numbers.exponent;
    data->type = KeyType::rsa;
  } else if (data->algorithm == oids::ec_public_key) {
    data->curve = read_ec(algorithm, data->key);
    if (data->curve) {
      data->type = KeyType::ec;
      data->bits = facts_of(*data->curve).bits;
    }
  } else if (data->algorithm == oids::ed25519) {
    if (data->key.size() != ed25519_octets) malformed("Ed25519 key of the wrong length");
    data->type = KeyType::ed25519;
    data->bits = 256;
  }
  PublicKey key;
  key.data_ = std::move(data);
  return key;
}

const Bytes& PublicKey::spki() const { return data_->spki; }
KeyType PublicKey::type() const { return data_->type; }
int PublicKey::bits() const { return data_->bits; }
std::optional<Curve> PublicKey::curve() const { return data_->curve; }
BytesView PublicKey::subject_public_key() const { return data_->key; }

std::string to_text(const KeySpec& spec) {
  switch (spec.type) {
    case KeyType::rsa:
      return fmt::format("RSA-{}", spec.bits);
    case KeyType::ec:
      return fmt::format("ECDSA {}", facts_of(spec.curve).name);
    case KeyType::ed25519:
      return "Ed25519";
    case KeyType::other:
      break;
  }
  return {};
}

std::string PublicKey::description() const {
  if (type() == KeyType::other) return data_->algorithm;
  return to_text(KeySpec{type(), bits(), curve().value_or(Curve::p256)});
}

KeyId PublicKey::id() const {
  KeyId id;
  const Bytes digest = hash(Digest::sha256, spki());
  std::copy(digest.begin(), digest.end(), id.value.begin());
  return id;
}

Bytes PublicKey::key_identifier() const { return hash(Digest::sha1, subject_public_key()); }

SignatureAlgorithm PublicKey::algorithm(Digest digest) const {
  switch (type()) {
    case KeyType::rsa:
      return {Scheme::rsa_pkcs1, digest};
    case KeyType::ec:
      return {Scheme::ecdsa, digest};
    case KeyType::ed25519:
      return {Scheme::ed25519, Digest::sha512};
    case KeyType::other:
      break;
  }
  throw Error(Error::Kind::crypto,
              fmt::format("keys of algorithm '{}' are not supported", description()));
}

evp_pkey_st* PublicKey::handle() const {
  std::call_once(data_->made,
                 [this] { data_->handle = make_key(*this, data_->modulus, data_->exponent); });
  return data_->handle.get();
}

bool PublicKey::verify(const SignatureAlgorithm& algorithm, BytesView message,
                       BytesView signature) const {
  if (!fits(algorithm.scheme, type())) return false;
  bool valid = false;
  if (EVP_PKEY* key = handle()) {
    const Ptr<EVP_MD_CTX> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr;  // Owned by context.
    const EVP_MD* md = algorithm.scheme == Scheme::ed25519 ? nullptr : fetched(algorithm.digest);
    valid = context && EVP_DigestVerifyInit(context.get(), &parameters, md, nullptr, key) == 1 &&
            set_scheme(parameters, algorithm) &&
            EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                             message.size()) == 1;
  }
  ERR_clear_error();
  return valid;
}

bool PublicKey::verify_bare_digest(Digest digest, BytesView message, BytesView signature) const {
  if (type() != KeyType::rsa || !handle()) return false;
  const Bytes digested = hash(digest, message);
  const Ptr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, handle(), nullptr));
  const bool valid = context && EVP_PKEY_verify_init(context.get()) == 1 &&
                     EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                     EVP_PKEY_verify(context.get(), signature.data(), signature.size(),
                                     digested.data(), digested.size()) == 1;
  ERR_clear_error();
  return valid;
}

}  // namespace sealwright::ossl
